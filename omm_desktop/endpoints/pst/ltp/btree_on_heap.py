"""The B-tree kept in a heap ([MS-PST] 2.3.2)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from struct import Struct

from ..damage import Damaged, unpack
from .heap import Heap

_HEADER = Struct("<BBBBI")
_SIGNATURE = 0xB5
_MOST_LEVELS = 8
_BRANCH = Struct("<I")
# Those of 16 bytes are kept in no table or property context.
_KEYS = {2: "H", 4: "I", 8: "Q"}


def records(heap: Heap, hid: int, value: Struct) -> Iterator[tuple[int, ...]]:
    """Key and value of each record, in order of keys: one number, and those of the value.

    A value may be longer than `value`; raises `Damaged` where the tree breaks off.
    """
    signature, key_size, data_size, levels, root = unpack(_HEADER, heap.get(hid))
    if signature != _SIGNATURE or key_size not in _KEYS or levels > _MOST_LEVELS:
        raise Damaged(f"node {heap.node.nid:#x} holds no B-tree where one should be")
    if data_size < value.size:
        raise Damaged(f"records of node {heap.node.nid:#x} are too short")
    record = _record(key_size, value.format, data_size - value.size)
    if levels:
        return _below(heap, (levels, root), key_size, record) if root else iter(())
    data = heap.get(root)
    return record.iter_unpack(data[: len(data) // record.size * record.size])


def _below(
    heap: Heap, top: tuple[int, int], key_size: int, record: Struct
) -> Iterator[tuple[int, ...]]:
    """The records of a tree of several values of the heap, `top` being its levels and the first."""
    left = heap.node.data.size // key_size
    waiting = [top]
    while waiting:
        level, hid = waiting.pop()
        data = heap.get(hid)
        stride = key_size + _BRANCH.size if level else record.size
        whole = len(data) // stride * stride
        left -= whole // stride
        if left < 0:
            raise Damaged(f"the B-tree of node {heap.node.nid:#x} is larger than the node")
        if level:
            places = range(key_size, whole, stride)
            below = [_BRANCH.unpack_from(data, place)[0] for place in places]
            waiting += [(level - 1, child) for child in reversed(below)]
        else:
            yield from record.iter_unpack(data[:whole])


@cache
def _record(key_size: int, value: str, more: int) -> Struct:
    return Struct(f"<{_KEYS[key_size]}{value[1:]}{more}x")
