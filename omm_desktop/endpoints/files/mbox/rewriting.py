"""An mbox without some of its messages, put in the place of the one with them at once.

Every other octet stays. The number by which the file is known goes to the first message that is
left, where that has a separator of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

from .. import durable
from ..content import Content
from . import own
from .index import Index

_LONGEST_LINE = 1000


def rewrite(
    place: Path,
    content: Content,
    index: Index,
    gone: frozenset[int],
    let_go: Callable[[], None],
) -> dict[str, str]:
    """Take out the messages that begin at these places; from old to new, the keys of the others.

    `let_go` closes the content. Raises OSError, `OmmError` as `Content.read` does, and what
    `let_go` raises; the file is then as it was.
    """
    moved: dict[str, str] = {}
    durable.write_whole(place, _left(content, index, gone, moved), None, let_go)
    durable.keep_names(place.parent)
    return moved


def _left(
    content: Content, index: Index, gone: frozenset[int], moved: dict[str, str]
) -> Iterator[bytes]:
    edges = [*index.starts, content.size]
    number = 0
    at = edges[0]
    yield from content.between(0, at)
    for start, end in pairwise(edges):
        line = _first_line(content, start)
        told = own.particulars(line, None)
        if start in gone:
            number = number or (told.file if told and start == edges[0] else 0)
            continue
        moved[str(start + 1)] = str(at + 1)
        if number and told is not None:
            numbered = own.numbered(line, number)
            number = 0
            yield numbered
            at += len(numbered)
            start += len(line)
        number = 0
        yield from content.between(start, end)
        at += end - start


def _first_line(content: Content, start: int) -> bytes:
    return content.read(start, start + _LONGEST_LINE).split(b"\n", 1)[0] + b"\n"
