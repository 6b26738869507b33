"""Search and walk of the node and block B-trees ([MS-PST] 2.2.2.7.7)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from enum import IntEnum
from struct import Struct
from typing import NamedTuple

from ..damage import Damaged
from .file import RandomAccessFile
from .layout import Layout

_MOST_LEVELS = 12
_PAGES_KEPT = 2048


class PageType(IntEnum):
    """The ptype of a page's trailer (2.2.2.7.1)."""

    BLOCKS = 0x80
    NODES = 0x81


class _Page(NamedTuple):
    level: int
    keys: list[int]
    entries: list[tuple[int, ...]]
    below: dict[int, _Page]


class BTree:
    """One of the two trees, read page by page.

    Keys are looked up without the bits outside `key_mask`.
    """

    def __init__(
        self, file: RandomAccessFile, layout: Layout, root: int, page_type: PageType, key_mask: int
    ) -> None:
        self._file = file
        self._layout = layout
        self._root = root
        self._type = page_type
        self._mask = key_mask
        self._leaf: Struct = (
            layout.node_entry if page_type is PageType.NODES else layout.block_entry
        )
        self._top: _Page | None = None
        self._kept = 0

    def find(self, key: int) -> tuple[int, ...] | None:
        """The leaf entry of `key`, or None; raises `Damaged` when a page on the way is."""
        key &= self._mask
        page = self._start()
        while True:
            level, keys, entries, below = page
            index = bisect_right(keys, key) - 1
            if index < 0:
                return None
            if level == 0:
                return entries[index] if keys[index] == key else None
            found = below.get(index)
            if found is None:
                found = below[index] = self._below(page, entries[index])
                self._kept += 1
            page = found

    def _start(self) -> _Page:
        """The top, with the pages below it that were met since the last time there were many."""
        if self._top is None or self._kept > _PAGES_KEPT:
            self._top = self._read(self._root)
            self._kept = 0
        return self._top

    def walk(self) -> Iterator[tuple[int, ...] | Damaged]:
        """Every leaf entry in order of keys; a page that cannot be read gives its `Damaged`."""
        left = self._file.size // self._layout.page_size
        waiting: list[Iterator[_Page | Damaged]] = [iter([self._read(self._root)])]
        while waiting:
            page = next(waiting[-1], None)
            if page is None:
                waiting.pop()
            elif isinstance(page, Damaged):
                yield page
            elif page.level == 0:
                yield from page.entries
            else:
                left -= len(page.entries)
                if left < 0:
                    raise Damaged("a B-tree has more pages than the file")
                waiting.append(self._pages_below(page))

    def _pages_below(self, page: _Page) -> Iterator[_Page | Damaged]:
        for entry in page.entries:
            try:
                yield self._below(page, entry)
            except Damaged as damage:
                yield damage

    def _below(self, page: _Page, entry: tuple[int, ...]) -> _Page:
        found = self._read(entry[2])
        if found.level != page.level - 1:
            raise Damaged(f"the B-tree page at {entry[2]} is of an unexpected level")
        return found

    def _read(self, offset: int) -> _Page:
        layout = self._layout
        data = self._file.read(offset, layout.page_size)
        if len(data) < layout.page_size:
            raise Damaged(f"the B-tree page at {offset} lies outside the file")
        count, _, stride, level = layout.counts.unpack_from(data, layout.page_counts)
        if data[-layout.page_trailer] != self._type:
            raise Damaged(f"the page at {offset} is none of the B-tree's")
        entry = self._leaf if level == 0 else layout.branch
        if level > _MOST_LEVELS or stride < entry.size or count * stride > layout.page_counts:
            raise Damaged(f"the B-tree page at {offset} is malformed")
        mask = self._mask
        entries = [entry.unpack_from(data, index * stride) for index in range(count)]
        return _Page(level, [found[0] & mask for found in entries], entries, {})
