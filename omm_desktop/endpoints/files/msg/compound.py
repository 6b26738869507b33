"""Compound files ([MS-CFB]): storages and streams in one file, read without ever holding a stream.

Other than the specification wants, for the sake of files as programs write them: the colours and
the order of the directory's trees count for nothing, nor does the number of a file's version. What
leads in a circle or out of the file raises `Damaged`.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import Struct
from typing import Protocol

from ...pst.damage import Damaged, NotOutlookFile, unpack

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER = Struct("<8s16x2HH2H6x9I")
_ENTRY = Struct("<64sHBBIII36xIQ")
_NUMBERS_IN_HEADER = 109
_HEADER_SIZE = 512
_LAST = 0xFFFFFFFA
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_MINI = 64
_RUN = 1 << 20
_DEEPEST = 64
_MOST_ENTRIES = 200_000


class Readable(Protocol):
    """Bytes that can be read from any place on."""

    @property
    def size(self) -> int: ...

    def read(self, start: int, end: int) -> bytes: ...


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: int
    before: int
    after: int
    below: int
    start: int
    size: int


@dataclass(slots=True)
class Storage:
    """A storage: what is in it, by name in small letters."""

    streams: dict[str, Stream] = field(default_factory=dict)
    storages: dict[str, Storage] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream of bytes."""

    file: CompoundFile
    start: int
    size: int

    def pieces(self) -> Iterator[bytes]:
        """From the start, in pieces of at most 1 MiB; raises `Damaged`."""
        return self.file.pieces(self.start, self.size)

    def read(self, at_most: int) -> bytes:
        """All of it; raises `Damaged` also above `at_most` bytes."""
        if self.size > at_most:
            raise Damaged(f"{self.size} bytes where {at_most} are the most")
        return b"".join(self.pieces())


class CompoundFile:
    """Raises `NotOutlookFile` for what is no compound file, and what `Readable.read` raises."""

    def __init__(self, content: Readable) -> None:
        self._content = content
        header = content.read(0, _HEADER_SIZE)
        if len(header) < _HEADER_SIZE or not header.startswith(SIGNATURE):
            raise NotOutlookFile("no compound file")
        numbers = unpack(_HEADER, header)
        _, _, _, _, shift, mini_shift, _, _, first, _, self._mini_below, mini, _, more, _ = numbers
        if shift not in (9, 12) or mini_shift != 6:
            raise NotOutlookFile(f"sectors of 2^{shift} and 2^{mini_shift} bytes")
        self._sector = 1 << shift
        self._most = content.size // self._sector + 1
        self._next = self._allocation(header, more)
        entries = self._entries(first)
        self._mini_sectors = self._chain(entries[0].start) if entries[0].size else array("I")
        self._mini_next = array("I")
        for number in self._chain(mini):
            self._mini_next.frombytes(_whole(self._read_sector(number)))
        self.root = self._storage(entries, entries[0].below, {0}, 0)

    def _read_sector(self, number: int) -> bytes:
        start = (number + 1) * self._sector
        return self._content.read(start, start + self._sector)

    def _allocation(self, header: bytes, more: int) -> array[int]:
        """Which sector follows which (2.3)."""
        places = array("I", header[-4 * _NUMBERS_IN_HEADER :])
        enough = self._most * 4 // self._sector + 2 * _NUMBERS_IN_HEADER
        while more < _LAST and len(places) < enough:
            block = array("I", _whole(self._read_sector(more)))
            if not block:
                raise Damaged("the table of sectors is cut short")
            more = block.pop()
            places.extend(block)
        following = array("I")
        for place in places[:enough]:
            if place < _LAST:
                following.frombytes(_whole(self._read_sector(place)))
        return following

    def _chain(self, start: int) -> array[int]:
        """The sectors of a chain, in order."""
        return _followed(start, self._next, self._most)

    def _entries(self, first: int) -> list[_Entry]:
        entries: list[_Entry] = []
        for number in self._chain(first):
            data = self._read_sector(number)
            for offset in range(0, len(data) - _ENTRY.size + 1, _ENTRY.size):
                entries.append(self._entry(data, offset))
            if len(entries) > _MOST_ENTRIES:
                raise Damaged(f"more than {_MOST_ENTRIES} streams")
        if not entries or entries[0].kind != _ROOT:
            raise NotOutlookFile("no directory")
        return entries

    def _entry(self, data: bytes, offset: int) -> _Entry:
        name, length, kind, _, before, after, below, start, size = _ENTRY.unpack_from(data, offset)
        text = name[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace").lower()
        # The older generation leaves the upper half of the length undefined.
        size = size & 0xFFFFFFFF if self._sector == _HEADER_SIZE else size
        return _Entry(text, kind, before, after, below, start, size)

    def _storage(self, entries: list[_Entry], top: int, seen: set[int], depth: int) -> Storage:
        """`seen` are the entries that belong somewhere already."""
        found = Storage()
        if depth > _DEEPEST:
            raise Damaged(f"storages are nested deeper than {_DEEPEST}")
        waiting = [top]
        while waiting:
            number = waiting.pop()
            if number >= len(entries) or number in seen:
                continue
            seen.add(number)
            entry = entries[number]
            waiting += [entry.before, entry.after]
            if entry.kind == _STREAM:
                found.streams[entry.name] = Stream(self, entry.start, entry.size)
            elif entry.kind == _STORAGE:
                found.storages[entry.name] = self._storage(entries, entry.below, seen, depth + 1)
        return found

    def pieces(self, start: int, size: int) -> Iterator[bytes]:
        """The bytes of a stream; raises `Damaged`."""
        if size < self._mini_below:
            chain = _followed(start, self._mini_next, len(self._mini_next) + 1)
            yield from self._cut(map(self._mini_sector, chain), size)
        elif size > self._content.size:
            raise Damaged("a stream is larger than its file")
        else:
            yield from self._cut(self._runs(self._chain(start)), size)

    def _cut(self, pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
        left = size
        for piece in pieces:
            yield piece[:left]
            left -= len(piece)
            if left <= 0:
                return
        if left > 0:
            raise Damaged(f"{left} bytes are missing")

    def _mini_sector(self, number: int) -> bytes:
        place = number * _MINI
        index, within = divmod(place, self._sector)
        if index >= len(self._mini_sectors):
            raise Damaged("a short stream lies outside of its place")
        start = (self._mini_sectors[index] + 1) * self._sector + within
        return self._content.read(start, start + _MINI)

    def _runs(self, chain: array[int]) -> Iterator[bytes]:
        """Sectors that lie side by side are read at once."""
        place = 0
        while place < len(chain):
            end = place + 1
            while end < len(chain) and chain[end] == chain[end - 1] + 1:
                if (end - place + 1) * self._sector > _RUN:
                    break
                end += 1
            start = (chain[place] + 1) * self._sector
            yield self._content.read(start, start + (end - place) * self._sector)
            place = end


def _whole(data: bytes) -> bytes:
    return data[: len(data) // 4 * 4]


def _followed(start: int, following: array[int], most: int) -> array[int]:
    chain = array("I")
    number = start
    while number < _LAST:
        if number >= len(following) or len(chain) > most:
            raise Damaged(f"a chain of sectors breaks off after {len(chain)}")
        chain.append(number)
        number = following[number]
    return chain
