"""Property types and what their bytes mean ([MS-OXCDATA] 2.11)."""

from __future__ import annotations

from codecs import utf_16_le_decode
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from math import isfinite
from struct import Struct, calcsize

from ..damage import Damaged, unpack


class PropertyType(IntEnum):
    """The types a reader of mail, contacts and calendars meets."""

    INTEGER16 = 0x0002
    INTEGER32 = 0x0003
    FLOATING32 = 0x0004
    FLOATING64 = 0x0005
    CURRENCY = 0x0006
    FLOATING_TIME = 0x0007
    ERROR = 0x000A
    BOOLEAN = 0x000B
    OBJECT = 0x000D
    INTEGER64 = 0x0014
    STRING8 = 0x001E
    STRING = 0x001F
    TIME = 0x0040
    GUID = 0x0048
    BINARY = 0x0102


MULTIPLE = 0x1000
MULTIPLE_BINARY = MULTIPLE | PropertyType.BINARY
FIXED_SIZES: dict[int, int] = {
    PropertyType.INTEGER16: 2,
    PropertyType.INTEGER32: 4,
    PropertyType.FLOATING32: 4,
    PropertyType.FLOATING64: 8,
    PropertyType.CURRENCY: 8,
    PropertyType.FLOATING_TIME: 8,
    PropertyType.ERROR: 4,
    PropertyType.BOOLEAN: 1,
    PropertyType.INTEGER64: 8,
    PropertyType.TIME: 8,
}
"""Bytes of a value of each type that is not kept elsewhere because of its size."""

_INTEGERS = frozenset(
    {PropertyType.INTEGER16, PropertyType.INTEGER32, PropertyType.INTEGER64, PropertyType.CURRENCY}
)
_UTF_8, _WESTERN = "utf-8", "cp1252"
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_COUNT = Struct("<I")
_REAL = Struct("<d")


def integer(kind: int, data: bytes) -> int | None:
    """A whole number or a boolean; None for other types."""
    if kind == PropertyType.BOOLEAN:
        return int(any(data))
    if kind not in _INTEGERS:
        return None
    return int.from_bytes(data[: FIXED_SIZES[kind]], "little", signed=True)


def real(kind: int, data: bytes) -> float | None:
    """A number with a fraction; None for other types and for what is no number."""
    if kind == PropertyType.FLOATING64 and len(data) >= _REAL.size:
        found: float = _REAL.unpack_from(data)[0]
        return found if isfinite(found) else None
    return None


def text(kind: int, data: bytes, codec: str) -> str | None:
    """A string, `codec` being that of 8-bit ones; None for other types.

    Ends at the first NUL; what cannot be decoded is replaced.
    """
    if kind == PropertyType.STRING:
        found, _ = utf_16_le_decode(data[: len(data) & ~1], "replace", True)
    elif kind == PropertyType.STRING8:
        found = _decoded(data, codec)
    else:
        return None
    return found.split("\0", 1)[0]


def _decoded(data: bytes, codec: str) -> str:
    """UTF-8 is often told of text that is in the code page of the computer."""
    if codec == _UTF_8 and not _is_utf_8(data):
        codec = _WESTERN
    return data.decode(codec, "replace")


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode(_UTF_8)
    except UnicodeDecodeError:
        return False
    return True


def instant(kind: int, data: bytes) -> datetime | None:
    """A time in UTC; None for other types, for no time and for times past the year 9999."""
    if kind != PropertyType.TIME or len(data) < 8:
        return None
    return filetime(int.from_bytes(data[:8], "little"))


def filetime(ticks: int) -> datetime | None:
    """The instant `ticks` of 100 ns after 1601 in UTC, to the second; None for 0 and beyond."""
    if not ticks:
        return None
    try:
        return _EPOCH + timedelta(seconds=ticks // 10_000_000)
    except OverflowError:
        return None


def texts(kind: int, data: bytes, codec: str) -> list[str]:
    """The strings of a property with several values (2.3.3.4.2); none for other types."""
    single = kind & ~MULTIPLE
    if not kind & MULTIPLE or single not in (PropertyType.STRING, PropertyType.STRING8):
        return []
    return [text(single, part, codec) or "" for part in parts(data)]


def parts(data: bytes) -> list[bytes]:
    """The values of variable size of a property that has several ([MS-PST] 2.3.3.4.2)."""
    (count,) = unpack(_COUNT, data)
    if calcsize(f"<{count}I") + 4 > len(data):
        raise Damaged("a list of values is shorter than it says")
    starts = [unpack(_COUNT, data, 4 + 4 * index)[0] for index in range(count)]
    if starts != sorted(starts):
        raise Damaged("values of a list are not one behind the other")
    return [data[start:end] for start, end in zip(starts, [*starts[1:], len(data)], strict=True)]
