"""Messages of Apple Mail (EMLX): the length, the message, a property list.

There is no published specification: what is read here is the length, in decimal digits on a line of
its own, and of the list the numbers "flags" and "date-received". An ".partial.emlx", from which
Apple Mail took the attachments away, is read as it is.
"""

from __future__ import annotations

import plistlib
import re
from datetime import UTC, datetime
from xml.parsers.expat import ExpatError

from ...model.problem import Place, Problem, ProblemId
from ..convert.payload import payload_of
from .content import Content
from .mail_item import Letter

_LENGTH = re.compile(rb"[ \t]*(\d{1,12})[ \t]*\r?\n")
_LONGEST_LIST = 1 << 20
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


def read_emlx(content: Content) -> Letter:
    """The message within the file; of one that was cut short what is left of it, which is told."""
    found = _LENGTH.match(content.read(0, 32))
    start = found.end() if found else 0
    told_end = start + int(found[1]) if found else content.size
    end = min(told_end, content.size)
    payload = payload_of(end - start, content.between(start, end))
    told = _told(content.read(end, min(content.size, end + _LONGEST_LIST)))
    bits, received = told.get("flags"), told.get("date-received")
    flags = [flag for bit, flag in _FLAGS.items() if isinstance(bits, int) and bits >> bit & 1]
    missing = f"{told_end - end} bytes are missing"
    remarks = (Problem(ProblemId.ITEM_PARTLY_READ, Place.SOURCE, missing),)
    return Letter(
        payload,
        frozenset(flags),
        _moment(received),
        remarks=remarks if end < told_end else (),
    )


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
