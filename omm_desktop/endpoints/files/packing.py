"""What gzip (RFC 1952), bzip2 and xz have packed, unpacked from its beginning on."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, cast

from ...model.progress import Reading
from .archive import Room, left_out
from .content import PIECE, Content

GZIP, BZIP2, XZ = b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\0"
PACKED_MARKS = (GZIP, BZIP2, XZ)

_ENOUGH = 1 << 10
MEMORY = 128 << 20
"""Bytes that unpacking may take: xz needs half of it where it packed as well as it can."""
_BROKEN = (zlib.error, lzma.LZMAError, EOFError, ValueError, OSError)


class Unpacked:
    """The bytes within a file, in their order; those of one that is not packed as they are.

    `name` is what is told where they cannot be had, and counts against `room`. `place` is how many
    were read so far.
    """

    def __init__(self, content: Content, name: str, room: Room) -> None:
        """Raises `ItemError` (ARCHIVE_PART_LEFT_OUT) when unpacking takes too much memory."""
        self._content = content
        self._name = name
        self._room = room
        self.place = 0
        self._size = content.size
        try:
            self._stream = _stream(content)
        except _BROKEN as error:
            raise left_out(name, str(error)) from error

    def read(self, size: int) -> bytes:
        """So many bytes, fewer at the end alone; raises `ItemError`."""
        self._content.brake.check()
        try:
            piece = self._stream.read(size)
        except _BROKEN as error:
            raise left_out(self._name, str(error)) from error
        self.place += len(piece)
        self._room.take(self._name, self.place)
        self._content.brake.tell(
            Reading(self._content.name, min(self._content.file.tell(), self._size), self._size)
        )
        return piece

    def pieces(self, size: int | None = None) -> Iterator[bytes]:
        """What follows, to the end or so many bytes of it; raises `ItemError` as `read` does."""
        while size is None or size > 0:
            piece = self.read(PIECE if size is None else min(PIECE, size))
            if not piece:
                break
            size = None if size is None else size - len(piece)
            yield piece


def _stream(content: Content) -> IO[bytes]:
    file = content.file
    file.seek(0)
    first = file.read(_ENOUGH)
    file.seek(0)
    if first.startswith(GZIP):
        return cast(IO[bytes], gzip.GzipFile(fileobj=file, mode="rb"))
    if first.startswith(BZIP2):
        return bz2.BZ2File(file)
    if first.startswith(XZ):
        # What unpacks all of it takes as much memory as the file asks for.
        with suppress(EOFError):
            lzma.LZMADecompressor(memlimit=MEMORY).decompress(first)
        return lzma.LZMAFile(file)
    return file
