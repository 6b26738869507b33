"""How the three generations of the format differ in sizes and places ([MS-PST] 2.2.2)."""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple


class Layout(NamedTuple):
    """Sizes in bytes and structures of one generation.

    `page_counts` is where a B-tree page tells its number of entries; `branch`, `block_entry` and
    `node_entry` are BTENTRY, BBTENTRY and NBTENTRY (2.2.2.7.7), `subnode_entry` and
    `subnode_branch` SLENTRY and SIENTRY (2.2.2.8.3.3).
    `heap_index_bits` is how much of a heap id's upper 27 bits is the index in a block (2.3.1.1),
    `row_place` what a table keeps for each row beside its id (TCROWID, 2.3.4.3.1).
    """

    page_size: int
    page_trailer: int
    page_counts: int
    counts: Struct
    branch: Struct
    block_entry: Struct
    node_entry: Struct
    bid: Struct
    block_alignment: int
    block_trailer: Struct
    trailer_has_bid_first: bool
    subnode_header: int
    subnode_entry: Struct
    subnode_branch: Struct
    heap_index_bits: int
    row_place: Struct
    compressed: bool = False


ANSI = Layout(
    page_size=512,
    page_trailer=12,
    page_counts=496,
    counts=Struct("<BBBB"),
    branch=Struct("<III"),
    block_entry=Struct("<IIH2x"),
    node_entry=Struct("<IIII"),
    bid=Struct("<I"),
    block_alignment=64,
    block_trailer=Struct("<HHII"),
    trailer_has_bid_first=True,
    subnode_header=4,
    subnode_entry=Struct("<III"),
    subnode_branch=Struct("<II"),
    heap_index_bits=11,
    row_place=Struct("<H"),
)
UNICODE = Layout(
    page_size=512,
    page_trailer=16,
    page_counts=488,
    counts=Struct("<BBBB"),
    branch=Struct("<QQQ"),
    block_entry=Struct("<QQH6x"),
    node_entry=Struct("<QQQI4x"),
    bid=Struct("<Q"),
    block_alignment=64,
    block_trailer=Struct("<HHIQ"),
    trailer_has_bid_first=False,
    subnode_header=8,
    subnode_entry=Struct("<QQQ"),
    subnode_branch=Struct("<QQ"),
    heap_index_bits=11,
    row_place=Struct("<I"),
)
# Outlook 2013 and later keep .ost files so; [MS-PST] does not describe it.
UNICODE_4K = Layout(
    page_size=4096,
    page_trailer=24,
    page_counts=4056,
    counts=Struct("<HHBB"),
    branch=Struct("<QQQ"),
    block_entry=Struct("<QQHH4x"),
    node_entry=Struct("<QQQI4x"),
    bid=Struct("<Q"),
    block_alignment=512,
    block_trailer=Struct("<HHIQ8x"),
    trailer_has_bid_first=False,
    subnode_header=8,
    subnode_entry=Struct("<QQQ"),
    subnode_branch=Struct("<QQ"),
    heap_index_bits=14,
    row_place=Struct("<I"),
    compressed=True,
)
