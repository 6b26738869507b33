"""Makes Outlook files with folders and messages from a few words, for the tests."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from struct import pack

from .writing import UNICODE, Encode, Generation, PstWriter

Value = tuple[int, bytes]
"""A property's type and bytes."""

Properties = dict[int, Value]

PUBLIC_STRINGS = "public strings"

Names = Mapping[tuple[str, int | str], int]
"""Ids of named properties: a set's identifier, or its first part where it is one of Outlook's."""

_OUTLOOK = "-0000-0000-c000-000000000046"

_WIDTHS = {0x0002: 2, 0x0003: 4, 0x000B: 1, 0x0014: 8, 0x0040: 8}
_LARGEST_IN_HEAP = 400
_FIRST_LARGE, _FIRST_ATTACHMENT, _EMBEDDED = 0x1003F, 0x8025, 0x200024
_TABLES = (0x0D, 0x0E, 0x0F)


GONE = b"\0gone\0"
"""The bytes of a value that the file says it keeps in a node, which is not there."""

_NO_NODE = 0xFFFF


def text(value: str) -> Value:
    return 0x1F, value.encode("utf-16-le")


def text8(value: bytes) -> Value:
    return 0x1E, value


def binary(value: bytes) -> Value:
    return 0x0102, value


def number(value: int) -> Value:
    return 0x0003, pack("<I", value)


def flag(value: bool) -> Value:
    return 0x000B, bytes([value])


def time(ticks: int) -> Value:
    return 0x0040, pack("<Q", ticks)


def texts(*values: str) -> Value:
    """A property with several strings."""
    encoded = [value.encode("utf-16-le") for value in values]
    start = 4 + 4 * len(values)
    starts = [start + sum(map(len, encoded[:index])) for index in range(len(values))]
    return 0x101F, pack(f"<{len(values) + 1}I", len(values), *starts) + b"".join(encoded)


@dataclass
class Attached:
    """An attachment, `message` being the one embedded in it."""

    properties: Properties
    message: Letter | None = None


@dataclass
class Letter:
    """A message; each recipient is the properties of a row."""

    properties: Properties
    recipients: Sequence[Properties] = ()
    attachments: Sequence[Attached] = ()


@dataclass
class Box:
    """A folder below the top, its subfolders in it."""

    name: str
    letters: Sequence[Letter] = ()
    boxes: Sequence[Box] = ()
    properties: Properties = field(default_factory=dict)


class Outlook:
    """Builds a file of folders and messages."""

    def __init__(
        self,
        generation: Generation = UNICODE,
        method: int = 0,
        encode: Encode = lambda data, bid: data,
    ) -> None:
        self.writer = PstWriter(generation, method, encode)
        self._next_folder = 0x8022
        self._next_message = 0x200024

    def save(self, path: Path, boxes: Sequence[Box], named: Names | None = None) -> None:
        """Write a file whose top holds `boxes`."""
        top = self._next_folder
        entry_id = bytes(20) + pack("<I", top)
        self._node(0x21, {0x3001: text("Made"), 0x35E0: binary(entry_id)})
        self._node(0x61, _name_map(named or {}))
        self._next_folder += 0x20
        self._folder(0x122, Box(""), [top], [], 0x122)
        below = [self._box(box, top) for box in boxes]
        self._folder(top, Box("Top"), below, [], 0x122)
        self.writer.save(path)

    def _box(self, box: Box, parent: int) -> int:
        nid = self._next_folder
        self._next_folder += 0x20
        below = [self._box(inner, nid) for inner in box.boxes]
        letters = []
        for letter in box.letters:
            letters.append(self._next_message)
            self.writer.node(self._next_message, *self._letter(letter), nid)
            self._next_message += 0x20
        self._folder(nid, box, below, letters, parent)
        return nid

    def _folder(
        self, nid: int, box: Box, below: list[int], letters: list[int], parent: int
    ) -> None:
        described = {0x3001: text(box.name), 0x3602: number(len(letters)), **box.properties}
        self._node(nid, described, parent)
        for table, rows in zip(_TABLES, (below, letters, []), strict=True):
            data, large = self.table({row: {} for row in rows})
            self.writer.node(nid & ~0x1F | table, data, self.writer.subnodes(large))

    def _node(self, nid: int, properties: Properties, parent: int = 0) -> None:
        data, large = self.context(properties)
        self.writer.node(nid, data, self.writer.subnodes(large), parent)

    def _letter(self, letter: Letter) -> tuple[int, int]:
        data, within = self.context(letter.properties)
        if letter.recipients:
            table, large = self.table(dict(enumerate(letter.recipients, 1)))
            within[0x692] = table, self.writer.subnodes(large)
        if letter.attachments:
            nids = [_FIRST_ATTACHMENT + 0x20 * index for index in range(len(letter.attachments))]
            table, large = self.table({nid: {} for nid in nids})
            within[0x671] = table, self.writer.subnodes(large)
            for nid, attached in zip(nids, letter.attachments, strict=True):
                within[nid] = self._attached(attached)
        return data, self.writer.subnodes(within)

    def _attached(self, attached: Attached) -> tuple[int, int]:
        properties = dict(attached.properties)
        if attached.message is not None:
            properties[0x3701] = 0x000D, pack("<II", _EMBEDDED, 0)
        data, within = self.context(properties)
        if attached.message is not None:
            within[_EMBEDDED] = self._letter(attached.message)
        return data, self.writer.subnodes(within)

    def context(self, properties: Properties) -> tuple[int, dict[int, tuple[int, int]]]:
        """A property context's block, and the subnodes for its large values."""
        heap = _Heap(self.writer)
        records = b""
        for prop, (kind, value) in sorted(properties.items()):
            if value == GONE:
                inline = pack("<I", _NO_NODE)
            elif kind in _WIDTHS and _WIDTHS[kind] <= 4:
                inline = value.ljust(4, b"\0")
            else:
                inline = pack("<I", heap.add(value))
            records += pack("<HH", prop, kind) + inline
        root = heap.add(pack("<BBBBI", 0xB5, 2, 6, 0, heap.add_here(records)))
        return self.writer.block(heap.made(0xBC, root)), heap.large

    def table(self, rows: dict[int, Properties]) -> tuple[int, dict[int, tuple[int, int]]]:
        """A table context's block, and the subnodes for its large values."""
        heap = _Heap(self.writer)
        kinds = {prop: kind for row in rows.values() for prop, (kind, _) in row.items()}
        columns = {0x67F2: (0x0003, 0, 4)}
        offset = 4
        for prop in sorted(kinds, key=lambda prop: -_WIDTHS.get(kinds[prop], 4)):
            width = _WIDTHS.get(kinds[prop], 4)
            columns[prop] = kinds[prop], offset, width
            offset += width
        bits = (len(columns) + 7) // 8
        matrix, index = b"", b""
        for place, (row_id, row) in enumerate(sorted(rows.items())):
            cells = {**row, 0x67F2: number(row_id)}
            matrix += self._row(columns, cells, heap, offset, bits)
            wide = self.writer.generation.wide
            index += pack("<II" if wide else "<IH", row_id, place)
        value_size = 4 if self.writer.generation.wide else 2
        listed = heap.add_here(index)
        row_index = heap.add(pack("<BBBBI", 0xB5, 4, value_size, 0, listed))
        info = pack("<BBHHHH", 0x7C, len(columns), 0, 0, offset, offset + bits)
        info += pack("<III", row_index, heap.add(matrix), 0)
        for bit, (prop, (kind, start, width)) in enumerate(columns.items()):
            info += pack("<HHHBB", kind, prop, start, width, bit)
        return self.writer.block(heap.made(0x7C, heap.add_here(info))), heap.large

    @staticmethod
    def _row(
        columns: dict[int, tuple[int, int, int]],
        cells: Properties,
        heap: _Heap,
        width: int,
        bits: int,
    ) -> bytes:
        row = bytearray(width + bits)
        for bit, (prop, (kind, start, size)) in enumerate(columns.items()):
            if prop in cells:
                value = cells[prop][1]
                cell = value if kind in _WIDTHS else pack("<I", heap.add(value))
                row[start : start + size] = cell
                row[width + bit // 8] |= 0x80 >> bit % 8
        return bytes(row)


def _name_map(named: Names) -> Properties:
    """The properties of the node that says which ids names have."""
    guids, strings, entries = b"", b"", b""
    spaces: list[str] = []
    for (space, name), prop in named.items():
        if space == PUBLIC_STRINGS:
            which = 2
        else:
            if space not in spaces:
                spaces.append(space)
                guids += uuid.UUID(space if "-" in space else f"{space}{_OUTLOOK}").bytes_le
            which = 3 + spaces.index(space)
        if isinstance(name, str):
            entries += pack("<IHH", len(strings), which << 1 | 1, prop - 0x8000)
            strings += pack("<I", 2 * len(name)) + name.encode("utf-16-le")
        else:
            entries += pack("<IHH", name, which << 1, prop - 0x8000)
    return {0x0002: binary(guids), 0x0003: binary(entries), 0x0004: binary(strings)}


class _Heap:
    """Values in one block; the large ones become subnodes."""

    def __init__(self, writer: PstWriter) -> None:
        self._writer = writer
        self._values: list[bytes] = []
        self.large: dict[int, tuple[int, int]] = {}

    def add(self, value: bytes) -> int:
        """The heap id of a value, or the id of its subnode."""
        if len(value) > _LARGEST_IN_HEAP:
            nid = _FIRST_LARGE + 0x20 * len(self.large)
            self.large[nid] = self._writer.data(value), 0
            return nid
        return self.add_here(value)

    def add_here(self, value: bytes) -> int:
        """The heap id of a value, however large."""
        if not value:
            return 0
        self._values.append(value)
        return len(self._values) << 5

    def made(self, kind: int, root: int) -> bytes:
        """The block."""
        start = 12
        starts = []
        for value in self._values:
            starts.append(start)
            start += len(value)
        page_map = pack(f"<HH{len(starts) + 1}H", len(starts), 0, *starts, start)
        return pack("<HBBII", start, 0xEC, kind, root, 0) + b"".join(self._values) + page_map
