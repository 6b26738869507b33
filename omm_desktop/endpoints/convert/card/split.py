"""A file of contacts cut into its cards, before any of them is read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..content_lines import one_line_end

_EDGE = re.compile(rb"^[ \t]*(?:[\w.-]+\.)?(BEGIN|END)[ \t]*:[ \t]*VCARD[ \t]*$", re.I | re.M)


def split_cards(data: bytes) -> Iterator[bytes]:
    """Each card of a file, those within others (AGENT, versit) after the one they are in.

    A card whose end is missing ends where the next one begins, the last one with the file.
    """
    data = one_line_end(data)
    edges = list(_EDGE.finditer(data))
    endless = _endless(edges)
    open_cards: list[_Card] = []
    finished: list[_Card] = []
    place = 0
    for edge in edges:
        if open_cards:
            open_cards[-1].pieces.append(data[place : edge.start()])
        place = edge.end()
        if _begins(edge):
            while open_cards and open_cards[-1].start in endless:
                finished.append(open_cards.pop())
            open_cards.append(_Card(edge.start()))
        elif open_cards:
            finished.append(open_cards.pop())
        if not open_cards:
            yield from _in_order(finished)
            finished = []
    if open_cards:
        open_cards[-1].pieces.append(data[place:])
    yield from _in_order([*finished, *open_cards])


class _Card:
    def __init__(self, start: int) -> None:
        self.start = start
        self.pieces: list[bytes] = []


def _in_order(cards: list[_Card]) -> Iterator[bytes]:
    for card in sorted(cards, key=lambda one: one.start):
        yield b"".join(card.pieces)


def _begins(edge: re.Match[bytes]) -> bool:
    return edge[1].upper() == b"BEGIN"


def _endless(edges: list[re.Match[bytes]]) -> set[int]:
    """Where the cards begin that have no end: each end belongs to the nearest beginning."""
    ends, endless = 0, set()
    for edge in reversed(edges):
        if not _begins(edge):
            ends += 1
        elif ends:
            ends -= 1
        else:
            endless.add(edge.start())
    return endless
