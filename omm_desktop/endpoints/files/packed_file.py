"""One file packed by gzip, bzip2 or xz, as an archive that holds it alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import PurePath

from ...model.problem import ItemError
from .archive import BEGINNING, UNKNOWN, Archive, Room, Wanted
from .content import Content
from .packing import Unpacked


class PackedFile(Archive):
    """Its name is that of the archive without the last suffix.

    How much it holds is known only once it is unpacked, which it is each time it is asked for.
    """

    def __init__(self, content: Content) -> None:
        super().__init__(content)
        self._name = PurePath(content.name).stem
        self._room = Room(content)

    def each(self, wanted: Wanted) -> Iterator[tuple[str, Iterator[bytes]]]:
        try:
            unpacked = self._unpacked()
            beginning = unpacked.read(BEGINNING)
        except ItemError as error:
            self.problems.append(error.problem)
            return
        size = len(beginning) if len(beginning) < BEGINNING else UNKNOWN
        if wanted(self._name, size, beginning):
            yield self._name, chain([beginning], unpacked.pieces())

    def choose(self, wanted: Wanted) -> list[str]:
        return [name for name, _ in self.each(wanted)]

    def size(self, name: str) -> int:
        """Of the packed file."""
        return self.content_of_all.size

    def content(self, name: str) -> Content:
        """A temporary file."""
        return Content.held(self._unpacked().pieces(), name, self.content_of_all.brake)

    def _unpacked(self) -> Unpacked:
        return Unpacked(self.content_of_all, self._name, self._room)
