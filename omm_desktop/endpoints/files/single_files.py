"""A folder on the disk whose files hold one message each (EML, EMLX, MSG).

Its key tells a file's name, its size and when it was written: what is changed or copied anew is
read again and recognised. EML is RFC 5322 as it is; neither line ends nor anything else is changed.
EMLX, of Apple Mail, is the length of the message, the message, and a property list with flags.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

from ...model.items import Folder, FolderPath, Item, ItemRef
from ...model.ports import Refused
from ...model.problem import ItemError, OwnerNeeded, Place, Problem, ProblemId
from ..convert import mail
from ..convert.payload import payload_of
from ..roles import role_by_name
from .content import Brake, Content
from .disk_names import as_key, from_key
from .holding import WINDOW
from .mail_item import Letter, mail_item
from .mail_state import told_flags

_BETWEEN = "/"


class ReadFile(Protocol):
    """Reads the message of one file; raises `OwnerNeeded` as `Content` does, else `ItemError`."""

    def __call__(self, content: Content) -> Letter: ...


class SingleFiles:
    """A `Holding`. `names` are the files that are messages, each with what reads it."""

    def __init__(
        self,
        place: Path,
        names: Sequence[tuple[str, ReadFile]],
        path: FolderPath,
        key: str,
        brake: Brake,
    ) -> None:
        self._place = place
        self._readers = dict(names)
        self._path = path
        self._key = key
        self._brake = brake

    def rest(self) -> None:
        """Nothing is kept open."""

    def close(self) -> None:
        """Nothing is kept open."""

    def folders(self) -> list[Folder]:
        sizes = [size for name in self._readers if (size := self._size(name)) is not None]
        return [
            Folder(
                self._path,
                self._key,
                role_by_name(self._path),
                count=len(sizes),
                size=sum(sizes),
                keys_last=False,
            )
        ]

    def _told(self, name: str) -> os.stat_result | None:
        try:
            return (self._place / name).stat(follow_symlinks=False)
        except OSError:
            return None

    def _size(self, name: str) -> int | None:
        told = self._told(name)
        return None if told is None else told.st_size

    def refs(self, folder: Folder, since: date | None) -> Iterator[list[ItemRef]]:
        names = list(self._readers)
        for end in range(len(names), 0, -WINDOW):
            self._brake.check()
            window = names[max(0, end - WINDOW) : end]
            refs = [ref for name in window if (ref := self._ref(folder, name)) is not None]
            if since is not None:
                refs = [ref for ref in refs if self._is_since(ref, since)]
            if refs:
                yield refs

    def _ref(self, folder: Folder, name: str) -> ItemRef | None:
        told = self._told(name)
        if told is None:
            return None
        key = f"{told.st_size}{_BETWEEN}{told.st_mtime_ns}{_BETWEEN}{as_key(name)}"
        return ItemRef(folder.key, key, told.st_size)

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
            if isinstance(answer, Refused):
                yield answer
            else:
                yield mail_item(ref, answer)

    def _read(self, ref: ItemRef) -> Letter | Refused:
        name = from_key(ref.key.split(_BETWEEN, 2)[2])
        reader = self._readers.get(name)
        now = self._ref(Folder(self._path, self._key), name)
        if reader is None or now is None or now.key != ref.key:
            detail = "no longer there, or changed"
            return Refused(ref, Problem(ProblemId.ITEM_GONE, Place.SOURCE, detail, name))
        try:
            content = Content.open(self._place / name, self._brake)
            try:
                return reader(content)
            finally:
                content.close()
        except (OwnerNeeded, ItemError) as error:
            # One file of many: the rest may well be read.
            return Refused(ref, error.problem)


def read_eml(content: Content) -> Letter:
    """The message that the whole file is."""
    payload = payload_of(content.size, content.pieces())
    return Letter(payload, told_flags(mail.header_of(payload), in_mbox=False))
