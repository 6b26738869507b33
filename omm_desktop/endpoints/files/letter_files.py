"""Files that hold one message each, on the disk or in an archive."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

from ...model.items import Folder, FolderPath, Item, ItemRef
from ...model.ports import Refused
from ...model.problem import ItemError, OwnerNeeded, Place, Problem, ProblemId
from ..convert import mail
from ..roles import role_by_name
from .content import Brake, Content
from .disk_names import for_people
from .holding import WINDOW
from .mail_item import Letter, mail_item


class ReadFile(Protocol):
    """Reads the message of one file; raises `OwnerNeeded` as `Content` does, else `ItemError`."""

    def __call__(self, content: Content) -> Letter: ...


class LetterFiles(ABC):
    """A `Holding` of one folder. `readers` are the files that are messages, by their names."""

    def __init__(
        self, readers: Mapping[str, ReadFile], path: FolderPath, key: str, brake: Brake
    ) -> None:
        self._readers = readers
        self._path = path
        self._key = key
        self._brake = brake

    def rest(self) -> None:
        self.close()

    def close(self) -> None:
        """Nothing is kept open."""
        return

    def folders(self) -> list[Folder]:
        sizes = [size for name in self._readers if (size := self._size(name)) is not None]
        role = role_by_name(self._path)
        return [Folder(self._path, self._key, role, len(sizes), sum(sizes), keys_last=False)]

    def refs(self, folder: Folder, since: date | None) -> Iterator[list[ItemRef]]:
        names = list(self._readers)
        for end in range(len(names), 0, -WINDOW):
            self._brake.check()
            window = names[max(0, end - WINDOW) : end]
            refs = [ref for name in window if (ref := self._ref(name)) is not None]
            if since is not None:
                refs = [ref for ref in refs if self._is_since(ref, since)]
            if refs:
                yield refs

    def _is_since(self, ref: ItemRef, since: date) -> bool:
        """Also what cannot be read, so that it is told."""
        answer = self._read(ref)
        if isinstance(answer, Refused):
            return True
        try:
            moment = answer.received or mail.received_date(mail.header_of(answer.payload))
        finally:
            answer.payload.close()
        return moment is None or moment.date() >= since

    def fetch(self, folder: Folder, refs: Sequence[ItemRef]) -> Iterator[Item | Refused]:
        for ref in refs:
            self._brake.check()
            answer = self._read(ref)
            yield answer if isinstance(answer, Refused) else mail_item(ref, answer)

    def _read(self, ref: ItemRef) -> Letter | Refused:
        name = self._name(ref)
        reader = self._readers.get(name)
        detail = "no longer there, or changed"
        gone = Refused(ref, Problem(ProblemId.ITEM_GONE, Place.SOURCE, detail, for_people(name)))
        if reader is None or not self._is_as_listed(ref):
            return gone
        try:
            content = self._open(name)
            try:
                letter = reader(content)
            finally:
                content.close()
        except (OwnerNeeded, ItemError) as error:
            # One file of many: the rest may well be read.
            return Refused(ref, error.problem)
        if self._is_as_listed(ref):
            return letter
        # It was written to meanwhile: this may be a part of it.
        letter.payload.close()
        return gone

    def _is_as_listed(self, ref: ItemRef) -> bool:
        now = self._ref(self._name(ref))
        return now is not None and now.key == ref.key

    @abstractmethod
    def _size(self, name: str) -> int | None:
        """None when it is no longer there."""

    @abstractmethod
    def _ref(self, name: str) -> ItemRef | None:
        """None when it is no longer there."""

    @abstractmethod
    def _name(self, ref: ItemRef) -> str: ...

    @abstractmethod
    def _open(self, name: str) -> Content:
        """Raises `OwnerNeeded` or `ItemError`."""
