"""The two ports between the engine and the protocols.

Glossary: a *key* is the address an endpoint gives an item (for IMAP the UID as text); a *position*
is what a destination folder says of itself, enough to see whether anything was added; *fidelity* is
how exactly a destination gives back what was stored.

Rules for every adapter: one connection, one owner thread at a time; no retry inside; no sentence;
only `OmmError` is raised; nothing at the source is ever changed (IMAP: EXAMINE and BODY.PEEK;
POP3: neither DELE nor QUIT after reading).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from .account import Account
from .items import (
    NAMELESS,
    ContentHash,
    Fingerprint,
    Folder,
    FolderPath,
    FolderRole,
    Item,
    ItemKind,
    ItemLabel,
    ItemRef,
)
from .problem import Problem
from .reading import Reading
from .secret import Secret
from .settings import InboxRule, OutOfOffice, RuleList


@dataclass(frozen=True, slots=True)
class Position:
    """A destination folder at one instant: its validity, how many items, the next key.

    Two equal positions mean that nothing was added in between. `next_key` is None where the
    endpoint numbers nothing.
    """

    validity: int | None
    count: int
    next_key: int | None


class Fidelity(StrEnum):
    """What a destination gives back of what was stored.

    MARKED: bodies and headers are rebuilt, and every item of ours carries what identifies it.
    """

    UNKNOWN = "unknown"
    EXACT = "exact"
    BODY = "body"
    REBUILT = "rebuilt"
    MARKED = "marked"


@dataclass(frozen=True, slots=True)
class Seen:
    """An item found in a destination folder; `content` where its mark tells it (MARKED)."""

    key: str
    fingerprint: Fingerprint
    size: int | None
    received: datetime | None
    content: ContentHash | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """An item the destination acknowledged. `key` when the server told it (RFC 4315).

    `adapted` says what had to be left out of flags and date, only after the server refused them.
    """

    ref: ItemRef
    key: str | None = None
    validity: int | None = None
    adapted: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """An item that the source could not give or the destination did not take."""

    ref: ItemRef
    problem: Problem
    label: ItemLabel = NAMELESS


@dataclass(frozen=True, slots=True)
class Repaired:
    """The original was refused and nothing was stored; `item` is what may be stored instead.

    Its bytes, hashes and `repairs` are new. The caller writes a new intent before it stores it, so
    that a lost answer can be recognised.
    """

    ref: ItemRef
    item: Item


_ROOM_TO_SPARE = 1.03


@dataclass(frozen=True, slots=True)
class Space:
    """Room in a mailbox: bytes and items used and allowed; None where the server does not tell."""

    used_bytes: int | None = None
    limit_bytes: int | None = None
    used_items: int | None = None
    limit_items: int | None = None

    @property
    def free_bytes(self) -> int | None:
        if self.limit_bytes is None:
            return None
        return max(0, self.limit_bytes - (self.used_bytes or 0))

    def hardly_holds(self, needed: int) -> bool:
        """Whether so many bytes fit, but only just: a server may count a little more than we do."""
        free = self.free_bytes
        return free is not None and needed <= free < needed * _ROOM_TO_SPARE


@dataclass(frozen=True, slots=True)
class Limits:
    """What one `store` may hold, and how many connections make sense.

    `batch_items` and `batch_bytes` bound one batch; `largest_item` in bytes, None when unknown.
    `marks`: items carry what identifies them, until one of them proves otherwise. `kinds` are those
    of items it takes.
    """

    batch_items: int = 200
    batch_bytes: int = 8 << 20
    connections: int = 4
    largest_item: int | None = None
    marks: bool = False
    kinds: frozenset[ItemKind] = frozenset({ItemKind.MAIL})


@dataclass(frozen=True, slots=True)
class FolderWish:
    """A destination folder that should exist."""

    path: FolderPath
    role: FolderRole | None = None
    subscribe: bool = True
    kind: ItemKind = ItemKind.MAIL


class Endpoint(Protocol):
    """What both ports share."""

    def folders(self) -> list[Folder]:
        """All folders, with counts and sizes where the server tells them in few round trips."""
        ...

    def idle(self) -> None:
        """Keep the connection alive while nothing else is asked of it."""
        ...

    def close(self) -> None:
        """End the session. Owner thread only. Never raises."""
        ...

    def abort(self) -> None:
        """Unblock the owner thread at once. Any thread; never blocks, never raises."""
        ...


class Source(Endpoint, Protocol):
    """A place items are read from."""

    @property
    def parallel(self) -> int:
        """Most connections that make sense."""
        ...

    def refs(self, folder: Folder, since: date | None) -> Iterator[list[ItemRef]]:
        """Every item of the folder, newest window first, in windows of a few thousand.

        The listing is compared with the count the server announced; raises `ItemError`
        (FOLDER_UNREADABLE) when it stays short. `since` is that of `Selection`: it leaves out mail
        received earlier and events that are over before that day, and nothing of other kinds.
        """
        ...

    def fetch(self, folder: Folder, refs: Sequence[ItemRef]) -> Iterator[Item | Refused]:
        """The items themselves, one answer for each ref, in any order."""
        ...


class Destination(Endpoint, Protocol):
    """A place items are added to."""

    @property
    def limits(self) -> Limits: ...

    def space(self) -> Space: ...

    def keeps_keywords(self) -> bool | None:
        """Whether items keep flags of one's own naming; None when the server does not tell."""
        ...

    def delimiter_free(self, path: FolderPath) -> FolderPath:
        """The same path with every part made acceptable to this server."""
        ...

    def ensure_folders(self, wishes: Sequence[FolderWish]) -> list[Folder | Problem]:
        """Create and subscribe what is missing, in one flight; one answer for each wish."""
        ...

    def position(self, folder_key: str) -> Position: ...

    def existing(self, folder_key: str, from_key: int | None) -> Iterator[list[Seen]]:
        """Items already there, with `key` at least `from_key` (None: all), in windows."""
        ...

    def contents(self, folder_key: str, keys: Sequence[str]) -> Iterator[tuple[str, ContentHash]]:
        """Content hashes of items already there.

        A key that is gone has no answer, nor has one whose content says nothing (MARKED).
        """
        ...

    def keys(self, folder_key: str) -> Iterator[list[str]]:
        """Keys of all items there, in windows."""
        ...

    def store(
        self, folder_key: str, items: Sequence[Item]
    ) -> Iterator[Stored | Repaired | Refused]:
        """Add the items; one answer for each, in any order.

        The next step of the repair ladder for an item follows from its `repairs`.

        Raises `TryAgain` when the outcome of the items not yet answered for is unknown, and
        `OwnerNeeded` (MAILBOX_FULL) when none of them was stored.
        """
        ...

    def fidelity(self, folder_key: str, key: str, item: Item) -> Fidelity:
        """Read one stored item back and compare it with what was sent."""
        ...


class UpdatingDestination(Destination, Protocol):
    """A destination of contacts, events or tasks."""

    def update(self, folder_key: str, key: str, item: Item) -> Stored | Refused:
        """Make an item of ours what it is at the source now; only when the person asked for it.

        Raises as `store`. What is not ours any more, or was changed or removed there since, is
        `Refused` (ITEM_CHANGED_THERE), and left as it is.
        """
        ...


@runtime_checkable
class TellsReading(Protocol):
    """An end that reads whole files before it answers, and tells meanwhile how far it has come."""

    def tell_reading(self, tell: Callable[[Reading], None]) -> None:
        """From now on `tell` is called several times a second; what it raises ends the reading."""
        ...


@runtime_checkable
class SettingsSource(Protocol):
    """A source that tells the settings of its mailbox.

    Raises `ItemError` (SETTING_UNREADABLE) for what it does not tell.
    """

    def rules(self) -> RuleList: ...

    def out_of_office(self) -> OutOfOffice: ...


@runtime_checkable
class SettingsDestination(SettingsSource, Protocol):
    """A destination whose settings can be added to.

    Raises `ItemError` (SETTING_REFUSED) for what it does not take, and as `Destination.store`.
    """

    def add_rule(self, rule: InboxRule) -> None:
        """Add it behind those that are there, which stay as they are; on if `arrives_enabled`.

        Its folders are keys of this mailbox.
        """
        ...

    def keep_out_of_office(self, reply: OutOfOffice) -> None:
        """Set its texts, switched off; the caller knows that there are none to be replaced."""
        ...


OpenSource = Callable[[Account, Secret], Source]
OpenDestination = Callable[[Account, Secret], Destination]
