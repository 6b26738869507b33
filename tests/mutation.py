"""Files changed where their structure is, as no program writes them.

`OMM_EXAMPLES` is how many of each kind are made up (CONTRIBUTING.md).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import NamedTuple

from hypothesis import strategies as st

_BLOCK = 64
_SIZES = (16, 64, 512)
_NUMBERS = (0, 1, 2, 0x7F, 0x80, 0x1FF, 0x200, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF)
_LARGE_NUMBERS = (0xFFFFFFFC, 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF, 1 << 33, (1 << 63) - 1)

Way = Callable[[bytearray, int, int], None]
"""Changes the data at a place; what the second number means is its own."""


class Change(NamedTuple):
    """One change; `place` and `other` are parts of what is in use."""

    way: Way
    place: float
    other: float


def examples(usual: int) -> int:
    """How many examples a test of readers makes up."""
    return int(os.environ.get("OMM_EXAMPLES", usual))


def _flip(data: bytearray, place: int, other: int) -> None:
    data[place] ^= 1 << other % 8


def _put(width: int, number: int) -> Way:
    def put(data: bytearray, place: int, other: int) -> None:
        start = place // width * width
        mask = (1 << 8 * width) - 1
        data[start : start + width] = (number & mask).to_bytes(width, "little")

    return put


def _add(width: int, difference: int) -> Way:
    def add(data: bytearray, place: int, other: int) -> None:
        start = place // width * width
        number = int.from_bytes(data[start : start + width], "little") + difference
        _put(width, number)(data, place, other)

    return add


def _copy(size: int) -> Way:
    def copy(data: bytearray, place: int, other: int) -> None:
        """Two places that are the same may lead in a circle."""
        start, source = place // 4 * 4, other // 4 * 4
        data[start : start + size] = data[source : source + size]

    return copy


def _cut(data: bytearray, place: int, other: int) -> None:
    del data[max(place, other) :]


_WAYS: list[Way] = [
    _flip,
    _cut,
    *map(_copy, _SIZES),
    *(_put(width, number) for width in (2, 4, 8) for number in (*_NUMBERS, *_LARGE_NUMBERS)),
    *(_add(width, difference) for width in (2, 4, 8) for difference in (-0x20, -1, 1, 0x20)),
]
_PARTS = st.floats(0, 1, exclude_max=True)

CHANGES = st.lists(st.builds(Change, st.sampled_from(_WAYS), _PARTS, _PARTS), min_size=1)


def changed(content: bytes, changes: list[Change]) -> bytes:
    """The content with all changes made, one after the other."""
    data = bytearray(content)
    # Most of a small file of Outlook is empty.
    used = [start for start in range(0, len(data), _BLOCK) if any(data[start : start + _BLOCK])]
    for change in changes:
        place, other = (_place(used, part) for part in (change.place, change.other))
        if max(place, other) < len(data):
            change.way(data, place, other)
    return bytes(data)


def _place(used: list[int], part: float) -> int:
    block, within = divmod(int(part * len(used) * _BLOCK), _BLOCK)
    return used[block] + within
