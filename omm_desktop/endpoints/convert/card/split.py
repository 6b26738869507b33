"""A file of contacts cut into its cards, before any of them is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..content_lines import one_line_end

EDGE = rb"(?:[\w.-]+\.)?(?P<edge>BEGIN|END)[ \t]*:[ \t]*VCARD"
"""The line before a card and the one behind it, in any case, with blanks around."""

_EDGE = re.compile(rb"^[ \t]*" + EDGE + rb"[ \t]*$", re.IGNORECASE | re.MULTILINE)

Span = tuple[int, int]
"""Where a piece of a card begins in the file, and where it ends."""


@dataclass(frozen=True, slots=True)
class CardEdge:
    """A line that begins or ends a card, and where it stands."""

    start: int
    end: int
    begins: bool


def split_cards(data: bytes) -> Iterator[bytes]:
    """Each card of a file, those within others (AGENT, versit) after the one they are in.

    A card whose end is missing ends where the next one begins, the last one with the file.
    """
    data = one_line_end(data)
    edges = [
        CardEdge(found.start(), found.end(), is_beginning(found)) for found in _EDGE.finditer(data)
    ]
    for spans in card_spans(edges, len(data)):
        yield b"".join(data[start:end] for start, end in spans)


def is_beginning(found: re.Match[bytes]) -> bool:
    """Whether it is the first line of a card that `EDGE` was found in."""
    return found["edge"].upper() == b"BEGIN"


def card_spans(edges: Sequence[CardEdge], length: int) -> Iterator[tuple[Span, ...]]:
    """The pieces of each card of a file of that length, without its first and its last line."""
    endless = _endless(edges)
    open_cards: list[_Card] = []
    finished: list[_Card] = []
    place = 0
    for edge in edges:
        if open_cards:
            open_cards[-1].spans.append((place, edge.start))
        place = edge.end
        if edge.begins:
            while open_cards and open_cards[-1].start in endless:
                finished.append(open_cards.pop())
            open_cards.append(_Card(edge.start))
        elif open_cards:
            finished.append(open_cards.pop())
        if not open_cards:
            yield from _in_order(finished)
            finished = []
    if open_cards:
        open_cards[-1].spans.append((place, length))
    yield from _in_order([*finished, *open_cards])


class _Card:
    def __init__(self, start: int) -> None:
        self.start = start
        self.spans: list[Span] = []


def _in_order(cards: list[_Card]) -> Iterator[tuple[Span, ...]]:
    for card in sorted(cards, key=lambda one: one.start):
        yield tuple(card.spans)


def _endless(edges: Sequence[CardEdge]) -> set[int]:
    """Where the cards begin that have no end: each end belongs to the nearest beginning."""
    ends, endless = 0, set()
    for edge in reversed(edges):
        if not edge.begins:
            ends += 1
        elif ends:
            ends -= 1
        else:
            endless.add(edge.start)
    return endless
