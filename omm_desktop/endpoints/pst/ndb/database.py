"""An Outlook data file as nodes, each with bytes and subnodes of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from ..damage import Damaged, NotOutlookFile
from .blocks import Blocks
from .btree import BTree, PageType
from .data_tree import DataTree
from .file import RandomAccessFile
from .header import HEADER_SIZE, read_header
from .layout import Layout
from .subnodes import Subnodes


class Node(NamedTuple):
    """A node: its id (type in the lowest five bits), its bytes, and the nodes within it."""

    nid: int
    data: DataTree
    subnodes: Subnodes
    blocks: Blocks

    @property
    def layout(self) -> Layout:
        return self.blocks.layout

    def subnode(self, nid: int) -> Node:
        """The node `nid` within this one; raises `Damaged` when there is none."""
        entry = self.subnodes.find(nid)
        if entry is None:
            raise Damaged(f"subnode {nid:#x} of node {self.nid:#x} is missing")
        return _node(self.blocks, *entry)


class Database(AbstractContextManager["Database"]):
    """The file, open for reading alone.

    Raises `NotOutlookFile` for anything else, and OSError when the file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._file = RandomAccessFile(path)
        try:
            header = read_header(self._file.read(0, HEADER_SIZE))
        except NotOutlookFile:
            self._file.close()
            raise
        self.header = header
        self.blocks = Blocks(self._file, header)
        self._nodes = BTree(
            self._file, header.layout, header.node_root, PageType.NODES, key_mask=0xFFFFFFFF
        )

    def node(self, nid: int) -> Node:
        """The node `nid`; raises `Damaged` when there is none."""
        entry = self._nodes.find(nid)
        if entry is None:
            raise Damaged(f"node {nid:#x} is missing")
        return _node(self.blocks, nid, entry[1], entry[2])

    def parents(self) -> Iterator[tuple[int, int]]:
        """Every node's id with that of its parent; what damaged pages held is left out."""
        for entry in self._nodes.walk():
            if not isinstance(entry, Damaged):
                yield entry[0] & 0xFFFFFFFF, entry[3]

    def close(self) -> None:
        """Give the file back; nodes cannot be read any more."""
        self._file.close()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _node(blocks: Blocks, nid: int, data: int, subnodes: int) -> Node:
    return Node(nid, DataTree(blocks, data), Subnodes(blocks, subnodes), blocks)
