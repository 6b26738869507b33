"""The file's bytes by their place."""

from __future__ import annotations

from io import FileIO
from pathlib import Path


class RandomAccessFile:
    """A file open for reading, for one thread.

    It is read and not mapped into memory: mapped pages count as memory of the program, and one
    that a network drive no longer gives would end it. Raises OSError.
    """

    def __init__(self, path: Path) -> None:
        self._file = FileIO(path, "rb")
        self.size = self._file.seek(0, 2)

    def read(self, offset: int, size: int) -> bytes:
        """The bytes at `offset`, fewer where the file ends."""
        if not 0 <= offset < self.size:
            return b""
        self._file.seek(offset)
        return self._file.read(size)

    def close(self) -> None:
        """Give the file back."""
        self._file.close()
