"""Writes compound files and messages in them, for tests alone ([MS-CFB], [MS-OXMSG])."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import UTC, datetime

from omm_desktop.endpoints.files.msg.compound import SIGNATURE

SECTOR, MINI, MINI_BELOW = 512, 64, 4096
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
STRING, STRING8, BINARY, INTEGER, TIME, OBJECT, STRINGS = 0x1F, 0x1E, 0x102, 3, 0x40, 0xD, 0x101F

Tree = Mapping[str, "bytes | Tree"]
Value = bytes | str | int | datetime | list[str]


class _Writer:
    def __init__(self) -> None:
        self.data = bytearray()
        self.fat: list[int] = []
        self.mini = bytearray()
        self.mini_fat: list[int] = []
        self.entries: list[bytes] = []

    def chain(self, data: bytes) -> int:
        if not data:
            return END
        start = len(self.fat)
        count = -(-len(data) // SECTOR)
        self.data += data.ljust(count * SECTOR, b"\0")
        self.fat += [*range(start + 1, start + count), END]
        return start

    def stream(self, data: bytes) -> int:
        if not data or len(data) >= MINI_BELOW:
            return self.chain(data)
        start = len(self.mini_fat)
        count = -(-len(data) // MINI)
        self.mini += data.ljust(count * MINI, b"\0")
        self.mini_fat += [*range(start + 1, start + count), END]
        return start

    def storage(self, tree: Tree) -> int:
        """The number of the first child; each has the next as its neighbour."""
        first = FREE
        for name, content in tree.items():
            number = len(self.entries)
            self.entries.append(b"")
            if isinstance(content, bytes):
                start, size = self.stream(content), len(content)
                self.entries[number] = _entry(name, 2, first, FREE, start, size)
            else:
                self.entries[number] = _entry(name, 1, first, self.storage(content), 0, 0)
            first = number
        return first


def _entry(name: str, kind: int, beside: int, below: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII36xIQ", text, len(text) + 2, kind, 1, beside, FREE, below, start, size
    )


def compound(tree: Tree) -> bytes:
    """A compound file of nested storages (mappings) and streams (bytes)."""
    writer = _Writer()
    writer.entries.append(b"")
    top = writer.storage(tree)
    mini_start = writer.chain(bytes(writer.mini))
    writer.entries[0] = _entry("Root Entry", 5, FREE, top, mini_start, len(writer.mini))
    entries = b"".join(writer.entries).ljust(-(-len(writer.entries) // 4) * SECTOR, b"\0")
    directory = writer.chain(entries)
    mini_fat = writer.chain(_numbers(writer.mini_fat))
    # The table of sectors holds its own sectors too.
    count = 1
    while count * 128 < len(writer.fat) + count:
        count += 1
    places = list(range(len(writer.fat), len(writer.fat) + count))
    table = _numbers([*writer.fat, *[FAT] * count])
    header = struct.pack(
        "<8s16x5H6x9I", SIGNATURE, 0x3E, 3, 0xFFFE, 9, 6, 0, count, directory, 0, MINI_BELOW,
        mini_fat, 1, END, 0,
    ) + struct.pack("<109I", *places, *[FREE] * (109 - count))  # fmt: skip
    return header + bytes(writer.data) + table


def _numbers(numbers: list[int]) -> bytes:
    full = -(-len(numbers) // 128) * 128
    return struct.pack(f"<{full}I", *numbers, *[FREE] * (full - len(numbers)))


def properties(values: Mapping[tuple[int, int], Value], header: int) -> dict[str, bytes]:
    """Streams for properties by id and type, the table of them included."""
    streams: dict[str, bytes] = {}
    table = bytearray(header)
    for (prop, kind), value in values.items():
        inline, name = bytes(8), f"__substg1.0_{prop:04X}{kind:04X}"
        if isinstance(value, datetime):
            ticks = int((value - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000
            inline = struct.pack("<Q", ticks)
        elif isinstance(value, int):
            inline = struct.pack("<q", value)
        elif isinstance(value, list):
            texts = [text.encode("utf-16-le") for text in value]
            streams[name] = b"".join(struct.pack("<I", len(text)) for text in texts)
            streams.update({f"{name}-{n:08X}": text for n, text in enumerate(texts)})
        else:
            streams[name] = value if isinstance(value, bytes) else value.encode("utf-16-le")
        table += struct.pack("<HHI", kind, prop, 6) + inline
    return {**streams, "__properties_version1.0": bytes(table)}
