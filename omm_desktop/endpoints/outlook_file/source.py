"""The port over an Outlook data file.

A folder of the file is a folder for each kind of item in it. Keys are the file's own numbers of its
items, good for as long as no byte of the file changes. Messages are rebuilt from what Outlook keeps
of them, the same bytes each time; notes and journal entries are messages as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

from ...model.items import (
    ContentHash,
    Fingerprint,
    Folder,
    Item,
    ItemKind,
    ItemLabel,
    ItemRef,
    Payload,
)
from ...model.ports import Refused
from ...model.problem import ItemError, Place, Problem, ProblemId, TryAgain
from ...model.reading import Reading
from ..convert import mail
from ..convert.payload import gathered
from ..files.disk_names import for_people
from .limits import USUAL, Limits
from .process import Lost, ReadingProcess
from .running import Work, serve
from .talk import WINDOW, Told, Unreadable, WantFolders, WantItems, WantRefs

_AT_ONCE = 500


class OutlookFileSource:
    """A `Source` over a file."""

    parallel = 1

    def __init__(self, path: Path, limits: Limits = USUAL, work: Work = serve) -> None:
        self._path = path
        self._name = for_people(path.name)
        self._process = ReadingProcess(path, limits, work)
        self._state: tuple[int, int] | None = None
        self._number: int | None = None

    def folders(self) -> list[Folder]:
        """Raises `OwnerNeeded` for a file that cannot be opened or is none of Outlook's."""
        return self._folders(numbered=True)

    def summary(self) -> list[Folder]:
        """The same before the file is known to its last byte: soon, and without `validity`."""
        return self._folders(numbered=False)

    def idle(self) -> None:
        """A file stays open by itself."""

    def close(self) -> None:
        self._process.end()

    def abort(self) -> None:
        self._process.abort()

    def tell_reading(self, tell: Callable[[Reading], None]) -> None:
        self._process.tell = tell

    def refs(self, folder: Folder, since: date | None) -> Iterator[list[ItemRef]]:
        self._check(folder)
        start, last = 0, False
        while not last:
            window = self._window(WantRefs(folder.key, since, start), folder.name)
            start, last = start + len(window), len(window) < WINDOW
            if window:
                yield window

    def _window(self, want: WantRefs, name: str) -> list[ItemRef]:
        window: list[ItemRef]
        try:
            (window,) = self._process.ask(want)
        except Lost as lost:
            raise ItemError(self._damage(str(lost), name)) from lost
        return window

    def fetch(self, folder: Folder, refs: Sequence[ItemRef]) -> Iterator[Item | Refused]:
        self._check(folder)
        for start in range(0, len(refs), _AT_ONCE):
            waiting = {ref.key: ref for ref in refs[start : start + _AT_ONCE]}
            while waiting:
                try:
                    yield from self._read(folder, waiting)
                except Lost as lost:
                    # It was at the first that is not answered for.
                    ref = waiting.pop(next(iter(waiting)))
                    yield Refused(ref, self._damage(str(lost), self._name))

    def _read(self, folder: Folder, waiting: dict[str, ItemRef]) -> Iterator[Item | Refused]:
        want = WantItems(folder.key, tuple(waiting))
        with closing(self._process.ask(want)) as answers:
            while waiting:
                ending: list[object] = []
                digest = mail.ContentDigest()
                payload = gathered(digest.adding(_pieces(answers, ending)))
                try:
                    # Of a file that was cut meanwhile it may be a part.
                    self._notice_change()
                except TryAgain:
                    payload.close()
                    raise
                match ending:
                    case [Told() as told]:
                        ref = waiting.pop(told.key)
                        fingerprint, content, label = _identity(folder.kind, payload, digest)
                        yield Item(
                            ref=ref,
                            payload=payload,
                            fingerprint=fingerprint,
                            content=content,
                            flags=told.flags,
                            received=told.received,
                            kind=folder.kind,
                            label=label,
                            remarks=told.remarks,
                        )
                    case [Unreadable() as unreadable]:
                        payload.close()
                        ref = waiting.pop(unreadable.key)
                        yield Refused(ref, unreadable.problem, unreadable.label)
                    case _:
                        raise Lost("an answer is missing")
            # The end of all answers, without which the next could not be asked for.
            next(answers, None)

    def _folders(self, *, numbered: bool) -> list[Folder]:
        self._notice_change()
        found: list[Folder]
        try:
            (found,) = self._process.ask(WantFolders(numbered))
        except Lost as lost:
            raise ItemError(self._damage(str(lost), self._name)) from lost
        if numbered and found:
            self._number = found[0].validity
        return found

    def _check(self, folder: Folder) -> None:
        """Raise when the keys of the folder may no longer mean the same items."""
        self._notice_change()
        if self._number is None:
            self._folders(numbered=True)
        if folder.validity != self._number:
            detail = f"the file was {folder.validity} and is {self._number}"
            problem = Problem(ProblemId.FILE_CHANGED, Place.SOURCE, detail, folder.name)
            raise ItemError(problem)

    def _notice_change(self) -> None:
        """Raise `TryAgain` when somebody has written the file since it was opened."""
        try:
            told = self._path.stat()
        except OSError:
            # The reading process tells what is wrong with it.
            return
        state = told.st_size, told.st_mtime_ns
        before, self._state = self._state, state
        if before not in (None, state):
            self._process.end()
            self._number = None
            detail = "the file was changed"
            raise TryAgain(Problem(ProblemId.FILE_CHANGED, Place.SOURCE, detail, self._name))

    def _damage(self, detail: str, subject: str) -> Problem:
        return Problem(ProblemId.FILE_DAMAGED, Place.SOURCE, detail, subject)


def _identity(
    kind: ItemKind, payload: Payload, digest: mail.ContentDigest
) -> tuple[Fingerprint, ContentHash, ItemLabel]:
    if kind is ItemKind.MAIL:
        fingerprint, label = mail.identity(mail.header_of(payload))
        return fingerprint, digest.content_hash(), label
    # Here, since what reads cards and calendars takes longer to load than much mail to read.
    from ..convert.identity import identify

    known = identify(kind, payload)
    return known.fingerprint, known.content, known.label


def _pieces(answers: Iterator[object], ending: list[object]) -> Iterator[bytes]:
    """The bytes of one item; what ends them goes into `ending`."""
    for answer in answers:
        if not isinstance(answer, bytes):
            ending.append(answer)
            return
        yield answer
