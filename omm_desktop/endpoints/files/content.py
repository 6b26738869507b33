"""The bytes of one file, read in pieces until another thread ends it."""

from __future__ import annotations

import codecs
import hashlib
import os
import re
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from ...model.disk import disk_problem
from ...model.problem import CannotGoOn, OwnerNeeded, Place, Problem, ProblemId, TryAgain
from ...model.progress import Reading
from .disk_names import for_people

PIECE = 1 << 20
_VALIDITY_BITS = 63
_ENOUGH = 8
_UNMARKED = {
    "utf-16-le": re.compile(rb"(?:[\t\n\r -~]\0){3}"),
    "utf-16-be": re.compile(rb"(?:\0[\t\n\r -~]){3}"),
}


class Brake:
    """Ends the reading of whoever asks it between two pieces.

    `tell` gets how far the reading of a whole file has come; what it raises ends that as well.
    """

    def __init__(self) -> None:
        self._pulled = threading.Event()
        self.tell: Callable[[Reading], None] = lambda file: None

    def pull(self) -> None:
        self._pulled.set()

    def check(self) -> None:
        """Raises `TryAgain` once the brake was pulled."""
        if self._pulled.is_set():
            raise TryAgain(Problem(ProblemId.CONNECTION_LOST, Place.SOURCE, "reading was ended"))


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Makes an OSError within what it means for the person who chose the file of that name."""
    try:
        yield
    except OSError as error:
        raise OwnerNeeded(unreadable(error, name)) from error


def unreadable(error: OSError, name: str) -> Problem:
    """Why a file or a folder of that name cannot be read."""
    detail = error.strerror or type(error).__name__
    return Problem(ProblemId.FILE_UNREADABLE, Place.SOURCE, detail, for_people(name))


class Content:
    """Bytes that can be read from any place on: a whole file, or what of it `span` tells."""

    def __init__(
        self, file: IO[bytes], name: str, brake: Brake, span: tuple[int, int] | None = None
    ) -> None:
        self.file = file
        self.name = for_people(name)
        self.brake = brake
        self._span = span

    @classmethod
    def open(cls, path: Path, brake: Brake) -> Content:
        """Raises `OwnerNeeded` when the file cannot be opened."""
        with reading(path.name):
            return cls(path.open("rb"), path.name, brake)

    @classmethod
    def held(cls, pieces: Iterable[bytes], name: str, brake: Brake) -> Content:
        """A temporary file without a name; raises `CannotGoOn` when the disk does not take it."""
        shelf = Shelf(brake)
        try:
            # It has its file for itself, and closes it.
            return cls(shelf.put(pieces, name).file, name, brake)
        except BaseException:
            shelf.close()
            raise

    def read(self, start: int, end: int) -> bytes:
        """Raises `OwnerNeeded` when the disk does not give them."""
        self.brake.check()
        if self._span is not None:
            first, last = self._span
            start, end = first + start, min(first + end, last)
        with reading(self.name):
            self.file.seek(start)
            return self.file.read(max(0, end - start))

    def pieces(self) -> Iterator[bytes]:
        """From the start, in pieces of at most 1 MiB."""
        place, size = 0, self.size
        while piece := self.read(place, place + PIECE):
            yield piece
            place += len(piece)
            self.brake.tell(Reading(self.name, place, size))

    def between(self, start: int, end: int) -> Iterator[bytes]:
        """From one place to another, in pieces of at most 1 MiB."""
        while start < end and (piece := self.read(start, min(end, start + PIECE))):
            yield piece
            start += len(piece)

    @property
    def size(self) -> int:
        """In bytes."""
        if self._span is not None:
            return self._span[1] - self._span[0]
        with reading(self.name):
            return self.file.seek(0, os.SEEK_END)

    def state(self) -> tuple[int, int]:
        """Changes whenever the file does: its size and when it was written."""
        with reading(self.name):
            told = os.fstat(self.file.fileno())
        return told.st_size, told.st_mtime_ns

    def validity(self) -> int:
        """A number of 63 bits that files of other bytes do not have."""
        digest = hashlib.sha256()
        for piece in self.pieces():
            digest.update(piece)
        return int.from_bytes(digest.digest()[:8], "big") >> (64 - _VALIDITY_BITS)

    def close(self) -> None:
        """What is one of many in a file is closed with all of them."""
        if self._span is None:
            self.file.close()


class Shelf:
    """One temporary file without a name for many contents: few files may be open at once.

    Made when there is something to put on it.
    """

    def __init__(self, brake: Brake) -> None:
        self._brake = brake
        self._file: IO[bytes] | None = None
        self._end = 0

    def put(self, pieces: Iterable[bytes], name: str) -> Content:
        """As `Content.held`; what cannot be put there whole takes no place."""
        if self._file is None:
            with _taken():
                self._file = tempfile.TemporaryFile(prefix="omm-")  # noqa: SIM115
        start = place = self._end
        for piece in pieces:
            # The pieces may come from this file.
            with _taken():
                self._file.seek(place)
                place += self._file.write(piece)
        with _taken():
            # What the disk does not take is told here, not to whoever reads it.
            self._file.flush()
        self._end = place
        return Content(self._file, name, self._brake, (start, place))

    def close(self) -> None:
        if self._file is not None:
            # What a full disk did not take is tried once more; it was told.
            with suppress(OSError):
                self._file.close()


@contextmanager
def _taken() -> Iterator[None]:
    """Makes an OSError of the disk within a `CannotGoOn`."""
    try:
        yield
    except OSError as error:
        raise CannotGoOn(disk_problem(error)) from error


def beginning_in_utf8(beginning: bytes) -> bytes:
    """The beginning of a file without its mark, UTF-16 as UTF-8."""
    encoding = utf_16(beginning)
    if encoding:
        return beginning.decode(encoding, "replace").encode()
    return beginning.removeprefix(codecs.BOM_UTF8)


def in_utf8(content: Content) -> Iterator[bytes]:
    """As `beginning_in_utf8`, all of it."""
    first = content.read(0, _ENOUGH)
    encoding = utf_16(first)
    if not encoding:
        yield from content.between(len(_mark(first)), content.size)
        return
    yield from recoded(content, encoding)


def recoded(content: Content, encoding: str) -> Iterator[bytes]:
    """All of a text in UTF-8."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for piece in content.pieces():
        yield decoder.decode(piece).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _mark(beginning: bytes) -> bytes:
    return codecs.BOM_UTF8 if beginning.startswith(codecs.BOM_UTF8) else b""


def utf_16(beginning: bytes) -> str:
    """The UTF-16 that a text begins in, with its mark or without; empty for none."""
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return next((name for name, signs in _UNMARKED.items() if signs.match(beginning)), "")
