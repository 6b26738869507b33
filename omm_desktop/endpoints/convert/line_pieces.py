"""The lines of a card or a calendar one after the other, however long they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader, RawIOBase

from ...model.items import Payload

_LONGEST = 64 << 10


@dataclass(frozen=True, slots=True)
class LinePiece:
    """A line without its end, or a part of it. `begins`: not the continuation of another line."""

    text: bytes
    begins: bool


class _Stream(RawIOBase):
    def __init__(self, payload: Payload) -> None:
        self._pieces = payload.pieces()
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._rest:
            self._rest = next(self._pieces, b"")
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def pieces_of_lines(payload: Payload) -> Iterator[LinePiece]:
    """The lines unfolded (RFC 5545 section 3.1), those that are long in several pieces."""
    reader = BufferedReader(_Stream(payload), _LONGEST)
    ended = True
    while read := reader.readline(_LONGEST):
        text = read.rstrip(b"\r\n")
        if not ended:
            yield LinePiece(text, begins=False)
        elif text[:1] in (b" ", b"\t"):
            yield LinePiece(text[1:], begins=False)
        else:
            yield LinePiece(text, begins=True)
        ended = read.endswith(b"\n")


def name_of(line: bytes) -> bytes:
    """The name of the property that begins the line, upper case, without its group."""
    name = line[:200].partition(b":")[0].partition(b";")[0]
    return name.rpartition(b".")[2].strip().upper()
