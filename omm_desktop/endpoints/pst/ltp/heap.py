"""The heap within a node, and values that lie there or in a subnode ([MS-PST] 2.3.1)."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

from ..damage import Damaged, unpack
from ..ndb.database import Node

_FIRST = Struct("<HBBI")
_PAGE_MAP = Struct("<H")
_COUNT = Struct("<H")
_SPAN = Struct("<HH")
_SIGNATURE = 0xEC
_BLOCKS_KEPT = 32


class Heap:
    """Small values by heap id; `kind` (bClientSig) says what the heap is for, `root` where."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self._blocks: dict[int, tuple[bytes, int, int]] = {}
        self._index_bits = node.layout.heap_index_bits
        _, signature, self.kind, self.root = unpack(_FIRST, self._block(0)[0])
        if signature != _SIGNATURE:
            raise Damaged(f"node {node.nid:#x} holds no heap")

    def get(self, hid: int) -> bytes:
        """The value with heap id `hid`; id 0 is the empty value."""
        if not hid:
            return b""
        index = hid >> 5 & (1 << self._index_bits) - 1
        data, page_map, count = self._block(hid >> 5 + self._index_bits)
        # cFree and the fill levels are wrong in some files; nothing here needs them.
        if hid & 0x1F or not 1 <= index <= count:
            raise Damaged(f"heap id {hid:#x} of node {self.node.nid:#x} points nowhere")
        start, end = unpack(_SPAN, data, page_map + 4 + 2 * (index - 1))
        if not start <= end <= len(data):
            raise Damaged(f"heap id {hid:#x} of node {self.node.nid:#x} is malformed")
        return data[start:end]

    def raw(self, hnid: int, at_most: int) -> bytes:
        """A value here or, when the id is a node's, in a subnode (2.3.3.2)."""
        if _is_heap_id(hnid):
            return self.get(hnid)
        return self.node.subnode(hnid).data.read(at_most)

    def pieces(self, hnid: int) -> Iterator[bytes]:
        """The same, a block at a time and without a limit."""
        if _is_heap_id(hnid):
            return iter([self.get(hnid)])
        return self.node.subnode(hnid).data.pieces()

    def size(self, hnid: int) -> int:
        """The bytes of such a value."""
        return len(self.get(hnid)) if _is_heap_id(hnid) else self.node.subnode(hnid).data.size

    def _block(self, index: int) -> tuple[bytes, int, int]:
        """A block, the place of its page map (2.3.1.5), and how many values that counts."""
        found = self._blocks.get(index)
        if found is None:
            if len(self._blocks) >= _BLOCKS_KEPT:
                self._blocks.clear()
            data = self.node.data.block(index)
            (page_map,) = unpack(_PAGE_MAP, data)
            (count,) = unpack(_COUNT, data, page_map)
            found = self._blocks[index] = data, page_map, count
        return found


def _is_heap_id(hnid: int) -> bool:
    return hnid & 0x1F == 0
