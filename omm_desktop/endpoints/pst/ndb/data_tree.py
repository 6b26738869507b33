"""The bytes of a node: one block, or a tree of them ([MS-PST] 2.2.2.8.3.2)."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

from ..damage import Damaged, unpack
from .blocks import Blocks, is_internal

_TREE_HEADER = Struct("<BBHI")
_TREE_BLOCK = 1


class DataTree:
    """A sequence of bytes kept in blocks; nothing is read before it is asked for."""

    def __init__(self, blocks: Blocks, bid: int) -> None:
        self._blocks = blocks
        self._bid = bid
        self._leaves: list[int] | None = None

    @property
    def size(self) -> int:
        """The number of bytes, as the file tells it."""
        if not self._bid:
            return 0
        if not is_internal(self._bid):
            return self._blocks.place(self._bid).size
        return self._children(self._bid)[1]

    @property
    def leaves(self) -> list[int]:
        """Ids of the blocks that hold the bytes, in order."""
        if self._leaves is None:
            self._leaves = self._list_leaves()
        return self._leaves

    def block(self, index: int) -> bytes:
        """The bytes of one block; raises `Damaged` when there are fewer."""
        leaves = self.leaves
        if not 0 <= index < len(leaves):
            raise Damaged(f"block {index} of {len(leaves)} of a node is wanted")
        return self._blocks.read(leaves[index])

    def pieces(self) -> Iterator[bytes]:
        """All bytes from the first, a block at a time."""
        left = self._blocks.largest_tree
        for bid in self.leaves:
            piece = self._blocks.read(bid)
            left -= len(piece)
            if left < 0:
                raise Damaged("a node holds more than the file can")
            yield piece

    def read(self, at_most: int) -> bytes:
        """All bytes at once; raises `Damaged` when there are more than `at_most`."""
        found = bytearray()
        for piece in self.pieces():
            found += piece
            if len(found) > at_most:
                raise Damaged(f"a value is larger than {at_most} bytes")
        return bytes(found)

    def _list_leaves(self) -> list[int]:
        if not self._bid:
            return []
        if not is_internal(self._bid):
            return [self._bid]
        level, _, children = self._children(self._bid)
        if level == 1:
            return children
        leaves: list[int] = []
        for child in children:
            below, _, bids = self._children(child)
            if below != 1:
                raise Damaged(f"data block {child:#x} is of an unexpected level")
            leaves += bids
            if len(leaves) > self._blocks.most_leaves:
                raise Damaged("a node has more blocks than the file")
        return leaves

    def _children(self, bid: int) -> tuple[int, int, list[int]]:
        """Level, bytes in all and children of an XBLOCK or XXBLOCK."""
        data = self._blocks.read(bid)
        kind, level, count, total = unpack(_TREE_HEADER, data)
        width = self._blocks.layout.bid
        if kind != _TREE_BLOCK or level not in (1, 2):
            raise Damaged(f"block {bid:#x} is no list of data blocks")
        if _TREE_HEADER.size + count * width.size > len(data):
            raise Damaged(f"data block {bid:#x} is shorter than its list")
        listed = data[_TREE_HEADER.size : _TREE_HEADER.size + count * width.size]
        children = [child for (child,) in width.iter_unpack(listed)]
        if level == 1 and any(map(is_internal, children)):
            raise Damaged(f"data block {bid:#x} lists blocks that hold no data")
        return level, total, children
