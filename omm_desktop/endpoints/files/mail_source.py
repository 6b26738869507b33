"""Mail in files as a source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

from ...model.items import Folder, Item, ItemRef
from ...model.ports import Refused
from ...model.problem import ItemError, OwnerNeeded, Place, Problem, ProblemId
from ...model.progress import Reading
from .archive import OwnNames
from .closed import Closed
from .content import Brake
from .holding import Holding
from .mail_files import find_mail


class MailFiles:
    """A `Source` over one file or one folder: mbox, EML, EMLX, MSG, Maildir, Google Takeout."""

    parallel = 1

    def __init__(self, path: Path) -> None:
        self.path = path
        self._brake = Brake()
        self._found: list[Holding] = []
        self._by_key: dict[str, Holding] = {}
        self._asked: Holding | None = None

    def folders(self) -> list[Folder]:
        if self.path.is_dir() or not self._found:
            self._let_go()
            for holding in find_mail(self.path, self._brake):
                self._found.append(holding)
        folders: list[Folder] = []
        closed = OwnNames()
        for number, holding in enumerate(self._found):
            try:
                told = holding.folders()
            except OwnerNeeded as error:
                if self.path.is_file():
                    raise
                holding.close()
                holding = Closed(closed.own(error.problem.subject), error.problem)
                self._found[number], told = holding, holding.folders()
            for folder in told:
                self._by_key[folder.key] = holding
                folders.append(folder)
            holding.rest()
        if self.path.is_file():
            _refuse_if_of_no_mail(folders)
        return folders

    def _holding(self, folder: Folder) -> Holding:
        if not self._by_key:
            self.folders()
        holding = self._by_key.get(folder.key)
        if holding is None:
            detail = "no longer there"
            raise ItemError(Problem(ProblemId.FOLDER_UNREADABLE, Place.SOURCE, detail, folder.name))
        if self._asked is not None and self._asked is not holding:
            self._asked.rest()
        self._asked = holding
        return holding

    def refs(self, folder: Folder, since: date | None) -> Iterator[list[ItemRef]]:
        yield from self._holding(folder).refs(folder, since)

    def fetch(self, folder: Folder, refs: Sequence[ItemRef]) -> Iterator[Item | Refused]:
        yield from self._holding(folder).fetch(folder, refs)

    def idle(self) -> None:
        """A file waits as long as it likes."""

    def close(self) -> None:
        self._let_go()

    def _let_go(self) -> None:
        for holding in self._found:
            holding.close()
        self._found, self._by_key, self._asked = [], {}, None

    def abort(self) -> None:
        self._brake.pull()

    def tell_reading(self, tell: Callable[[Reading], None]) -> None:
        self._brake.tell = tell


def _refuse_if_of_no_mail(folders: Sequence[Folder]) -> None:
    """Raises `OwnerNeeded` where each file is none of mail; one beside others is only told."""
    found = [
        next((one for one in folder.remarks if one.id is ProblemId.FILE_NOT_UNDERSTOOD), None)
        for folder in folders
    ]
    if found and found[0] is not None and None not in found:
        raise OwnerNeeded(found[0])


def open_mail(path: Path) -> MailFiles:
    """The mail of a file or a folder. Nothing is read before it is asked for."""
    return MailFiles(path)
