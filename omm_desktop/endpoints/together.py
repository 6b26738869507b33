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
from .lone_items import InFile, LoneItems, together

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
    may as well hold nothing of what is looked for, of which it tells by `OwnerNeeded`. `lone`: it
    may be one of many with an item each.
    """

    place: str
    name: str
    kind: ItemKind | None
    open: Callable[[], Source]
    lone: bool = False


class Together:
    """A `Source`. Of many parts only the last ones asked stay open."""

    parallel = 1

    def __init__(self, name: str, parts: Sequence[Part]) -> None:
        self._name = name
        self._parts = parts
        self._open: dict[int, Source] = {}
        self._of_key: dict[str, int] = {}
        self._lone: dict[str, LoneItems] = {}
        self._broken: dict[str, Problem] = {}
        self._ended = False
        self._tell: Callable[[Reading], None] = lambda file: None

    def folders(self) -> list[Folder]:
        """Raises `OwnerNeeded` when no part holds anything that can be read."""
        self._of_key, self._broken = {}, {}
        found: dict[str, Folder] = {}
        in_files: dict[str, InFile] = {}
        problems: list[Problem] = []
        for number, part in enumerate(self._parts):
            try:
                folders = self._part(number).folders()
            except (OwnerNeeded, ItemError) as error:
                problems.append(error.problem)
                if part.kind is not None or isinstance(error, ItemError):
                    failed = self._failed(part, part.kind or ItemKind.MAIL, error.problem)
                    found[failed.key] = failed
                continue
            for folder in folders:
                key = part.place + folder.key
                self._of_key[key] = number
                found[key] = replace(folder, key=key)
                if part.lone:
                    in_files[key] = InFile(number, part.name, folder)
        if not self._of_key:
            nothing = Problem(ProblemId.FILE_NOT_UNDERSTOOD, Place.SOURCE, "", self._name)
            raise OwnerNeeded(next(iter([*self._broken.values(), *problems]), nothing))
        lone = together(list(in_files.values()), self._name, self._part)
        self._lone = {one.folder.key: one for one in lone}
        gathered = {one for several in lone for one in several.files}
        alone = [one for key, one in found.items() if in_files.get(key) not in gathered]
        return [*alone, *(several.folder for several in lone)]

    def refs(self, folder: Folder, since: date | None) -> Iterator[list[ItemRef]]:
        lone = self._several(folder)
        if lone is not None:
            yield from lone.refs(since)
            return
        part, own = self._asked(folder)
        for window in part.refs(own, since):
            yield [replace(ref, folder_key=folder.key) for ref in window]

    def fetch(self, folder: Folder, refs: Sequence[ItemRef]) -> Iterator[Item | Refused]:
        lone = self._several(folder)
        if lone is not None:
            yield from lone.fetch(refs)
            return
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

    def _several(self, folder: Folder) -> LoneItems | None:
        if not self._of_key:
            self.folders()
        return self._lone.get(folder.key)

    def _asked(self, folder: Folder) -> tuple[Source, Folder]:
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
