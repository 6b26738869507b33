"""A folder on the disk as a destination of mail: an mbox, or a folder of EML, for each folder."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from ...model.account import MailFormat
from ...model.items import ContentHash, Folder, FolderPath, Item, ItemKind, Payload
from ...model.ports import (
    Fidelity,
    FolderWish,
    Limits,
    Position,
    Refused,
    Repaired,
    Seen,
    Stored,
)
from ...model.problem import Place, Problem, ProblemId, TryAgain
from ..convert import mail
from . import durable, layout
from .mbox.saved import SavedMbox
from .on_disk import not_made, on_disk
from .saved_eml import SavedFolder
from .saving import Saving

WINDOW = 1000


class SavedBox(Protocol):
    """What mail of one folder is saved in. All raise OSError, and `OmmError` as `Content` does."""

    @property
    def validity(self) -> int: ...

    def close(self) -> None: ...

    def folder(self, path: FolderPath, key: str) -> Folder: ...

    def position(self) -> Position: ...

    def keys(self, from_key: int | None = None) -> list[int]: ...

    def seen(self, key: int) -> Seen: ...

    def payload(self, key: str) -> Payload | None: ...

    def add(self, items: Sequence[Item]) -> list[str]: ...


def _windows(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    return (keys[start : start + WINDOW] for start in range(0, len(keys), WINDOW))


class MailFolder(Saving[SavedBox]):
    """A `Destination` over a folder, below whose "mail" everything is saved; it may be made yet."""

    def __init__(self, top: Path, format: MailFormat = MailFormat.MBOX) -> None:
        super().__init__(top)
        self._format = format
        self._suffix = layout.MBOX if format is MailFormat.MBOX else ""

    @property
    def limits(self) -> Limits:
        return Limits(connections=1)

    def keeps_keywords(self) -> bool:
        return self._format is MailFormat.MBOX

    # -- folders -------------------------------------------------------------------------

    def folders(self) -> list[Folder]:
        with on_disk():
            if self._format is MailFormat.MBOX:
                found = layout.files_below(self._top, layout.MBOX)
            else:
                found = layout.folders_below(self._top)
            keys = {path: layout.key_of(path, self._suffix) for path, _ in found}
            return [self._box(key).folder(path, key) for path, key in keys.items()]

    def _box(self, key: str) -> SavedBox:
        new = SavedMbox if self._format is MailFormat.MBOX else SavedFolder
        place = layout.place_of(self._top, key)
        return self._open.ask(key, lambda: new(place, self._brake))

    def ensure_folders(self, wishes: Sequence[FolderWish]) -> list[Folder | Problem]:
        return [self._ensure(wish) for wish in wishes]

    def _ensure(self, wish: FolderWish) -> Folder | Problem:
        if wish.kind is not ItemKind.MAIL:
            return Problem(ProblemId.KIND_NOT_ACCEPTED, Place.DESTINATION, wish.kind)
        path = layout.acceptable(wish.path)
        key = layout.as_spelt_there(self._top, layout.key_of(path, self._suffix))
        place = layout.place_of(self._top, key)
        try:
            if self._format is MailFormat.MBOX:
                durable.make_folder(place.parent)
                with contextlib.suppress(FileExistsError):
                    durable.make_file(place)
            else:
                durable.make_folder(place)
            return self._box(key).folder(path, key)
        except OSError as error:
            return not_made(error, wish.path)

    def position(self, folder_key: str) -> Position:
        with on_disk():
            return self._box(folder_key).position()

    # -- what is there -------------------------------------------------------------------

    def existing(self, folder_key: str, from_key: int | None) -> Iterator[list[Seen]]:
        with on_disk():
            box = self._box(folder_key)
            for window in _windows(box.keys(from_key)):
                yield [box.seen(key) for key in window]

    def contents(self, folder_key: str, keys: Sequence[str]) -> Iterator[tuple[str, ContentHash]]:
        with on_disk():
            box = self._box(folder_key)
            for key in keys:
                payload = box.payload(key)
                if payload is not None:
                    yield key, mail.content_hash(payload)
                    payload.close()

    def keys(self, folder_key: str) -> Iterator[list[str]]:
        with on_disk():
            for window in _windows(self._box(folder_key).keys()):
                yield [str(key) for key in window]

    def fidelity(self, folder_key: str, key: str, item: Item) -> Fidelity:
        with on_disk():
            payload = self._box(folder_key).payload(key)
        if payload is None:
            return Fidelity.UNKNOWN
        try:
            same = payload.size == item.payload.size and all(
                a == b for a, b in zip(payload.pieces(), item.payload.pieces(), strict=True)
            )
            return Fidelity.EXACT if same else Fidelity.REBUILT
        finally:
            payload.close()

    # -- adding --------------------------------------------------------------------------

    def store(
        self, folder_key: str, items: Sequence[Item]
    ) -> Iterator[Stored | Repaired | Refused]:
        """All of a batch is on the disk, or nothing of it is."""
        try:
            with on_disk():
                box = self._box(folder_key)
                keys = box.add(items)
                validity = box.validity
        except durable.RollbackFailed as error:
            self._open.let_go(folder_key)
            problem = Problem(ProblemId.CONNECTION_LOST, Place.DESTINATION, str(error))
            raise TryAgain(problem) from error
        for item, key in zip(items, keys, strict=True):
            yield Stored(item.ref, key, validity, self._left_out(item))

    def _left_out(self, item: Item) -> tuple[Problem, ...]:
        flags = sorted(flag for flag in item.flags if flag.lower() != "\\recent")
        if self._format is MailFormat.MBOX or not flags:
            return ()
        return (Problem(ProblemId.FLAGS_DROPPED, Place.DESTINATION, " ".join(flags)),)
