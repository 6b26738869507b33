"""The B-tree kept in a heap ([MS-PST] 2.3.2)."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

from ..damage import Damaged, unpack
from .heap import Heap

_HEADER = Struct("<BBBBI")
_SIGNATURE = 0xB5
_MOST_LEVELS = 8
_BRANCH = Struct("<I")
_KEY_SIZES = (2, 4, 8, 16)


def records(heap: Heap, hid: int, value_size: int) -> Iterator[tuple[int, bytes]]:
    """Key and value of each record, in order of keys.

    `value_size` is the fewest bytes a value may have; raises `Damaged` where the tree breaks off.
    """
    signature, key_size, data_size, levels, root = unpack(_HEADER, heap.get(hid))
    if signature != _SIGNATURE or key_size not in _KEY_SIZES or levels > _MOST_LEVELS:
        raise Damaged(f"node {heap.node.nid:#x} holds no B-tree where one should be")
    if data_size < value_size:
        raise Damaged(f"records of node {heap.node.nid:#x} are too short")
    if not root:
        return
    left = heap.node.data.size // key_size
    waiting = [(levels, root)]
    while waiting:
        level, hid = waiting.pop()
        data = heap.get(hid)
        stride = key_size + (_BRANCH.size if level else data_size)
        left -= len(data) // stride
        if left < 0:
            raise Damaged(f"the B-tree of node {heap.node.nid:#x} is larger than the node")
        starts = range(0, len(data) - stride + 1, stride)
        if level:
            below = (_BRANCH.unpack_from(data, start + key_size)[0] for start in starts)
            waiting += [(level - 1, child) for child in reversed(list(below))]
            continue
        for start in starts:
            key_end = start + key_size
            yield int.from_bytes(data[start:key_end], "little"), data[key_end : start + stride]
