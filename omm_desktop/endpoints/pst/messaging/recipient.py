"""The people a message is from or for ([MS-PST] 2.4.5.3, [MS-OXOMSG] 2.2.3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from .properties import Properties
from .tags import Tag

_SUBMITTED_AGAIN = 0x10000000
_ORGANIZER = 0x2


class RecipientKind(IntEnum):
    """The lowest bits of PidTagRecipientType; the originator is an organizer's own row."""

    ORIGINATOR = 0
    TO = 1
    CC = 2
    BCC = 3


@dataclass(frozen=True, slots=True)
class Person:
    """A display name and an Internet address, either of them possibly empty.

    `internal` is an address within an organisation (X.500) where the file has that one.
    """

    name: str
    address: str
    internal: str = field(default="", compare=False)


_KINDS = frozenset(RecipientKind)

NOBODY = Person("", "")


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person, and in which way the message is for them.

    Of a meeting, `response` is what they answered (PidTagRecipientTrackStatus).
    """

    person: Person
    kind: RecipientKind
    is_organizer: bool = False
    response: int = 0


class Named(NamedTuple):
    """The properties that name a person: display name, addresses, and the kind of the second."""

    name: Tag
    smtp: Tag
    kind: Tag
    address: Tag


_OF_A_ROW = Named(Tag.DISPLAY_NAME, Tag.SMTP_ADDRESS, Tag.ADDRESS_TYPE, Tag.EMAIL_ADDRESS)


def recipient(row: Properties) -> Recipient:
    """One row of the recipient table."""
    number = (row.integer(Tag.RECIPIENT_TYPE) or RecipientKind.TO) & ~_SUBMITTED_AGAIN
    known = number in _KINDS
    return Recipient(
        person(row, _OF_A_ROW),
        RecipientKind(number) if known else RecipientKind.TO,
        bool((row.integer(Tag.RECIPIENT_FLAGS) or 0) & _ORGANIZER),
        row.integer(Tag.RECIPIENT_TRACK_STATUS) or 0,
    )


def person(holder: Properties, told_by: Named) -> Person:
    """A person by four properties: an X.500 name is never taken for an address."""
    display = (holder.text(told_by.name) or "").strip()
    found = (holder.text(told_by.smtp) or "").strip()
    told = (holder.text(told_by.address) or "").strip()
    if not found and (holder.text(told_by.kind) or "SMTP").upper() == "SMTP":
        found = told
    if not found and _is_internet_address(display.strip("'<>")):
        found = display.strip("'<>")
    if not found.isascii():
        # Only RFC 6531 has such addresses, and few servers do.
        display, found = display or found, ""
    internal = told if told.startswith("/") else ""
    return Person(display, found if _is_internet_address(found) else "", internal)


def _is_internet_address(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    return bool(local and at and domain) and not set(text) & set('\r\n\0<> /="')
