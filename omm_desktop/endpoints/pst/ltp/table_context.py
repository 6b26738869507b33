"""Rows of properties: contents, recipients, attachments ([MS-PST] 2.3.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from struct import Struct
from typing import NamedTuple

from ..damage import Damaged, unpack
from ..ndb.database import Node
from .btree_on_heap import records
from .heap import Heap
from .values import FIXED_SIZES

_SIGNATURE = 0x7C
_INFO = Struct("<BBHHHHIII")
_COLUMN = Struct("<HHHBB")
_HNID = Struct("<I")
_NID_TYPES = 0x1F


class Column(NamedTuple):
    """One property of the rows: its cell's place and width in bytes, and its existence bit."""

    prop: int
    kind: int
    offset: int
    width: int
    bit: int


class TableContext:
    """The rows of a table, read one after the other."""

    def __init__(self, node: Node) -> None:
        self._heap = Heap(node)
        info = self._heap.get(self._heap.root)
        signature, count, _, _, self._bits, self._width, index, rows, _ = unpack(_INFO, info)
        if signature != _SIGNATURE or self._heap.kind != _SIGNATURE:
            raise Damaged(f"node {node.nid:#x} holds no table")
        if not self._bits < self._width:
            raise Damaged(f"rows of table {node.nid:#x} are malformed")
        self._index = index
        self._rows = rows
        end = _INFO.size + count * _COLUMN.size
        if end > len(info):
            raise Damaged(f"table {node.nid:#x} has fewer columns than it says")
        self.columns = _columns(info[_INFO.size : end])

    def row_ids(self) -> Iterator[int]:
        """The ids of all rows, which in most tables are node ids."""
        for row_id, _ in self._row_places():
            yield row_id

    def rows(self) -> Iterator[Row | Damaged]:
        """Every row in order of ids; one that cannot be read gives its `Damaged`."""
        return (row for _, row in self.rows_by_id())

    def rows_by_id(self) -> Iterator[tuple[int, Row | Damaged]]:
        """The same, each with its id, which a row that cannot be read has as well."""
        matrix: _Matrix | None = None
        for row_id, place in self._row_places():
            try:
                matrix = matrix or _Matrix(self._heap, self._rows, self._width)
                yield row_id, Row(row_id, self, matrix.row(place))
            except Damaged as damage:
                yield row_id, damage

    def _row_places(self) -> Iterator[tuple[int, ...]]:
        return records(self._heap, self._index, self._heap.node.layout.row_place)

    def cell(self, column: Column, data: bytes) -> bytes | None:
        """A column's own bytes in a row, None when the row does not have it."""
        end = column.offset + column.width
        present = self._bits + column.bit // 8
        if end > len(data) or present >= len(data):
            raise Damaged(f"column {column.prop:#06x} lies outside its row")
        if not data[present] & 0x80 >> column.bit % 8:
            return None
        return data[column.offset : end]

    def outside(self, hnid: int, at_most: int) -> bytes:
        """The bytes of a value that does not fit a cell."""
        return self._heap.raw(hnid, at_most)


@lru_cache(maxsize=64)
def _columns(described: bytes) -> Mapping[int, Column]:
    """The columns by their properties; most tables of a file have the same ones."""
    # A column's tag holds the type in its lower half.
    return {
        prop: Column(prop, kind, offset, width, bit)
        for kind, prop, offset, width, bit in _COLUMN.iter_unpack(described)
    }


class Row:
    """One row of a table, with the same questions as a property context."""

    def __init__(self, row_id: int, table: TableContext, data: bytes) -> None:
        self.row_id = row_id
        self._table = table
        self._data = data

    def type_of(self, prop: int) -> int | None:
        """The type of a property, None when the row does not have it."""
        column = self._table.columns.get(prop)
        if column is None or self._table.cell(column, self._data) is None:
            return None
        return column.kind

    def raw(self, prop: int, at_most: int) -> bytes:
        """The bytes of a property the row has; raises `Damaged`, also above `at_most`."""
        column = self._table.columns[prop]
        cell = self._table.cell(column, self._data) or b""
        width = FIXED_SIZES.get(column.kind)
        if width is not None:
            # Some writers make cells wider than the type.
            return cell[:width]
        return self._table.outside(unpack(_HNID, cell)[0], at_most)


class _Matrix:
    """The rows' bytes: in the heap, or in the blocks of a subnode where no row spans two."""

    def __init__(self, heap: Heap, hnid: int, width: int) -> None:
        self._width = width
        self._in_heap = hnid & _NID_TYPES == 0
        self._block = 0
        self._data = b""
        self._per_block = 0
        if self._in_heap:
            self._data = heap.get(hnid)
            return
        self._tree = heap.node.subnode(hnid).data
        if self._tree.leaves:
            self._data = self._tree.block(0)
            self._per_block = len(self._data) // width

    def row(self, index: int) -> bytes:
        if not self._in_heap:
            if not self._per_block:
                raise Damaged("the rows of a table are missing")
            block, index = divmod(index, self._per_block)
            if block != self._block:
                self._data = self._tree.block(block)
                self._block = block
        start = index * self._width
        if start + self._width > len(self._data):
            raise Damaged(f"row {index} lies outside its table")
        return self._data[start : start + self._width]
