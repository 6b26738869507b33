"""Lines of a file that are looked for, found without holding more than a little of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .content import Content

LONGEST = 1 << 20
"""Octets above which a line, with its folded parts, is none of those looked for."""

# A fold may have several line ends before what is indented.
_UNFOLDED = rb"[\r\n](?=[^ \t\r\n])"
_ANY = rb"[\r\n](?=[^\n])"


@dataclass(frozen=True, slots=True)
class Edge:
    """A line: where it begins in the file, where it ends, and what it says."""

    start: int
    end: int
    found: re.Match[bytes]


def line_pattern(text: bytes, *, indented: bool) -> re.Pattern[bytes]:
    """A pattern of whole lines, whatever ends them; a mark of UTF-8 before them does not count.

    `indented`: blanks before them do not count, either.
    """
    # The end of the line before comes first: that is quick to look for.
    before = rb"[\r\n](?:\xef\xbb\xbf)?" + (rb"[ \t]*" if indented else b"")
    return re.compile(before + text + rb"[ \t]*(?=[\r\n]|\Z)", re.IGNORECASE)


def find_edges(content: Content, pattern: re.Pattern[bytes], *, indented: bool) -> Iterator[Edge]:
    """The lines of the pattern, in order; `indented` as the pattern was made with."""
    line_end = _ANY if indented else _UNFOLDED
    before_next, before_last = re.compile(line_end), re.compile(b".*" + line_end, re.DOTALL)
    held, start, passing = b"", 0, False
    for piece in content.pieces():
        held += piece
        if passing:
            beginning = before_next.search(held)
            skipped = len(held) - 1 if beginning is None else beginning.end()
            passing = beginning is None
            held, start = held[skipped:], start + skipped
            if passing:
                continue
        whole = before_last.match(held)
        passing = whole is None and len(held) > LONGEST
        if whole is not None or passing:
            # Of a line that is passed over the last octet stays, to see where it ends.
            cut = len(held) - 1 if whole is None else whole.end()
            yield from _within(held[:cut], start, pattern)
            held, start = held[cut:], start + cut
    if not passing:
        yield from _within(held, start, pattern)


def _within(text: bytes, start: int, pattern: re.Pattern[bytes]) -> Iterator[Edge]:
    for found in pattern.finditer(b"\n" + text):
        yield Edge(start + found.start(), start + found.end() - 1, found)
