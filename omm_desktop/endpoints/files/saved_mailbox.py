"""A folder on the disk as a destination of everything: mail, contacts, events and tasks."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ...model.account import MailFormat
from ...model.items import ContentHash, Folder, FolderPath, Item, ItemKind
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
from ...model.problem import Problem
from ...model.progress import Reading
from . import layout
from .mail_destination import MailFolder
from .on_disk import on_disk
from .people_destination import PeopleFolder


class SavedMailbox:
    """An `UpdatingDestination` that leaves each folder to the one of its kind."""

    limits = Limits(connections=1, kinds=frozenset(ItemKind))

    def __init__(self, top: Path, mail: MailFolder, people: PeopleFolder) -> None:
        self._top = top
        self._mail = mail
        self._people = people

    def _of(self, folder_key: str) -> MailFolder | PeopleFolder:
        return self._mail if folder_key.startswith(f"{layout.MAIL}/") else self._people

    def space(self) -> Space:
        return self._mail.space()

    def keeps_keywords(self) -> bool:
        return self._mail.keeps_keywords()

    def idle(self) -> None:
        """A disk waits as long as it likes."""

    def close(self) -> None:
        self._mail.close()
        self._people.close()

    def abort(self) -> None:
        self._mail.abort()
        self._people.abort()

    def tell_reading(self, tell: Callable[[Reading], None]) -> None:
        self._mail.tell_reading(tell)
        self._people.tell_reading(tell)

    def folders(self) -> list[Folder]:
        return [*self._mail.folders(), *self._people.folders()]

    def delimiter_free(self, path: FolderPath) -> FolderPath:
        return layout.acceptable(path)

    def ensure_folders(self, wishes: Sequence[FolderWish]) -> list[Folder | Problem]:
        with on_disk():
            self._top.mkdir(exist_ok=True)
        made: list[Folder | Problem] = []
        for wish in wishes:
            place = self._mail if wish.kind is ItemKind.MAIL else self._people
            made += place.ensure_folders([wish])
        return made

    def position(self, folder_key: str) -> Position:
        return self._of(folder_key).position(folder_key)

    def existing(self, folder_key: str, from_key: int | None) -> Iterator[list[Seen]]:
        return self._of(folder_key).existing(folder_key, from_key)

    def contents(self, folder_key: str, keys: Sequence[str]) -> Iterator[tuple[str, ContentHash]]:
        return self._of(folder_key).contents(folder_key, keys)

    def keys(self, folder_key: str) -> Iterator[list[str]]:
        return self._of(folder_key).keys(folder_key)

    def store(
        self, folder_key: str, items: Sequence[Item]
    ) -> Iterator[Stored | Repaired | Refused]:
        return self._of(folder_key).store(folder_key, items)

    def update(self, folder_key: str, key: str, item: Item) -> Stored | Refused:
        return self._people.update(folder_key, key, item)

    def fidelity(self, folder_key: str, key: str, item: Item) -> Fidelity:
        return self._of(folder_key).fidelity(folder_key, key, item)


def open_saved_mailbox(top: Path, format: MailFormat = MailFormat.MBOX) -> SavedMailbox:
    """A folder as a destination. Where only its last level is missing it is made as soon as
    anything is to be saved: a disk that is not there is not replaced by a folder of its name.

    Raises `OwnerNeeded` when it takes no file.
    """
    with on_disk():
        if top.exists() and not top.is_dir():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(top))
        try:
            tempfile.TemporaryFile(dir=layout.existing(top)).close()
        except OSError as error:
            # The person knows the folder, not the file that was tried.
            error.filename = str(top)
            raise
    return SavedMailbox(top, MailFolder(top, format), PeopleFolder(top))
