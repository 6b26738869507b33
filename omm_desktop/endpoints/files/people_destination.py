"""A folder on the disk as a destination of contacts, events and tasks.

Contacts are saved below "contacts" (VCF), events below "calendars" and tasks below "tasks" (ICS):
one file for each folder. What a person puts into such a file beside it stays.
"""

from __future__ import annotations

import contextlib
import errno
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ...model.disk import disk_problem
from ...model.items import ContentHash, Folder, FolderPath, FolderRole, Item, ItemKind
from ...model.ports import Fidelity, FolderWish, Limits, Position, Refused, Seen, Space, Stored
from ...model.problem import ItemError, OwnerNeeded, Place, Problem, ProblemId, TryAgain
from ..convert.identity import identify
from . import durable, layout
from .content import Brake
from .saved_calendar import CalendarForm
from .saved_cards import CardForm
from .saved_people import Form, SavedItems

WINDOW = 1000


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the files of a kind are, and what they are called."""

    kind: ItemKind
    folder: str
    suffix: str
    form: Form


SHELVES = (
    Shelf(ItemKind.CONTACTS, "contacts", ".vcf", CardForm()),
    Shelf(ItemKind.EVENTS, "calendars", ".ics", CalendarForm()),
    Shelf(ItemKind.TASKS, "tasks", ".ics", CalendarForm()),
)
_BY_KIND = {shelf.kind: shelf for shelf in SHELVES}
_BY_FOLDER = {shelf.folder: shelf for shelf in SHELVES}


def open_people_folder(top: Path) -> PeopleFolder:
    """A folder that is there as a destination; raises `OwnerNeeded` when it is not."""
    if not top.is_dir():
        error = FileNotFoundError(errno.ENOENT, "no such folder", str(top))
        raise OwnerNeeded(disk_problem(error))
    return PeopleFolder(top)


class PeopleFolder:
    """A `Destination` over a folder."""

    limits = Limits(connections=1, kinds=frozenset(_BY_KIND))

    def __init__(self, top: Path) -> None:
        self._top = top
        self._brake = Brake()
        self._open: dict[str, SavedItems] = {}

    def space(self) -> Space:
        try:
            return Space(0, shutil.disk_usage(self._top).free)
        except OSError as error:
            raise OwnerNeeded(disk_problem(error)) from error

    def keeps_keywords(self) -> bool:
        """What are no mails have no flags."""
        return False

    def idle(self) -> None:
        """A disk waits as long as it likes."""

    def abort(self) -> None:
        self._brake.pull()

    def close(self) -> None:
        for saved in self._open.values():
            saved.close()
        self._open = {}

    # -- folders -------------------------------------------------------------------------

    def folders(self) -> list[Folder]:
        found = [
            (path, shelf, place) for shelf in SHELVES for path, place in _files(self._top, shelf)
        ]
        return [self._folder(path, shelf) for path, shelf, _ in found]

    def _folder(self, path: FolderPath, shelf: Shelf) -> Folder:
        key = _key(path, shelf)
        with _of_the_folder(key):
            return self._saved(key).folder(path, key)

    def _saved(self, key: str) -> SavedItems:
        if key not in self._open:
            shelf = _BY_FOLDER[key.partition("/")[0]]
            place = layout.place_of(self._top, key)
            self._open[key] = SavedItems(place, shelf.kind, shelf.form, self._brake)
        return self._open[key]

    def delimiter_free(self, path: FolderPath) -> FolderPath:
        return layout.acceptable(path)

    def ensure_folders(self, wishes: Sequence[FolderWish]) -> list[Folder | Problem]:
        return [self._ensure(wish) for wish in wishes]

    def _ensure(self, wish: FolderWish) -> Folder | Problem:
        shelf = _BY_KIND.get(wish.kind)
        if shelf is None:
            return Problem(ProblemId.KIND_NOT_ACCEPTED, Place.DESTINATION, wish.kind)
        path = layout.acceptable(wish.path)
        key = layout.as_spelt_there(self._top, _key(path, shelf))
        # A calendar without a name is read again as the person's main one.
        name = "" if wish.role in (FolderRole.CALENDAR, FolderRole.TASKS) else wish.path[-1]
        try:
            durable.make_folder(layout.place_of(self._top, key).parent)
            create(layout.place_of(self._top, key), shelf.form.empty(name))
            return self._saved(key).folder(path, key)
        except OSError as error:
            detail = error.strerror or type(error).__name__
            subject = "/".join(wish.path)
            return Problem(ProblemId.FOLDER_NOT_CREATED, Place.DESTINATION, detail, subject)

    def position(self, folder_key: str) -> Position:
        with _of_the_folder(folder_key):
            return self._saved(folder_key).position()
