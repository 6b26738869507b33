"""Makes small Outlook files from [MS-PST], for what the collection does not hold.

Structures are written down here anew; only encodings are the reader's own. Allocation maps are left
out: no reader needs them.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from struct import pack

from omm_desktop.endpoints.pst.ndb.encoding import decode
from omm_desktop.endpoints.pst.ndb.header import Encoding

BLOCK = 1024
"""Bytes of data in one block, far fewer than Outlook's 8,176, so that small values make trees."""

CHILDREN = 20
"""Entries in one list of blocks or subnodes, far fewer than Outlook's."""


@dataclass(frozen=True)
class Generation:
    """One of the format's three; sizes in bytes, `bid` and `offset` as formats of struct."""

    version: int
    wide: bool
    page: int = 512
    alignment: int = 64
    heap_bits: int = 11

    @property
    def is_4k(self) -> bool:
        return self.page == 4096

    def number(self, *values: int) -> bytes:
        """Block ids and offsets."""
        return pack(f"<{len(values)}{'Q' if self.wide else 'I'}", *values)


ANSI = Generation(14, wide=False)
UNICODE = Generation(23, wide=True)
UNICODE_4K = Generation(36, wide=True, page=4096, alignment=512, heap_bits=14)


def crc(data: bytes) -> int:
    """[MS-PST] 5.3, bit by bit."""
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xEDB88320 if value & 1 else 0)
    return value


Encode = Callable[[bytes, int], bytes]

_PLAIN = decode(bytes(range(256)), Encoding.PERMUTE, 0)
_PERMUTED = bytes(_PLAIN.index(value) for value in range(256))


def permute(data: bytes, bid: int) -> bytes:
    """Encoding 1, the inverse of what the reader does; the collection proves that one right."""
    return data.translate(_PERMUTED)


@dataclass
class PstWriter:
    """Collects blocks and nodes, then writes them; `encode` disguises data given a block id."""

    generation: Generation = UNICODE
    method: int = 0
    encode: Encode = lambda data, bid: data
    _content: bytearray = field(default_factory=bytearray)
    _blocks: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    _nodes: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    next_bid: int = 4

    def __post_init__(self) -> None:
        self._content += bytes(4096)

    def data(self, data: bytes) -> int:
        """The block id of data in one block, an XBLOCK or an XXBLOCK."""
        if len(data) <= BLOCK:
            return self.block(data) if data else 0
        leaves = [self.block(data[start : start + BLOCK]) for start in range(0, len(data), BLOCK)]
        return self.list_of(leaves, 1, len(data))

    def subnodes(self, nodes: dict[int, tuple[int, int]]) -> int:
        """The block id of a list of subnodes, or of a list of such lists."""
        number = self.generation.number
        entries = [number(nid, *bids) for nid, bids in sorted(nodes.items())]
        padding = b"\0" * 4 if self.generation.wide else b""
        lists = []
        for start in range(0, len(entries), CHILDREN):
            some = entries[start : start + CHILDREN]
            bid = self.block(pack("<BBH", 2, 0, len(some)) + padding + b"".join(some), True)
            lists.append((sorted(nodes)[start], bid))
        if len(lists) < 2:
            return lists[0][1] if lists else 0
        branches = b"".join(number(nid, bid) for nid, bid in lists)
        return self.block(pack("<BBH", 2, 1, len(lists)) + padding + branches, True)

    def node(self, nid: int, data: int, subnodes: int = 0, parent: int = 0) -> None:
        """A node of the file."""
        self._nodes[nid] = data, subnodes, parent

    def save(self, path: Path) -> None:
        """Write the file."""
        number, wide, is_4k = self.generation.number, self.generation.wide, self.generation.is_4k
        padding = b"\0" * (4 if wide else 0)
        blocks = [
            # The second size takes the place of the number of references.
            (bid, number(bid, offset) + pack("<HH", size, inflated if is_4k else 2) + padding)
            for bid, (offset, size, inflated) in sorted(self._blocks.items())
        ]
        nodes = [
            (nid, number(nid, data, subnodes) + pack("<I", parent) + padding)
            for nid, (data, subnodes, parent) in sorted(self._nodes.items())
        ]
        header = self._header(self._tree(nodes, 0x81), self._tree(blocks, 0x80))
        self._content[: len(header)] = header
        path.write_bytes(self._content)

    def _header(self, node_root: int, block_root: int) -> bytes:
        start = b"!BDN\0\0\0\0SM" + pack("<HHBB", self.generation.version, 19, 1, 1)
        roots = self.generation.number(2, node_root, 2, block_root)
        wide = self.generation.wide
        start = start.ljust(216 if wide else 184, b"\0") + roots
        start = start.ljust(512 if wide else 460, b"\0") + bytes([0x80, self.method])
        start = start.ljust(568 if wide else 512, b"\0")
        start = start[:4] + pack("<I", crc(start[8:479])) + start[8:]
        if not wide:
            return start
        return start[:524] + pack("<I", crc(start[8:524])) + start[528:]

    def list_of(self, children: list[int], level: int, total: int) -> int:
        """The block id of a list of blocks, those of level 1 in lists of their own when many."""
        number = self.generation.number
        if len(children) <= CHILDREN or level == 2:
            listed = b"".join(number(bid) for bid in children)
            return self.block(pack("<BBHI", 1, level, len(children), total) + listed, True)
        lists = []
        for start in range(0, len(children), CHILDREN):
            some = children[start : start + CHILDREN]
            lists.append(self.list_of(some, 1, len(some) * BLOCK))
        return self.list_of(lists, 2, total)

    def block(self, data: bytes, internal: bool = False) -> int:
        """The id of one block, whatever the size of its data."""
        bid = self.next_bid + (2 if internal else 0)
        self.next_bid += 4
        inflated = len(data)
        if not internal:
            data = self.encode(data, bid)
        if self.generation.is_4k and inflated > 512:
            data = zlib.compress(data)
        offset = len(self._content)
        if self.generation.wide:
            trailer = pack("<HHIQ", len(data), 0, crc(data), bid)
        else:
            trailer = pack("<HHII", len(data), 0, bid, crc(data))
        if self.generation.is_4k:
            trailer += b"\0" * 8
        padding = -(len(data) + len(trailer)) % self.generation.alignment
        self._content += data + b"\0" * padding + trailer
        self._blocks[bid] = offset, len(data), inflated
        return bid

    def _tree(self, entries: list[tuple[int, bytes]], page_type: int) -> int:
        level = 0
        while True:
            pages = []
            for start in range(0, max(len(entries), 1), 10):
                some = entries[start : start + 10]
                pages.append((some[0][0] if some else 0, self._page(some, page_type, level)))
            if len(pages) == 1:
                return pages[0][1]
            entries = [(key, self.generation.number(key, 2, offset)) for key, offset in pages]
            level += 1

    def _page(self, entries: list[tuple[int, bytes]], page_type: int, level: int) -> int:
        listed = b"".join(entry for _, entry in entries)
        stride = len(entries[0][1]) if entries else 16
        if self.generation.is_4k:
            page = listed.ljust(4056, b"\0") + pack("<HHBB", len(entries), 10, stride, level)
            trailer = bytes([page_type, page_type]) + b"\0" * 22
        elif self.generation.wide:
            page = listed.ljust(488, b"\0") + bytes([len(entries), 10, stride, level])
            trailer = bytes([page_type, page_type]) + b"\0" * 14
        else:
            page = listed.ljust(496, b"\0") + bytes([len(entries), 10, stride, level])
            trailer = bytes([page_type, page_type]) + b"\0" * 10
        self._content += b"\0" * (-len(self._content) % self.generation.page)
        offset = len(self._content)
        self._content += page.ljust(self.generation.page - len(trailer), b"\0") + trailer
        return offset
