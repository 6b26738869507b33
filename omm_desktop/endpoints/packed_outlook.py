"""Outlook files in an archive as a source, as a help desk packs them to send them.

What reads them needs files with names, in a process of its own: they are unpacked into a folder of
ours for as long as the source is open. Their folders and items have the keys that they have outside
of the archive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from ..model.items import Folder, Item, ItemKind, ItemRef
from ..model.ports import Refused
from ..model.problem import ItemError, OwnerNeeded, Place, Problem, ProblemId
from ..model.progress import Reading
from .files.archive import EXPANSION, FREE, UNKNOWN
from .files.archives import open_archive
from .files.content import Brake, Content
from .files.disk_names import for_people
from .files.recognise import OUTLOOK_MARK
from .files.unpacked_files import UnpackedFiles
from .outlook_file.source import OutlookFileSource
from .together import Part, Together


class PackedOutlookFiles:
    """A `Source` over an archive, which is unpacked when its folders are asked for."""

    parallel = 1

    def __init__(self, path: Path) -> None:
        self._path = path
        self._name = for_people(path.name)
        self._brake = Brake()
        self._unpacked: UnpackedFiles | None = None
        self._files: Together | None = None
        self._damaged: list[Problem] = []

    def folders(self) -> list[Folder]:
        """Raises `OwnerNeeded` when it holds no Outlook file, `ItemError` when all are broken.

        Raises `CannotGoOn` (NO_ROOM_TO_UNPACK, DISK_FULL) when the disk does not take them.
        """
        files = self._opened()
        try:
            first, *others = files.folders()
        except OwnerNeeded as error:
            raise ItemError(error.problem) from error
        return [replace(first, remarks=(*first.remarks, *self._damaged)), *others]

    def refs(self, folder: Folder, since: date | None) -> Iterator[list[ItemRef]]:
        yield from self._opened().refs(folder, since)

    def fetch(self, folder: Folder, refs: Sequence[ItemRef]) -> Iterator[Item | Refused]:
        yield from self._opened().fetch(folder, refs)

    def idle(self) -> None:
        """Files wait as long as they are let."""

    def close(self) -> None:
        files, self._files = self._files, None
        if files is not None:
            files.close()
        unpacked, self._unpacked = self._unpacked, None
        if unpacked is not None:
            unpacked.close()

    def abort(self) -> None:
        self._brake.pull()
        if self._files is not None:
            self._files.abort()

    def tell_reading(self, tell: Callable[[Reading], None]) -> None:
        self._brake.tell = tell
        if self._files is not None:
            self._files.tell_reading(tell)

    def _opened(self) -> Together:
        self._brake.check()
        if self._files is None:
            self._files = Together(self._name, self._unpack())
            self._files.tell_reading(self._brake.tell)
        return self._files

    def _unpack(self) -> list[Part]:
        parts: list[Part] = []
        sizes: dict[str, int] = {}
        problems: list[Problem] = []

        def is_outlook(name: str, size: int, beginning: bytes) -> bool:
            is_one = beginning.startswith(OUTLOOK_MARK)
            if is_one:
                sizes[name] = 0 if size == UNKNOWN else min(size, most)
            return is_one

        content = Content.open(self._path, self._brake)
        # What an archive tells may be wrong; no more than this is ever unpacked.
        most = content.size * EXPANSION + FREE
        try:
            archive = open_archive(content)
            for name, pieces in archive.each(is_outlook):
                try:
                    place = self._put(pieces, name, sizes[name])
                except ItemError as error:
                    problems.append(error.problem)
                    continue
                open_one = partial(OutlookFileSource, place)
                parts.append(Part(f"{name}/", name, ItemKind.MAIL, open_one))
        except ItemError as error:
            raise OwnerNeeded(error.problem) from error
        finally:
            content.close()
        if problems and not parts:
            raise ItemError(problems[0])
        if not parts:
            nothing = Problem(ProblemId.FILE_NOT_UNDERSTOOD, Place.SOURCE, "", self._name)
            raise OwnerNeeded(nothing)
        self._damaged = problems
        return parts

    def _put(self, pieces: Iterator[bytes], name: str, size: int) -> Path:
        if self._unpacked is None:
            self._unpacked = UnpackedFiles()
        self._unpacked.refuse_if_larger(size, name)
        return self._unpacked.put(pieces, name)
