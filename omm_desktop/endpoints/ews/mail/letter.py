"""A mail as CreateItem takes it: its bytes, and around them what Exchange would not take over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ....model.items import Item
from ....model.problem import Place, Problem, ProblemId
from ...convert import mail
from ...convert.header_fields import lines_of, name_of
from ..items.mark import marked
from ..transport.elements import Element, Property, make
from ..transport.timestamps import written
from .flags import kept

DELIVERY_TIME = Property("SystemTime", 0x0E06)
SUBMIT_TIME = Property("SystemTime", 0x0039)

_IMPORTANCE = {"high": "High", "low": "Low", "normal": "Normal"}
_PRIORITY = {"urgent": "High", "non-urgent": "Low", "normal": "Normal"}
_NUMBERED = {"1": "High", "2": "High", "3": "Normal", "4": "Low", "5": "Low"}
_SENSITIVITY = {
    "personal": "Personal",
    "private": "Private",
    "company-confidential": "Confidential",
}
_READ = frozenset(
    {b"date", b"importance", b"x-msmail-priority", b"priority", b"x-priority", b"sensitivity"}
)
_WORD = re.compile(r"[A-Za-z-]+|\d+")

Header = Mapping[bytes, str]


@dataclass(frozen=True, slots=True)
class Letter:
    """The element for CreateItem, and what of flags and dates has no place in it."""

    element: Element
    dropped: tuple[Problem, ...]


def letter(item: Item, mime: str, place: Place, now: datetime) -> Letter:
    """`mime` stands for the bytes; `now` is the date of a mail that tells none at all."""
    header = _header(item)
    flags = kept(item.flags)
    dropped = []
    if flags.dropped:
        dropped.append(Problem(ProblemId.FLAGS_DROPPED, place, " ".join(flags.dropped)))
    sent = _sent(header)
    received = written(item.received or sent or now)
    if received is None:
        dropped.append(Problem(ProblemId.DATE_DROPPED, place, str(item.received)))
        received = written(now) or ""
    submitted = written(sent) if sent is not None else None
    categories = (make("t:String", text=word) for word in flags.categories)
    # In the order of the schema, which is binding.
    parts = [
        make("t:MimeContent", text=mime, CharacterSet="UTF-8"),
        *_word("t:Sensitivity", _sensitivity(header)),
        *([make("t:Categories", *categories)] if flags.categories else []),
        *_word("t:Importance", _importance(header)),
        DELIVERY_TIME.valued(received),
        *([SUBMIT_TIME.valued(submitted)] if submitted else []),
        *flags.properties,
        marked(item.fingerprint, item.content),
        # An old mail asks for no receipt once more.
        make("t:IsReadReceiptRequested", text="false"),
        make("t:IsDeliveryReceiptRequested", text="false"),
        make("t:IsRead", text="true" if flags.read else "false"),
    ]
    return Letter(make("t:Message", *parts), tuple(dropped))


def _word(name: str, value: str) -> list[Element]:
    return [make(name, text=value)] if value else []


def _header(item: Item) -> Header:
    fields: dict[bytes, str] = {}
    for line in lines_of(mail.header_of(item.payload)):
        name = name_of(line)
        if name in _READ:
            fields.setdefault(name, line.partition(b":")[2].decode("latin-1").strip())
    return fields


def _sent(header: Header) -> datetime | None:
    """The Date field; in UTC where it names no zone."""
    try:
        moment = parsedate_to_datetime(header.get(b"date", ""))
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _importance(header: Header) -> str:
    """By the first field that says it (RFC 2156, and what Outlook and others write)."""
    for name, table in (
        (b"importance", _IMPORTANCE),
        (b"x-msmail-priority", _IMPORTANCE),
        (b"x-priority", _NUMBERED),
        (b"priority", _PRIORITY),
    ):
        found = table.get(_first(header.get(name, "")))
        if found:
            return found
    return ""


def _sensitivity(header: Header) -> str:
    return _SENSITIVITY.get(_first(header.get(b"sensitivity", "")), "")


def _first(value: str) -> str:
    found = _WORD.match(value)
    return found[0].lower() if found else ""
