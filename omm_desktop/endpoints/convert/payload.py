"""The bytes of one item: in memory, or above 16 MiB in a temporary file without a name."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import IO

from ...model.disk import disk_problem
from ...model.items import Payload
from ...model.problem import CannotGoOn

IN_MEMORY = 16 << 20
"""Bytes up to which an item is kept in memory."""

_PIECE = 1 << 20


class MemoryPayload:
    """Bytes held in memory."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data

    @property
    def size(self) -> int:
        return len(self.data)

    def pieces(self, at_most: int = _PIECE) -> Iterator[bytes]:
        if len(self.data) <= at_most:
            yield self.data
            return
        for start in range(0, len(self.data), at_most):
            yield self.data[start : start + at_most]

    def close(self) -> None:
        """Nothing to give back."""


class FilePayload:
    """Bytes held in a temporary file that vanishes when it is closed or collected."""

    __slots__ = ("_file", "_size")

    def __init__(self, pieces: Iterable[bytes]) -> None:
        """Write the pieces; raises `CannotGoOn` when the disk does not take them."""
        try:
            # Left open on purpose: the file lives exactly as long as the payload.
            self._file: IO[bytes] = tempfile.TemporaryFile(prefix="omm-")  # noqa: SIM115
        except OSError as error:
            raise CannotGoOn(disk_problem(error)) from error
        self._size = 0
        for piece in pieces:
            try:
                self._file.write(piece)
            except OSError as error:
                self._file.close()
                raise CannotGoOn(disk_problem(error)) from error
            self._size += len(piece)

    @property
    def size(self) -> int:
        return self._size

    def pieces(self, at_most: int = _PIECE) -> Iterator[bytes]:
        self._file.seek(0)
        while piece := self._file.read(at_most):
            yield piece

    def close(self) -> None:
        self._file.close()

    def __del__(self) -> None:
        # Where the disk did not take it there is none.
        if hasattr(self, "_file"):
            self._file.close()


def payload_of(size: int, pieces: Iterable[bytes]) -> Payload:
    """Keep `size` bytes that come in pieces, in the place that fits their number."""
    if size <= IN_MEMORY:
        return MemoryPayload(b"".join(pieces))
    return FilePayload(pieces)


def gathered(pieces: Iterator[bytes]) -> Payload:
    """Keep bytes of which nobody knows how many will come, in the place that fits their number."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size > IN_MEMORY:
            return FilePayload(chain(held, pieces))
    return MemoryPayload(b"".join(held))


def whole(payload: Payload) -> bytes:
    """All the bytes at once; for payloads known to be small."""
    if isinstance(payload, MemoryPayload):
        return payload.data
    return b"".join(payload.pieces())
