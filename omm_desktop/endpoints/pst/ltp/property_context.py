"""Properties of one object by their id ([MS-PST] 2.3.3)."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

from ..damage import Damaged, unpack
from ..ndb.database import Node
from .btree_on_heap import records
from .heap import Heap
from .values import FIXED_SIZES, PropertyType

_SIGNATURE = 0xBC
_RECORD = Struct("<HI")
_OBJECT = Struct("<I")
_WITHIN_RECORD = {kind: width for kind, width in FIXED_SIZES.items() if width <= 4}


class PropertyContext:
    """The properties a node holds; values are read when asked for."""

    def __init__(self, node: Node) -> None:
        self._heap = Heap(node)
        if self._heap.kind != _SIGNATURE:
            raise Damaged(f"node {node.nid:#x} holds no properties")
        self._records = {
            record[0]: record for record in records(self._heap, self._heap.root, _RECORD)
        }

    def __iter__(self) -> Iterator[int]:
        """The ids of all properties."""
        return iter(self._records)

    def type_of(self, prop: int) -> int | None:
        """The type of a property, None when the object does not have it."""
        record = self._records.get(prop)
        return None if record is None else record[1]

    def raw(self, prop: int, at_most: int) -> bytes:
        """The bytes of a property the object has; raises `Damaged`, also above `at_most`."""
        _, kind, place = self._records[prop]
        width = _WITHIN_RECORD.get(kind)
        if width is not None:
            return place.to_bytes(4, "little")[:width]
        return self._heap.raw(place, at_most)

    def pieces(self, prop: int) -> Iterator[bytes]:
        """The bytes of a property of variable size, a block at a time."""
        return self._heap.pieces(self._records[prop][2])

    def size(self, prop: int) -> int:
        """The bytes of a property of variable size."""
        return self._heap.size(self._records[prop][2])

    def object_node(self, prop: int) -> Node:
        """The node that a property of type object stands for (2.3.3.5)."""
        _, kind, place = self._records[prop]
        if kind != PropertyType.OBJECT:
            raise Damaged(f"property {prop:#06x} is no object")
        (nid,) = unpack(_OBJECT, self._heap.get(place))
        return self._heap.node.subnode(nid)
