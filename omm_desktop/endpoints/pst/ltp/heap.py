"""The heap within a node, and values that lie there or in a subnode ([MS-PST] 2.3.1)."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct, unpack_from

from ..damage import Damaged, unpack
from ..ndb.database import Node

_FIRST = Struct("<HBBI")
_PAGE_MAP = Struct("<H")
_COUNT = Struct("<H")
_PLACES_AT = 4
_SIGNATURE = 0xEC
_BLOCKS_KEPT = 32
_NOT_IN_HEAP = 0x1F


class Heap:
    """Small values by heap id; `kind` (bClientSig) says what the heap is for, `root` where."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self._blocks: dict[int, tuple[bytes, tuple[int, ...]]] = {}
        bits = node.layout.heap_index_bits
        self._index_mask, self._block_shift = (1 << bits) - 1, 5 + bits
        _, signature, self.kind, self.root = unpack(_FIRST, self._block(0)[0])
        if signature != _SIGNATURE:
            raise Damaged(f"node {node.nid:#x} holds no heap")

    def get(self, hid: int) -> bytes:
        """The value with heap id `hid`; id 0 is the empty value."""
        if not hid:
            return b""
        index = hid >> 5 & self._index_mask
        block = hid >> self._block_shift
        data, places = self._blocks.get(block) or self._block(block)
        # cFree and the fill levels are wrong in some files; nothing here needs them.
        if hid & 0x1F or not 1 <= index < len(places):
            raise Damaged(f"heap id {hid:#x} of node {self.node.nid:#x} points nowhere")
        start, end = places[index - 1], places[index]
        if not start <= end <= len(data):
            raise Damaged(f"heap id {hid:#x} of node {self.node.nid:#x} is malformed")
        return data[start:end]

    def raw(self, hnid: int, at_most: int) -> bytes:
        """A value here or, when the id is a node's, in a subnode (2.3.3.2)."""
        if not hnid & _NOT_IN_HEAP:
            return self.get(hnid)
        return self.node.subnode(hnid).data.read(at_most)

    def pieces(self, hnid: int) -> Iterator[bytes]:
        """The same, a block at a time and without a limit."""
        if not hnid & _NOT_IN_HEAP:
            return iter([self.get(hnid)])
        return self.node.subnode(hnid).data.pieces()

    def size(self, hnid: int) -> int:
        """The bytes of such a value."""
        if not hnid & _NOT_IN_HEAP:
            return len(self.get(hnid))
        return self.node.subnode(hnid).data.size

    def _block(self, index: int) -> tuple[bytes, tuple[int, ...]]:
        """A block, and where its values begin by its page map (2.3.1.5), with the end of the last.

        Of a map that breaks off it is what there is.
        """
        if len(self._blocks) >= _BLOCKS_KEPT:
            self._blocks.clear()
        data = self.node.data.block(index)
        (page_map,) = unpack(_PAGE_MAP, data)
        (count,) = unpack(_COUNT, data, page_map)
        here = page_map + _PLACES_AT
        there = min(count + 1, max(len(data) - here, 0) // 2)
        found = self._blocks[index] = data, unpack_from(f"<{there}H", data, here)
        return found
