"""Which ids the named properties have in this file ([MS-PST] 2.4.7)."""

from __future__ import annotations

import uuid
from struct import Struct

from ..damage import Damaged, unpack
from ..ndb.database import Node
from .property_context import PropertyContext

_GUIDS = 0x0002
_ENTRIES = 0x0003
_STRINGS = 0x0004
_ENTRY = Struct("<IHH")
_LENGTH = Struct("<I")
_FIRST_ID = 0x8000
_WELL_KNOWN = {
    1: uuid.UUID("00020328-0000-0000-c000-000000000046"),
    2: uuid.UUID("00020329-0000-0000-c000-000000000046"),
}
_AT_MOST = 16 << 20

PUBLIC_STRINGS = _WELL_KNOWN[2]
"""The property set of names that programs and people choose."""

PropertyName = tuple[uuid.UUID, int | str]
"""A property set and a number or, in lower case, a string in it."""


def named_properties(node: Node) -> dict[PropertyName, int]:
    """The id of each named property, from the node of the name-to-id map; `Damaged`."""
    context = PropertyContext(node)
    guids, entries, strings = (
        context.raw(prop, _AT_MOST) if context.type_of(prop) is not None else b""
        for prop in (_GUIDS, _ENTRIES, _STRINGS)
    )
    return names_of(guids, entries, strings)


def names_of(guids: bytes, entries: bytes, strings: bytes) -> dict[PropertyName, int]:
    """The id of each named property, from the three streams of the map."""
    found: dict[PropertyName, int] = {}
    spaces = _property_sets(guids)
    for number, which, index in _ENTRY.iter_unpack(entries[: len(entries) // 8 * 8]):
        try:
            name = _string(strings, number).lower() if which & 1 else number
        except Damaged:
            continue
        if space := spaces.get(which >> 1):
            found[space, name] = _FIRST_ID + index
    return found


def _property_sets(guids: bytes) -> dict[int, uuid.UUID]:
    """The property sets by their index; the file tells those from the third on."""
    told = range(0, len(guids) // 16 * 16, 16)
    read = {3 + start // 16: uuid.UUID(bytes_le=guids[start : start + 16]) for start in told}
    return {**read, **_WELL_KNOWN}


def _string(strings: bytes, offset: int) -> str:
    (length,) = unpack(_LENGTH, strings, offset)
    return strings[offset + 4 : offset + 4 + length].decode("utf-16-le", "replace")
