"""The first bytes of the file: generation, encoding, and where the two B-trees begin."""

from __future__ import annotations

from enum import IntEnum
from struct import Struct
from typing import NamedTuple

from ..damage import NotOutlookFile
from .layout import ANSI, UNICODE, UNICODE_4K, Layout

_MAGIC = b"!BDN"
_CLIENTS = (b"SM", b"SO")
HEADER_SIZE = 564
_START = Struct("<4s4x2sH")


class Encoding(IntEnum):
    """How the bytes of data blocks are disguised (bCryptMethod); none of it needs a password."""

    NONE = 0
    PERMUTE = 1
    CYCLIC = 2


class Header(NamedTuple):
    """What of the header is needed; `node_root` and `block_root` are file offsets of pages."""

    layout: Layout
    encoding: Encoding
    node_root: int
    block_root: int


def read_header(start: bytes) -> Header:
    """The header ([MS-PST] 2.2.2.6) from the first `HEADER_SIZE` bytes; raises `NotOutlookFile`."""
    if len(start) < HEADER_SIZE:
        raise NotOutlookFile("the file ends within its header")
    magic, client, version = _START.unpack_from(start)
    if magic != _MAGIC or client not in _CLIENTS:
        raise NotOutlookFile("the file does not begin as an Outlook data file")
    if version in (14, 15):
        layout, roots, method = ANSI, Struct("<184x4xI4xI"), start[461]
    elif version == 36:
        layout, roots, method = UNICODE_4K, Struct("<216x8xQ8xQ"), start[513]
    elif version >= 20:
        layout, roots, method = UNICODE, Struct("<216x8xQ8xQ"), start[513]
    else:
        raise NotOutlookFile(f"version {version} of the format is unknown")
    if method not in tuple(Encoding):
        raise NotOutlookFile(f"the file is encrypted by method {method}")
    node_root, block_root = roots.unpack_from(start)
    return Header(layout, Encoding(method), node_root, block_root)
