"""Nodes within a node: its attachments, tables and large values ([MS-PST] 2.2.2.8.3.3)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from struct import Struct

from ..damage import Damaged, unpack
from .blocks import Blocks

_HEADER = Struct("<BBH")
_SUBNODE_BLOCK = 2

SubnodeEntry = tuple[int, int, int]
"""Node id, data block id, subnode block id."""


class Subnodes:
    """The subnodes of a node, looked up by node id. An empty tree has block id 0."""

    def __init__(self, blocks: Blocks, bid: int) -> None:
        self._blocks = blocks
        self._bid = bid
        self._root: tuple[int, list[tuple[int, ...]]] | None = None
        self._leaf: tuple[int, dict[int, SubnodeEntry]] | None = None

    def find(self, nid: int) -> SubnodeEntry | None:
        """The entry of `nid`, or None; raises `Damaged` when a block on the way is."""
        if not self._bid:
            return None
        level, entries = self._top()
        if level == 0:
            return self._leaf_of(self._bid).get(nid)
        index = bisect_right(entries, nid, key=_node_id) - 1
        return None if index < 0 else self._leaf_of(entries[index][1]).get(nid)

    def walk(self) -> Iterator[SubnodeEntry]:
        """Every entry in order."""
        if not self._bid:
            return
        level, entries = self._top()
        if level == 0:
            yield from self._leaf_of(self._bid).values()
            return
        for entry in entries:
            yield from self._leaf_of(entry[1]).values()

    def _top(self) -> tuple[int, list[tuple[int, ...]]]:
        if self._root is None:
            self._root = self._entries(self._bid)
        return self._root

    def _leaf_of(self, bid: int) -> dict[int, SubnodeEntry]:
        if self._leaf is None or self._leaf[0] != bid:
            level, entries = self._top() if bid == self._bid else self._entries(bid)
            if level != 0:
                raise Damaged(f"subnode block {bid:#x} is of an unexpected level")
            found = {
                entry[0] & 0xFFFFFFFF: (entry[0] & 0xFFFFFFFF, entry[1], entry[2])
                for entry in entries
            }
            self._leaf = bid, found
        return self._leaf[1]

    def _entries(self, bid: int) -> tuple[int, list[tuple[int, ...]]]:
        data = self._blocks.read(bid)
        kind, level, count = unpack(_HEADER, data)
        layout = self._blocks.layout
        if kind != _SUBNODE_BLOCK or level not in (0, 1):
            raise Damaged(f"block {bid:#x} is no list of subnodes")
        entry = layout.subnode_branch if level else layout.subnode_entry
        start, end = layout.subnode_header, layout.subnode_header + count * entry.size
        if end > len(data):
            raise Damaged(f"subnode block {bid:#x} is shorter than its list")
        return level, list(entry.iter_unpack(data[start:end]))


def _node_id(entry: tuple[int, ...]) -> int:
    return entry[0] & 0xFFFFFFFF
