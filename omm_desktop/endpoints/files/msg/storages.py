"""Messages and attachments as storages keep them ([MS-OXMSG] 2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from struct import Struct

from ...pst.damage import Damaged
from ...pst.ltp.named_properties import PropertyName, names_of
from ...pst.ltp.values import FIXED_SIZES, MULTIPLE, PropertyType
from ...pst.messaging.properties import PropertyHolder
from .compound import Storage, Stream

_TABLE = "__properties_version1.0"
_VALUE = "__substg1.0_"
_NAMED = "__nameid_version1.0"
_RECIPIENT = "__recip_version1.0_"
_ATTACHMENT = "__attach_version1.0_"
_VALUE_NAME = re.compile(r"__substg1\.0_([0-9a-f]{4})([0-9a-f]{4})\Z")
_ENTRY = Struct("<HH4x8s")
_NUMBER = Struct("<I")
HEADER_OF_FILE, HEADER_WITHIN, HEADER_OF_PART = 32, 24, 8
"""Octets before the first property: of a message that is a file, of one within another, of a
recipient or an attachment.
"""

_TABLE_AT_MOST = 1 << 20
_MOST_VALUES = 10_000


class StorageProperties:
    """A `PropertySet`.

    Other than the specification wants: a value whose entry the table lacks is there all the same,
    an entry whose value is gone stands for nothing, and an 8-bit string may be UTF-16.
    """

    def __init__(self, storage: Storage, header: int) -> None:
        self._storage = storage
        self._kinds: dict[int, int] = {}
        self._inline: dict[int, bytes] = {}
        table = storage.streams.get(_TABLE)
        entries = b"" if table is None else table.read(_TABLE_AT_MOST)[header:]
        for kind, prop, value in _ENTRY.iter_unpack(entries[: len(entries) // 16 * 16]):
            self._kinds.setdefault(prop, kind)
            self._inline.setdefault(prop, value)
        for name in (*storage.streams, *storage.storages):
            found = _VALUE_NAME.match(name)
            if found is not None:
                self._kinds.setdefault(int(found[1], 16), int(found[2], 16))

    def __len__(self) -> int:
        return len(self._kinds)

    def type_of(self, prop: int) -> int | None:
        kind = self._kinds.get(prop)
        if kind is None or kind in FIXED_SIZES or kind == PropertyType.OBJECT:
            return kind
        value = self._storage.streams.get(self._name(prop))
        if value is None:
            return None
        return PropertyType.STRING if kind == PropertyType.STRING8 and _is_wide(value) else kind

    def raw(self, prop: int, at_most: int) -> bytes:
        kind = self._kinds[prop]
        width = FIXED_SIZES.get(kind)
        if width is not None:
            return self._inline.get(prop, b"\0" * 8)[:width]
        if kind & MULTIPLE and kind & ~MULTIPLE not in FIXED_SIZES:
            return self._values(prop, at_most)
        return self._stream(prop).read(at_most)

    def _values(self, prop: int, at_most: int) -> bytes:
        """Several values of any size, in the form in which data files keep them."""
        values: list[bytes] = []
        left = at_most
        while len(values) < _MOST_VALUES:
            stream = self._storage.streams.get(f"{self._name(prop)}-{len(values):08x}")
            if stream is None:
                break
            values.append(stream.read(left))
            left -= len(values[-1])
        place = 4 + 4 * len(values)
        starts = []
        for value in values:
            starts.append(_NUMBER.pack(place))
            place += len(value)
        return b"".join([_NUMBER.pack(len(values)), *starts, *values])

    def size(self, prop: int) -> int:
        return self._stream(prop).size

    def pieces(self, prop: int) -> Iterator[bytes]:
        return self._stream(prop).pieces()

    def _name(self, prop: int) -> str:
        return f"{_VALUE}{prop:04x}{self._kinds[prop]:04x}"

    def _stream(self, prop: int) -> Stream:
        found = self._storage.streams.get(self._name(prop))
        if found is None:
            raise Damaged(f"property {prop:#06x} has no value")
        return found


def _is_wide(value: Stream) -> bool:
    """Whether a string is UTF-16 beyond doubt, for no 8-bit one has a NUL in it."""
    if value.size < 2 or value.size % 2:
        return False
    try:
        return next(value.pieces(), b"")[1:2] == b"\0"
    except Damaged:
        return False


class AttachmentStorage:
    """An `AttachmentObject`."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.properties = StorageProperties(storage, HEADER_OF_PART)

    def _object(self, prop: int) -> Storage:
        found = self._storage.storages.get(f"{_VALUE}{prop:04x}{PropertyType.OBJECT:04x}")
        if found is None:
            raise Damaged("an attached object is missing")
        return found

    def object_size(self, prop: int) -> int:
        return self._data(prop).size

    def object_pieces(self, prop: int) -> Iterator[bytes]:
        return self._data(prop).pieces()

    def _data(self, prop: int) -> Stream:
        """Of an object of another program its largest stream: nothing tells more of it."""
        streams = self._object(prop).streams.values()
        found = max(streams, key=lambda stream: stream.size, default=None)
        if found is None:
            raise Damaged("an attached object is empty")
        return found

    def object_message(self, prop: int) -> MessageStorage:
        return MessageStorage(self._object(prop), HEADER_WITHIN)


class MessageStorage:
    """A `MessageObject`."""

    nid = 0

    def __init__(self, storage: Storage, header: int) -> None:
        self._storage = storage
        self.properties = StorageProperties(storage, header)
        self.suspects: set[int] = set()

    def recipients(self) -> Iterator[PropertyHolder | Damaged]:
        for storage in self._parts(_RECIPIENT):
            try:
                yield StorageProperties(storage, HEADER_OF_PART)
            except Damaged as damage:
                yield damage

    def attachments(self) -> Iterator[AttachmentStorage | Damaged]:
        for storage in self._parts(_ATTACHMENT):
            try:
                yield AttachmentStorage(storage)
            except Damaged as damage:
                yield damage

    def _parts(self, prefix: str) -> Iterator[Storage]:
        names = sorted(name for name in self._storage.storages if name.startswith(prefix))
        return (self._storage.storages[name] for name in names)


def named_in(root: Storage) -> dict[PropertyName, int]:
    """The id of each named property of a file."""
    storage = root.storages.get(_NAMED)
    if storage is None:
        return {}
    streams = (
        storage.streams.get(f"{_VALUE}{prop:04x}{PropertyType.BINARY:04x}") for prop in (2, 3, 4)
    )
    guids, entries, strings = (
        b"" if stream is None else stream.read(16 * _TABLE_AT_MOST) for stream in streams
    )
    return names_of(guids, entries, strings)


def is_message(root: Storage) -> bool:
    """Whether a compound file is a message."""
    return _TABLE in root.streams
