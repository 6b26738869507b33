"""Folders and the items in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from .problem import Problem

FolderPath = tuple[str, ...]
"""A folder's name from the top, decoded, one part per level; INBOX is ("INBOX",)."""

Fingerprint = bytes
"""16 bytes over the headers that identify a mail; see `endpoints.convert.mail`."""

ContentHash = bytes
"""16 bytes over the body, line ends aside; see `endpoints.convert.mail`."""


class ItemKind(StrEnum):
    """What an item is. A folder holds items of one kind."""

    MAIL = "mail"
    CONTACTS = "contacts"
    EVENTS = "events"
    TASKS = "tasks"


class FolderRole(StrEnum):
    """Special uses of RFC 6154, the inbox, and the usual folders of what is no mail."""

    INBOX = "inbox"
    SENT = "sent"
    DRAFTS = "drafts"
    JUNK = "junk"
    TRASH = "trash"
    ARCHIVE = "archive"
    ALL = "all"
    FLAGGED = "flagged"
    IMPORTANT = "important"
    CONTACTS = "contacts"
    CALENDAR = "calendar"
    TASKS = "tasks"


class Holds(StrEnum):
    """Whose mail a folder shows.

    OWN: its own. LABEL: mail that other folders may show as well, told apart by
    `ItemRef.object_id`. REST: what no other folder shows, and it is listed without the others.
    VIEW: nothing but mail of other folders. CHATS: what is no mail.
    """

    OWN = "own"
    LABEL = "label"
    REST = "rest"
    VIEW = "view"
    CHATS = "chats"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as an endpoint lists it.

    `key` is the endpoint's own address for it (for IMAP the name as received, latin-1 decoded).
    `count` and `size` are messages and bytes, None where the server does not tell.
    `validity` is IMAP's UIDVALIDITY or its like; `next_key` the number the next item will get.
    `shows` counts the mail of the whole account, in the folder that holds the rest of it.
    `remarks` is what the person should know of it before it is copied. Where keys do not last
    (POP3), an item that seems new is compared with those whose keys are gone.
    """

    path: FolderPath
    key: str
    role: FolderRole | None = None
    count: int | None = None
    size: int | None = None
    validity: int | None = None
    next_key: int | None = None
    selectable: bool = True
    subscribed: bool = False
    personal: bool = True
    holds: Holds = Holds.OWN
    shows: int | None = None
    remarks: tuple[Problem, ...] = ()
    keys_last: bool = True
    kind: ItemKind = ItemKind.MAIL

    @property
    def name(self) -> str:
        return "/".join(self.path)


@dataclass(frozen=True, slots=True)
class ItemRef:
    """One item of a source folder, before it is read. `key` is stable within the folder's validity.

    `flags` and `received` are None where the listing does not bring them. `object_id` is the same
    in every folder that shows the item, None where an item has one place only. `version` changes
    whenever the item is edited; None for mail, which nobody edits.
    """

    folder_key: str
    key: str
    size: int | None = None
    received: datetime | None = None
    flags: frozenset[str] | None = None
    object_id: str | None = None
    version: str | None = None


class Payload(Protocol):
    """The bytes of an item, in memory or in an unlinked temporary file."""

    @property
    def size(self) -> int: ...

    def pieces(self, at_most: int = 1 << 20) -> Iterator[bytes]:
        """The bytes from the start, in pieces of at most `at_most`."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class ItemLabel:
    """What a person recognises a mail by; kept only for items that failed."""

    date: str = ""
    sender: str = ""
    subject: str = ""


NAMELESS = ItemLabel()
"""Of an item whose headers nobody read."""


@dataclass(frozen=True, slots=True)
class Item:
    """An item as read. `payload` is, for mail, the RFC 5322 message byte for byte; for a contact a
    vCard (RFC 6350); for an event or a task a VCALENDAR of one UID (RFC 5545).

    `received` keeps its zone. `flags` holds system flags and keywords as the server wrote them.
    `repairs` says what was changed since it was read, after a refusal; `original` are the bytes as
    they were read, None while nothing was changed. `ends_connections`: it did not arrive, and the
    connection was lost each time it was sent, at last alone. `remarks` is what the source could not
    give of it, or not as it was.
    """

    ref: ItemRef
    payload: Payload
    fingerprint: Fingerprint
    content: ContentHash
    flags: frozenset[str] = frozenset()
    received: datetime | None = None
    kind: ItemKind = ItemKind.MAIL
    repairs: tuple[Problem, ...] = ()
    label: ItemLabel = NAMELESS
    original: Payload | None = None
    ends_connections: bool = False
    remarks: tuple[Problem, ...] = ()
