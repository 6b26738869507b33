"""Messages of Apple Mail (EMLX): the length, the message, a property list.

There is no published specification: what is read here is the length, in decimal digits on a line of
its own, and of the list the numbers "flags" and "date-received". A ".partial.emlx", from which
Apple Mail took the attachments away, gets them back; those that are not there are told.
"""

from __future__ import annotations

import plistlib
import re
from datetime import UTC, datetime
from pathlib import Path
from xml.parsers.expat import ExpatError

from ...model.items import Payload
from ...model.problem import Place, Problem, ProblemId
from ..convert.payload import IN_MEMORY, gathered, payload_of
from .apple_attachments import Attachments
from .content import Content
from .mail_item import Letter

_LENGTH = re.compile(rb"[ \t]*(\d{1,12})[ \t]*\r?\n")
_LONGEST_LIST = 1 << 20
_PARTIAL = "partial.emlx"
_FLAGS = {
    0: "\\Seen",
    1: "\\Deleted",
    2: "\\Answered",
    4: "\\Flagged",
    6: "\\Draft",
    8: "$Forwarded",
}


def is_emlx(beginning: bytes, size: int) -> bool:
    """Whether a file begins with the length of a message that fits into it."""
    found = _LENGTH.match(beginning)
    return found is not None and 0 < int(found[1]) <= size - found.end()


def read_emlx(content: Content, attachments: Path | None = None) -> Letter:
    """The message within the file; of one that was cut short what is left of it, which is told.

    `attachments` is the folder of what Apple Mail took away from messages beside this one.
    """
    found = _LENGTH.match(content.read(0, 32))
    start = found.end() if found else 0
    told_end = start + int(found[1]) if found else content.size
    end = min(told_end, content.size)
    payload, missing = _payload(content, start, end, attachments)
    told = _told(content.read(end, min(content.size, end + _LONGEST_LIST)))
    bits, received = told.get("flags"), told.get("date-received")
    flags = [flag for bit, flag in _FLAGS.items() if isinstance(bits, int) and bits >> bit & 1]
    if end < told_end:
        missing.append(f"{told_end - end} bytes are missing")
    remarks = (Problem(ProblemId.ITEM_PARTLY_READ, Place.SOURCE, detail) for detail in missing)
    return Letter(payload, frozenset(flags), _moment(received), remarks=tuple(remarks))


def _payload(
    content: Content, start: int, end: int, attachments: Path | None
) -> tuple[Payload, list[str]]:
    """The message, and what it lacks."""
    number, _, rest = content.name.partition(".")
    if rest.lower() != _PARTIAL or end - start > IN_MEMORY:
        return payload_of(end - start, content.between(start, end)), []
    taken = Attachments(attachments and attachments / number, content.brake)
    payload = gathered(taken.put_back(content.read(start, end)))
    return payload, [f"{taken.missing} attachments are missing"] if taken.missing else []


def _told(text: bytes) -> dict[str, object]:
    try:
        told = plistlib.loads(text, fmt=plistlib.FMT_XML)
    except (ValueError, TypeError, AttributeError, LookupError, OverflowError, ExpatError):
        return {}
    return told if isinstance(told, dict) else {}


def _moment(seconds: object) -> datetime | None:
    if not isinstance(seconds, int):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
