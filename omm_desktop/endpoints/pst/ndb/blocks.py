"""Blocks by their id: found, checked, inflated and decoded ([MS-PST] 2.2.2.8)."""

from __future__ import annotations

import zlib
from typing import NamedTuple

from ..damage import Damaged
from .btree import BTree, PageType
from .encoding import decode
from .file import RandomAccessFile
from .header import Header

_INTERNAL = 2
_MOST_SUSPECTS = 10_000
_BEST_DEFLATION = 1032
_LARGEST_TREE = 1 << 32


class BlockPlace(NamedTuple):
    """Where a block lies in the file, and its size there and once inflated."""

    offset: int
    stored: int
    size: int


class Blocks:
    """All blocks of a file.

    A block whose checksum is wrong is given all the same, as every other reader does, and its id
    is put into `suspects`.
    """

    def __init__(self, file: RandomAccessFile, header: Header) -> None:
        self._file = file
        self._encoding = header.encoding
        self.layout = layout = header.layout
        self._trailer = layout.block_trailer.size
        self._alignment = layout.block_alignment
        self._checksum_at = 8 if layout.trailer_has_bid_first else 4
        # Bit 0 of a block id has no meaning (2.2.2.2).
        self._tree = BTree(
            file, header.layout, header.block_root, PageType.BLOCKS, key_mask=~1 & (1 << 64) - 1
        )
        self.suspects: set[int] = set()
        self.most_leaves = file.size // header.layout.block_alignment
        deflation = _BEST_DEFLATION if header.layout.compressed else 1
        self.largest_tree = min(file.size * deflation, _LARGEST_TREE)

    def place(self, bid: int) -> BlockPlace:
        """Where block `bid` is; raises `Damaged` when there is none or it is outside the file."""
        entry = self._tree.find(bid)
        if entry is None:
            raise Damaged(f"block {bid:#x} is missing")
        offset, stored = entry[1], entry[2]
        size = (entry[3] or stored) if self.layout.compressed else stored
        if offset + stored > self._file.size:
            raise Damaged(f"block {bid:#x} lies outside the file")
        return BlockPlace(offset, stored, size)

    def read(self, bid: int) -> bytes:
        """The plain bytes of block `bid`."""
        offset, stored, size = self.place(bid)
        whole = stored + self._trailer
        block = self._file.read(offset, whole + -whole % self._alignment)
        data = block[:stored]
        if len(data) < stored:
            raise Damaged(f"block {bid:#x} cannot be read to its end")
        if not self._is_sound(data, block) and len(self.suspects) < _MOST_SUSPECTS:
            self.suspects.add(bid)
        if size != stored:
            data = _inflate(data, size, bid)
        return data if bid & _INTERNAL else decode(data, self._encoding, bid)

    def _is_sound(self, data: bytes, block: bytes) -> bool:
        """Whether the checksum in a block's trailer (2.2.2.8.1) is that of its data."""
        trailer = len(block) - self._trailer
        if trailer < 0:
            return False
        place = trailer + self._checksum_at
        return checksum(data) == int.from_bytes(block[place : place + 4], "little")


def is_internal(bid: int) -> bool:
    """Whether a block holds ids of other blocks; such blocks are never encoded."""
    return bool(bid & _INTERNAL)


def checksum(data: bytes) -> int:
    """The CRC of [MS-PST] 5.3, which begins with 0 and is not inverted at the end."""
    return zlib.crc32(data, 0xFFFFFFFF) ^ 0xFFFFFFFF


def _inflate(data: bytes, size: int, bid: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, size)
    except zlib.error as error:
        raise Damaged(f"block {bid:#x} cannot be inflated: {error}") from error
