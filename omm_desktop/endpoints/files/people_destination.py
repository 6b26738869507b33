"""A folder on the disk as a destination of contacts, events and tasks: one file for each folder.

Contacts are saved below "contacts" (VCF), events below "calendars" and tasks below "tasks" (ICS).
What somebody else puts into such a file stays in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ...model.items import ContentHash, Folder, FolderPath, FolderRole, Item, ItemKind, Payload
from ...model.ports import Fidelity, FolderWish, Limits, Position, Refused, Seen, Stored
from ...model.problem import Place, Problem, ProblemId, TryAgain
from ..convert.identity import identify
from . import durable, layout
from .on_disk import not_made, on_disk
from .saved_calendar import CalendarForm
from .saved_cards import CardForm
from .saved_people import Form, SavedItems, create
from .saving import Saving

WINDOW = 1000


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Where the files of a kind are, and what they are."""

    kind: ItemKind
    name: str
    suffix: str
    form: Callable[[], Form]


_SHELVES = {
    shelf.kind: shelf
    for shelf in (
        _Shelf(ItemKind.CONTACTS, layout.CONTACTS, layout.VCF, CardForm),
        _Shelf(ItemKind.EVENTS, layout.CALENDARS, layout.ICS, CalendarForm),
        _Shelf(ItemKind.TASKS, layout.TASKS, layout.ICS, CalendarForm),
    )
}


class PeopleFolder(Saving[SavedItems]):
    """An `UpdatingDestination` over a folder."""

    limits = Limits(connections=1, kinds=frozenset(_SHELVES))

    def keeps_keywords(self) -> bool:
        """What is no mail has no flags."""
        return True

    # -- folders -------------------------------------------------------------------------

    def folders(self) -> list[Folder]:
        with on_disk():
            return [
                self._folder(path, layout.key_of(path, shelf.suffix, shelf.name))
                for shelf in _SHELVES.values()
                for path, _ in layout.files_below(self._top, shelf.suffix, shelf.name)
            ]

    def _folder(self, path: FolderPath, key: str) -> Folder:
        return self._saved(key).folder(path, key)

    def _saved(self, key: str) -> SavedItems:
        place = layout.place_of(self._top, key)
        shelf = next(one for one in _SHELVES.values() if key.startswith(f"{one.name}/"))
        return self._open.ask(key, lambda: SavedItems(place, shelf.kind, shelf.form(), self._brake))

    def ensure_folders(self, wishes: Sequence[FolderWish]) -> list[Folder | Problem]:
        return [self._ensure(wish) for wish in wishes]

    def _ensure(self, wish: FolderWish) -> Folder | Problem:
        shelf = _SHELVES.get(wish.kind)
        if shelf is None:
            return Problem(ProblemId.KIND_NOT_ACCEPTED, Place.DESTINATION, wish.kind)
        path = layout.acceptable(wish.path)
        key = layout.as_spelt_there(self._top, layout.key_of(path, shelf.suffix, shelf.name))
        # What has no name of its own is taken for the person's main calendar when it is read.
        name = "" if wish.role in (FolderRole.CALENDAR, FolderRole.TASKS) else wish.path[-1]
        try:
            create(layout.place_of(self._top, key), shelf.form().empty(name))
            return self._folder(path, key)
        except OSError as error:
            return not_made(error, wish.path)

    def position(self, folder_key: str) -> Position:
        with on_disk():
            return self._saved(folder_key).position()

    # -- what is there -------------------------------------------------------------------

    def existing(self, folder_key: str, from_key: int | None) -> Iterator[list[Seen]]:
        with on_disk():
            found = iter(list(self._saved(folder_key).seen().values()))
        while window := list(islice(found, WINDOW)):
            yield window

    def contents(self, folder_key: str, keys: Sequence[str]) -> Iterator[tuple[str, ContentHash]]:
        with on_disk():
            seen = self._saved(folder_key).seen()
        for key in keys:
            content = seen[key].content if key in seen else None
            if content is not None:
                yield key, content

    def keys(self, folder_key: str) -> Iterator[list[str]]:
        for window in self.existing(folder_key, None):
            yield [seen.key for seen in window]

    def fidelity(self, folder_key: str, key: str, item: Item) -> Fidelity:
        with on_disk():
            payload = self._saved(folder_key).payload(key)
        if payload is None:
            return Fidelity.UNKNOWN
        known = identify(item.kind, payload)
        payload.close()
        if known.content != item.content:
            return Fidelity.REBUILT
        return Fidelity.EXACT if known.fingerprint == item.fingerprint else Fidelity.BODY

    # -- adding --------------------------------------------------------------------------

    def store(self, folder_key: str, items: Sequence[Item]) -> Iterator[Stored | Refused]:
        """What the file can hold of a batch is on the disk when the first answer is given."""
        answers: list[Stored | Refused] = []
        taken: list[tuple[Item, Payload]] = []
        try:
            with on_disk():
                saved = self._saved(folder_key)
                for item in items:
                    payload = saved.canonical(item)
                    if payload is None:
                        detail = "no card and no calendar of one event or task"
                        problem = Problem(ProblemId.ITEM_REFUSED, Place.DESTINATION, detail)
                        answers.append(Refused(item.ref, problem, item.label))
                    else:
                        taken.append((item, payload))
                keys = saved.add([payload for _, payload in taken]) if taken else []
                validity = saved.position().validity
        except durable.RollbackFailed as error:
            self._open.let_go(folder_key)
            problem = Problem(ProblemId.CONNECTION_LOST, Place.DESTINATION, str(error))
            raise TryAgain(problem) from error
        finally:
            for _, payload in taken:
                payload.close()
        stored = zip(taken, keys, strict=True)
        yield from (Stored(item.ref, key, validity) for (item, _), key in stored)
        yield from answers

    def update(self, folder_key: str, key: str, item: Item) -> Stored | Refused:
        """Refused: what was saved stays as it was saved."""
        problem = Problem(ProblemId.ITEM_REFUSED, Place.DESTINATION, "a file is only added to")
        return Refused(item.ref, problem, item.label)
