"""Files that one file holds: what every kind of archive gives, and how far it may expand.

Nothing leaves an archive for a place that it names; links, archives within and what a password
protects are left out. All parts together expand to at most 200 times the size of the archive and
64 MiB, so that a small file cannot fill a disk.
"""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator

from ...model.problem import ItemError, Place, Problem, ProblemId
from .content import Content

EXPANSION = 200
FREE = 64 << 20
MOST_MEMBERS = 100_000
BEGINNING = 64 << 10
"""Octets of a file in an archive that tell whether it is wanted."""

UNKNOWN = sys.maxsize
"""The size of a file that is known only once it is unpacked."""

Wanted = Callable[[str, int, bytes], bool]
"""By the name of a file in an archive, its size in bytes and its beginning."""


class Archive(ABC):
    """`problems` are what of it could not be had, as far as it was looked through."""

    def __init__(self, content: Content) -> None:
        """Raises `ItemError` when nothing of it can be listed."""
        self.content_of_all = content
        self.problems: list[Problem] = []

    @abstractmethod
    def each(self, wanted: Wanted) -> Iterator[tuple[str, Iterator[bytes]]]:
        """The files that are wanted, by their names, with all that is in them.

        Their pieces are read before the next is asked for, or not at all, and raise `ItemError`
        (ARCHIVE_PART_LEFT_OUT) where they cannot be had.
        """

    @abstractmethod
    def choose(self, wanted: Wanted) -> list[str]:
        """The names of the files that are wanted. Only these can be asked for afterwards."""

    @abstractmethod
    def size(self, name: str) -> int:
        """Bytes of a file that was chosen."""

    @abstractmethod
    def content(self, name: str) -> Content:
        """All of a file that was chosen; raises `ItemError` as the pieces of `each` do."""

    def close(self) -> None:
        """Give back what was expanded."""
        return


class Room:
    """How much all files of an archive may still expand to."""

    def __init__(self, archive: Content) -> None:
        self._left = archive.size * EXPANSION + FREE
        self._counted: dict[str, int] = {}

    def take(self, name: str, expanded: int) -> None:
        """So many bytes of a file are known by now; what is read again counts once.

        Raises `ItemError` when that is too much.
        """
        more = max(0, expanded - self._counted.get(name, 0))
        self._counted[name] = self._counted.get(name, 0) + more
        self._left -= more
        if self._left < 0:
            raise left_out(name, "expands to far more than the archive holds")


def left_out(name: str, detail: str) -> ItemError:
    """What to raise for a part of an archive that cannot be had."""
    return ItemError(Problem(ProblemId.ARCHIVE_PART_LEFT_OUT, Place.SOURCE, detail, name))


def read_in_part(archive: Content) -> Problem:
    """That an archive holds more files than are looked at."""
    detail = f"the first {MOST_MEMBERS} files"
    return Problem(ProblemId.FILE_READ_IN_PART, Place.SOURCE, detail, archive.name)


class OwnNames:
    """Gives each file a name of its own, also where an archive has one twice."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._numbers: dict[str, int] = {}

    def own(self, name: str) -> str:
        """The name, with a number where it is taken."""
        stem, dot, suffix = name.rpartition(".") if "." in name else (name, "", "")
        own = name
        while own in self._taken:
            self._numbers[name] = self._numbers.get(name, 1) + 1
            own = f"{stem} ({self._numbers[name]}){dot}{suffix}"
        self._taken.add(own)
        return own
