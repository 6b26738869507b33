"""Files of ours on the disk, for what has to have a name while it is read.

They lie with the person's records, where there is room for more than among the system's temporary
files. What a killed program left there the next start removes: whoever works in a folder holds a
file in it locked, and the system lets go of that by itself.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import IO

from ... import paths
from ...model.disk import disk_problem
from ...model.problem import CannotGoOn, Place, Problem, ProblemId
from .layout import acceptable

_HELD = "held"
_NAMELESS = "file"
_TRIES = 8


class UnpackedFiles:
    """A folder of its own, gone once it is closed."""

    def __init__(self) -> None:
        """Raises `CannotGoOn` when the disk does not take it."""
        remove_what_was_left()
        try:
            self._folder, self._lock = _new_folder()
        except OSError as error:
            raise CannotGoOn(disk_problem(error)) from error
        self._count = 0

    def refuse_if_larger(self, size: int, name: str) -> None:
        """Raises `CannotGoOn` (NO_ROOM_TO_UNPACK) where there is no room for so many bytes."""
        free = shutil.disk_usage(self._folder).free
        if size > free:
            detail = f"{size} bytes are needed, {free} are free"
            raise CannotGoOn(Problem(ProblemId.NO_ROOM_TO_UNPACK, Place.COMPUTER, detail, name))

    def put(self, pieces: Iterable[bytes], name: str) -> Path:
        """A file with these bytes, named as the last part of a name from an archive may be here.

        Raises `CannotGoOn` when the disk does not take it, and what `pieces` raise; then nothing of
        it stays.
        """
        self._count += 1
        (own,) = acceptable((PurePosixPath(name.replace("\\", "/")).name,))
        place = self._folder / str(self._count) / (own or _NAMELESS)
        try:
            place.parent.mkdir()
            with place.open("wb") as file:
                for piece in pieces:
                    file.write(piece)
        except BaseException as error:
            shutil.rmtree(place.parent, ignore_errors=True)
            if isinstance(error, OSError):
                raise CannotGoOn(disk_problem(error)) from error
            raise
        return place

    def close(self) -> None:
        self._lock.close()
        # On Windows whoever still reads one keeps it; the next start removes it.
        shutil.rmtree(self._folder, ignore_errors=True)


def remove_what_was_left() -> None:
    """What a killed program had unpacked; what cannot be removed stays for another time."""
    with suppress(OSError):
        for folder in _above().iterdir():
            with suppress(OSError):
                with (folder / _HELD).open("r+b") as lock:
                    _lock(lock)
                    shutil.rmtree(folder, ignore_errors=True)
                # Windows keeps what is open, and so what another start holds by now.
                (folder / _HELD).unlink()
                folder.rmdir()


def _above() -> Path:
    return paths.user_data() / "unpacked"


def _new_folder() -> tuple[Path, IO[bytes]]:
    """With the file in it that is held; raises OSError."""
    above = _above()
    above.mkdir(exist_ok=True)
    for _time in range(_TRIES):
        folder = Path(tempfile.mkdtemp(dir=above))
        lock = (folder / _HELD).open("xb")
        # Another start may take it for one that was left before it is locked.
        with suppress(OSError):
            _lock(lock)
            if (folder / _HELD).exists():
                return folder, lock
        lock.close()
        shutil.rmtree(folder, ignore_errors=True)
    raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))


def _lock(file: IO[bytes]) -> None:
    """Raises OSError when another holds it."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
