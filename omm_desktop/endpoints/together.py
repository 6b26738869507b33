"""Several files as one source: a folder with exports of any kind, an archive of mail and cards.

Each part keeps the keys it gives, behind where it is below the folder, so that what is in a file is
known again whatever else lies beside it. A part that cannot be read is a folder of its own that
fails: the others are copied, and the report names it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ..model.items import Folder, FolderRole, Item, ItemKind, ItemRef
from ..model.ports import Refused, Source, TellsReading
from ..model.problem import ItemError, OwnerNeeded, Place, Problem, ProblemId, TryAgain
from ..model.progress import Reading

MOST_OPEN = 4
_ROLES = {
    ItemKind.MAIL: FolderRole.INBOX,
    ItemKind.CONTACTS: FolderRole.CONTACTS,
    ItemKind.EVENTS: FolderRole.CALENDAR,
    ItemKind.TASKS: FolderRole.TASKS,
}


@dataclass(frozen=True, slots=True)
class Part:
    """`place` begins the keys of its folders. `kind` is what it is likely to hold; None where it
    may as well hold nothing of what is looked for.
    """

    place: str
    name: str
    kind: ItemKind | None
    open: Callable[[], Source]


class Together:
    """A `Source`. Of many parts only the last ones asked stay open."""

    parallel = 1

    def __init__(self, name: str, parts: Sequence[Part]) -> None:
        self._name = name
        self._parts = parts
        self._open: dict[int, Source] = {}
        self._of_key: dict[str, int] = {}
        self._broken: dict[str, Problem] = {}
        self._ended = False
        self._tell: Callable[[Reading], None] = lambda file: None

    def folders(self) -> list[Folder]:
        """Raises `OwnerNeeded` when no part holds anything that can be read."""
        self._of_key, self._broken = {}, {}
        found: list[Folder] = []
        problems: list[Problem] = []
        for number, part in enumerate(self._parts):
            try:
                folders = self._part(number).folders()
            except (OwnerNeeded, ItemError) as error:
                problems.append(error.problem)
                if part.kind is not None:
                    found.append(self._failed(part, part.kind, error.problem))
                continue
            for folder in folders:
                key = part.place + folder.key
                self._of_key[key] = number
                found.append(replace(folder, key=key))
        if not self._of_key:
            nothing = Problem(ProblemId.FILE_NOT_UNDERSTOOD, Place.SOURCE, "", self._name)
            raise OwnerNeeded(next(iter([*self._broken.values(), *problems]), nothing))
        return found

    def refs(self, folder: Folder, since: date | None) -> Iterator[list[ItemRef]]:
        part, own = self._asked(folder)
        for window in part.refs(own, since):
            yield [replace(ref, folder_key=folder.key) for ref in window]

    def fetch(self, folder: Folder, refs: Sequence[ItemRef]) -> Iterator[Item | Refused]:
        part, own = self._asked(folder)
        asked = {ref.key: ref for ref in refs}
        for answer in part.fetch(own, [replace(ref, folder_key=own.key) for ref in refs]):
            yield replace(answer, ref=asked[answer.ref.key])

    def idle(self) -> None:
        """Files wait as long as they are let."""

    def close(self) -> None:
        for number in list(self._open):
            self._open.pop(number).close()

    def abort(self) -> None:
        self._ended = True
        for source in list(self._open.values()):
            source.abort()

    def tell_reading(self, tell: Callable[[Reading], None]) -> None:
        self._tell = tell
        for source in self._open.values():
            _pass_on(source, tell)

    def _failed(self, part: Part, kind: ItemKind, problem: Problem) -> Folder:
        key = part.place + part.name
        self._broken[key] = problem
        return Folder((part.name,), key, _ROLES[kind], kind=kind)

    def _asked(self, folder: Folder) -> tuple[Source, Folder]:
        if not self._of_key:
            self.folders()
        if folder.key in self._broken:
            raise ItemError(self._broken[folder.key])
        number = self._of_key.get(folder.key)
        if number is None:
            detail = "no longer there"
            raise ItemError(Problem(ProblemId.FOLDER_UNREADABLE, Place.SOURCE, detail, folder.name))
        own = folder.key.removeprefix(self._parts[number].place)
        return self._part(number), replace(folder, key=own)

    def _part(self, number: int) -> Source:
        if self._ended:
            raise TryAgain(Problem(ProblemId.CONNECTION_LOST, Place.SOURCE, "reading was ended"))
        source = self._open.pop(number, None)
        if source is None:
            source = self._parts[number].open()
            _pass_on(source, self._tell)
        while len(self._open) >= MOST_OPEN:
            self._open.pop(next(iter(self._open))).close()
        self._open[number] = source
        return source


def _pass_on(source: Source, tell: Callable[[Reading], None]) -> None:
    if isinstance(source, TellsReading):
        source.tell_reading(tell)
