"""EWS as a destination: adds, changes nothing but what is ours, and sends nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from ...model.items import ContentHash, Fingerprint, Folder, FolderPath, Item, ItemKind
from ...model.ports import (
    Fidelity,
    FolderWish,
    Limits,
    Position,
    Refused,
    Repaired,
    Seen,
    Space,
    Stored,
)
from ...model.problem import ItemError, Problem, ProblemId
from ..convert import mail
from .folders.creating import FolderMaker, acceptable_path
from .folders.finding import folder_id
from .folders.kinds import ITEM_ELEMENTS
from .groupware.foreign_items import fingerprints_of_others
from .groupware.storing import GroupwareStore
from .groupware.updating import update
from .items.listing import RECEIVED, SIZE, get_items, item_in, key_of, windows
from .items.mark import MARK, Stage, mark_of
from .mail.reading import ask_for_mails
from .mail.storing import MailStore
from .settings.mailbox_settings import AddsSettings
from .transport.batches import BATCH_BYTES, BATCH_ITEMS
from .transport.connection import Connection
from .transport.elements import Element, M, Property, Wanted, children, local, make, shape, text_of
from .transport.timestamps import instant

CONNECTIONS = 4
_HEADERS = Property("String", 0x007D)
_MARKS_AT_ONCE = 200
_HEADERS_AT_ONCE = 50
_MAILS_AT_ONCE = 10


class EwsDestination(AddsSettings):
    """An `UpdatingDestination` over one session."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._folders = FolderMaker(connection)
        self._mail = MailStore(connection)
        self._groupware = GroupwareStore(connection)

    # -- the session ---------------------------------------------------------------------

    def idle(self) -> None:
        """HTTP has nothing to keep alive."""

    def close(self) -> None:
        self._groupware.close()
        self._connection.close()

    def abort(self) -> None:
        self._connection.abort()

    @property
    def limits(self) -> Limits:
        kinds = frozenset(ItemKind)
        return Limits(BATCH_ITEMS, BATCH_BYTES, CONNECTIONS, marks=True, kinds=kinds)

    def space(self) -> Space:
        """Nothing: EWS does not tell the quota of a mailbox."""
        return Space()

    def keeps_keywords(self) -> bool | None:
        """As categories."""
        return True

    # -- folders -------------------------------------------------------------------------

    def folders(self) -> list[Folder]:
        return self._folders.look().folders

    def delimiter_free(self, path: FolderPath) -> FolderPath:
        return acceptable_path(path, self._folders.known.closed)

    def ensure_folders(self, wishes: Sequence[FolderWish]) -> list[Folder | Problem]:
        return self._folders.ensure(wishes)

    def position(self, folder_key: str) -> Position:
        request = make(
            "m:GetFolder",
            shape("m:FolderShape", "folder:TotalCount"),
            make("m:FolderIds", folder_id(folder_key)),
        )
        message = self._connection.only(request, ProblemId.FOLDER_UNREADABLE)
        folder = next(children(message.find(f"{M}Folders")), None)
        told = "" if folder is None else text_of(folder, "TotalCount")
        count = int(told) if told.isdecimal() else 0
        # None at all would mean that nothing has to be looked for: not every server counts.
        return Position(None, count or sum(map(len, self.keys(folder_key))), None)

    # -- what is there -------------------------------------------------------------------

    def existing(self, folder_key: str, from_key: int | None) -> Iterator[list[Seen]]:
        """All of it: items of Exchange have no numbers. What is unfinished is not there yet."""
        for window in windows(self._connection, folder_key, (MARK, RECEIVED, SIZE)):
            foreign = [item for item in window if mark_of(item) is None]
            mails = [key_of(item) for item in foreign if local(item) not in ITEM_ELEMENTS]
            others = self._fingerprints(mails) | fingerprints_of_others(self._connection, foreign)
            yield [seen for item in window if (seen := _seen(item, others)) is not None]

    def _fingerprints(self, keys: Sequence[str]) -> dict[str, Fingerprint]:
        """Of mail that others put there: by the header it came with, else by the one rebuilt."""
        found: dict[str, Fingerprint] = {}
        with suppress(ItemError):
            # From a server that has no such property, they are read from the mails.
            for item in self._items(keys, _HEADERS_AT_ONCE, _HEADERS):
                header = (_HEADERS.read(item) or "").encode(errors="replace")
                if header.strip():
                    found[key_of(item)] = mail.fingerprint(header)
        rest = [key for key in keys if key not in found]
        for start in range(0, len(rest), _MAILS_AT_ONCE):
            for answer in ask_for_mails(self._connection, rest[start : start + _MAILS_AT_ONCE]):
                if answer.item is not None and answer.body is not None:
                    found[key_of(answer.item)] = mail.fingerprint(mail.header_of(answer.body))
        return found

    def _items(self, keys: Sequence[str], at_once: int, *wanted: Wanted) -> Iterator[Element]:
        """Those of the items that are still there."""
        for start in range(0, len(keys), at_once):
            reply = self._connection.ask(get_items(keys[start : start + at_once], *wanted))
            for message in reply.messages:
                item = item_in(message) if self._connection.fault_of(message) is None else None
                if item is not None:
                    yield item

    def contents(self, folder_key: str, keys: Sequence[str]) -> Iterator[tuple[str, ContentHash]]:
        """By their marks: the bodies Exchange gives back are its own."""
        for item in self._items(keys, _MARKS_AT_ONCE, MARK):
            mark = mark_of(item)
            if mark is not None and mark.stage is Stage.DONE:
                yield key_of(item), mark.content

    def keys(self, folder_key: str) -> Iterator[list[str]]:
        for window in windows(self._connection, folder_key, ()):
            yield [key_of(item) for item in window]

    # -- adding --------------------------------------------------------------------------

    def store(
        self, folder_key: str, items: Sequence[Item]
    ) -> Iterator[Stored | Repaired | Refused]:
        mails = [item for item in items if item.kind is ItemKind.MAIL]
        if mails:
            yield from self._mail.store(folder_key, mails)
        if len(mails) < len(items):
            others = [item for item in items if item.kind is not ItemKind.MAIL]
            yield from self._groupware.store(folder_key, others)

    def update(self, folder_key: str, key: str, item: Item) -> Stored | Refused:
        return update(self._connection, self._groupware, folder_key, key, item)

    def fidelity(self, folder_key: str, key: str, item: Item) -> Fidelity:
        try:
            there = next(self._items([key], 1, MARK), None)
        except ItemError:
            return Fidelity.REBUILT
        if there is None:
            return Fidelity.UNKNOWN
        mark = mark_of(there)
        is_kept = mark is not None and mark.is_of(item)
        return Fidelity.MARKED if is_kept else Fidelity.REBUILT


def _seen(item: Element, others: dict[str, Fingerprint]) -> Seen | None:
    """None for what vanished meanwhile, is of no known kind, or no item by itself yet."""
    key, mark = key_of(item), mark_of(item)
    fingerprint = mark.fingerprint if mark else others.get(key)
    if fingerprint is None or (mark is not None and mark.stage is not Stage.DONE):
        return None
    size = text_of(item, "Size")
    received = instant(text_of(item, "DateTimeReceived"))
    return Seen(
        key,
        fingerprint,
        int(size) if size.isdecimal() else None,
        received,
        mark.content if mark else None,
    )
