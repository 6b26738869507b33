"""Writing that outlives a power cut: what was told as written is there, what was not is not.

Before a file is added to, its length is noted beside it, and the most it may have afterwards; the
note is emptied when the addition is on the disk. An addition that was cut short is taken back when
the file is next opened, unless somebody else has added to the file since.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from io import RawIOBase
from pathlib import Path
from typing import IO

_NOTE = ".adding"
_NOTED = re.compile(rb"(\d+) (\d+)\n")
_BINARY = getattr(os, "O_BINARY", 0)
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)


def make_folder(place: Path) -> None:
    """A folder that its owner alone may read, and those above it where they are missing."""
    if place.is_dir():
        return
    make_folder(place.parent)
    with contextlib.suppress(FileExistsError):
        place.mkdir(mode=0o700)
    keep_names(place.parent)


def make_file(place: Path, content: bytes = b"") -> None:
    """A file that its owner alone may read; raises FileExistsError where there is one."""
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        _to_disk(file)
    keep_names(place.parent)


def keep_names(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system lets a program do that."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


Put = Callable[[bytes], None]


def add(place: Path, most: int, write: Callable[[Put], None], at: int | None = None) -> None:
    """Add to a file what `write` puts there, `most` bytes at the most, all of it or nothing.

    It begins at the end, or `at` a place before it: what lies behind that is lost in any case.
    Raises OSError when nothing was added, `RollbackFailed` when nobody knows.
    """
    with _opened(place) as file:
        start = file.seek(0, os.SEEK_END) if at is None else file.seek(at)
        _note(place, b"%d %d\n" % (start, start + most))
        try:
            write(partial(_put, file))
            os.fsync(file.fileno())
        except BaseException:
            _take_back(file, start)
            _note(place, b"")
            raise
        try:
            _note(place, b"")
        except OSError as error:
            raise RollbackFailed(str(error)) from error


class RollbackFailed(Exception):
    """What was added could neither be finished nor taken back."""


def _put(file: RawIOBase, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) or 0 :]


def _take_back(file: RawIOBase, start: int) -> None:
    try:
        os.ftruncate(file.fileno(), start)
        os.fsync(file.fileno())
    except OSError as error:
        raise RollbackFailed(str(error)) from error


def mend(place: Path, is_ours: Callable[[bytes], bool]) -> None:
    """Take back an addition that was cut short; raises OSError.

    `is_ours` is asked about the first octets of it.
    """
    note = note_of(place)
    if not note.exists():
        return
    found = _NOTED.fullmatch(note.read_bytes()[:100])
    if found is not None:
        start, most = int(found[1]), int(found[2])
        with _opened(place) as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(start)
            if start < size <= most and is_ours(file.read(100) or b""):
                _take_back(file, start)
    note.unlink()
    keep_names(place.parent)


def note_of(place: Path) -> Path:
    """Where the length of a file is noted while something is added to it."""
    return place.with_name(place.name + _NOTE)


def tidy(place: Path) -> None:
    """Take away the note of a file to which nothing is being added."""
    with contextlib.suppress(OSError):
        if not note_of(place).stat().st_size:
            note_of(place).unlink()


def _note(place: Path, text: bytes) -> None:
    handle = os.open(note_of(place), os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(text)
        _to_disk(file)
    if text:
        keep_names(place.parent)


@contextmanager
def _opened(place: Path) -> Iterator[RawIOBase]:
    """Without a buffer, which would be written once more when what it holds is taken back."""
    handle = os.open(place, os.O_RDWR | _BINARY | _NO_LINKS)
    with os.fdopen(handle, "r+b", buffering=0) as file:
        yield file


def _to_disk(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def write_whole(
    place: Path,
    pieces: Iterable[bytes],
    modified: float | None,
    let_go: Callable[[], None] = lambda: None,
) -> None:
    """A file that is there with all its bytes or not at all; raises OSError.

    `modified` is the Unix time it is to bear. `let_go` is called just before it takes the place of
    another, which must not be open then: Windows replaces no open file. What it raises leaves the
    other as it was. `keep_names` of its folder is left to the caller.
    """
    part = place.with_name(f".{place.name}.part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY | _NO_LINKS, 0o600)
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                file.write(piece)
            _to_disk(file)
        if modified is not None:
            with contextlib.suppress(OSError, OverflowError, ValueError):
                os.utime(part, (modified, modified))
        let_go()
        part.replace(place)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
