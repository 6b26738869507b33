"""Tar archives, packed or not, as Google Takeout and backups of servers are.

They have no list: all of it is read to find what is in it, and what was chosen is kept in one
temporary file without a name. Where it is damaged it ends; what came before is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from ...model.problem import ItemError
from . import archive
from .archive import BEGINNING, Archive, OwnNames, Room, Wanted, left_out, read_in_part
from .content import Content, Shelf
from .packing import Unpacked
from .tar import members


class TarArchive(Archive):
    """Its files keep the room they take on the disk until it is closed."""

    def __init__(self, content: Content) -> None:
        super().__init__(content)
        self._shelf = Shelf(content.brake)
        self._chosen: dict[str, Content] = {}

    def each(self, wanted: Wanted) -> Iterator[tuple[str, Iterator[bytes]]]:
        name = self.content_of_all.name
        names = OwnNames()
        try:
            unpacked = Unpacked(self.content_of_all, name, Room(self.content_of_all))
            for number, member in enumerate(members(unpacked, name)):
                if number >= archive.MOST_MEMBERS:
                    self.problems.append(read_in_part(self.content_of_all))
                    break
                own = names.own(member.name)
                if member.is_sparse:
                    self.problems.append(left_out(own, "a sparse file").problem)
                    continue
                beginning = unpacked.read(min(member.size, BEGINNING))
                if wanted(own, member.size, beginning):
                    rest = member.size - len(beginning)
                    yield own, chain([beginning], _whole(unpacked, rest, own))
        except ItemError as error:
            self.problems.append(error.problem)

    def choose(self, wanted: Wanted) -> list[str]:
        for name, pieces in self.each(wanted):
            try:
                self._chosen[name] = self._shelf.put(pieces, name)
            except ItemError as error:
                self.problems.append(error.problem)
        return sorted(self._chosen)

    def size(self, name: str) -> int:
        return self._chosen[name].size

    def content(self, name: str) -> Content:
        return self._chosen[name]

    def close(self) -> None:
        self._shelf.close()


def _whole(unpacked: Unpacked, size: int, name: str) -> Iterator[bytes]:
    for piece in unpacked.pieces(size):
        size -= len(piece)
        yield piece
    if size:
        raise left_out(name, "it ends too early")
