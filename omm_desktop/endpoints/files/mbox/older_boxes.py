"""Mailboxes in one file of programs older than mbox, given as mbox: MMDF and Babyl.

MMDF (SCO Unix, mutt) has a line of four octets 1 before and behind each message. Babyl (Rmail of
Emacs) has a page of options, then a page for each message: a line with labels, the header as it
came, and what was shown instead. Other than both want: the empty line that some programs put before
the end of a message is none of it; a header that Babyl does not keep apart is the one it shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from ...convert import mail
from ..content import Content
from ..edges import Edge, find_edges, line_pattern
from ..mail_state import told_flags
from .own import Particulars, separator
from .quoting import quoted
from .separator import envelope

MMDF_MARK = b"\1\1\1\1\n"
BABYL_MARK = b"BABYL OPTIONS:"
MARKS = (MMDF_MARK, MMDF_MARK.replace(b"\n", b"\r\n"), BABYL_MARK)

_OF_MMDF = line_pattern(rb"\x01\x01\x01\x01", indented=False)
_OF_BABYL = line_pattern(rb"\x1f(\x0c)?", indented=False)
_LINE_END = re.compile(rb"\r?\n")
_SHOWN = re.compile(rb"(?:\A|\r?\n)\*\*\* EOOH \*\*\*\r?\n")
_EMPTY = re.compile(rb"(?:\A|\n)\r?\n")
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:|\r?\n")
_HEADER = 1 << 20
_FLAGS = {
    "deleted": "\\Deleted",
    "answered": "\\Answered",
    "forwarded": "$Forwarded",
}
_OF_BABYL_ALONE = frozenset({"unseen", "recent", "filed", "edited", "resent", "badheader"})


def as_mbox(content: Content) -> Content:
    """The same mail in a temporary file, in place of a file of one of these kinds; else the file.

    Raises as `Content.held` and `Content.read` do.
    """
    first = content.read(0, 32)
    made: Callable[[Content], Iterator[bytes]] = _of_babyl if first[:1] == b"B" else _of_mmdf
    if not first.startswith(MARKS):
        return content
    try:
        return Content.held(made(content), content.name, content.brake)
    finally:
        content.close()


def _of_mmdf(content: Content) -> Iterator[bytes]:
    """What lies between two such lines is a message, so that one that is missing costs no other."""
    start = 0
    for edge in chain(find_edges(content, _OF_MMDF, indented=False), _end_of(content)):
        end = _without_empty_line(content, start, edge.start)
        header = content.read(start, min(end, start + _HEADER))
        if header.strip():
            yield from _of_part(content, header, start, end)
        start = _after(content, edge.end)


def _of_part(content: Content, header: bytes, start: int, end: int) -> Iterator[bytes]:
    line = header[: _after_line(header)] if header.startswith(b"From ") else b""
    header = header[len(line) :]
    flags = told_flags(header[: mail.split(header)[0]], in_mbox=True)
    told = Particulars(flags, envelope(line).by_itself)
    yield from _message(told, content, b"", start + len(line), end)


def _of_babyl(content: Content) -> Iterator[bytes]:
    start: int | None = None
    for edge in chain(find_edges(content, _OF_BABYL, indented=False), _end_of(content)):
        if start is not None:
            yield from _of_page(content, start, _without_empty_line(content, start, edge.start))
        start = _after(content, edge.end) if edge.found[1] else None


def _of_page(content: Content, start: int, end: int) -> Iterator[bytes]:
    text = content.read(start, min(end, start + _HEADER))
    begins = _after_line(text)
    shown = _SHOWN.search(text, max(0, begins - 1))
    kept = text[begins : shown.start()] if shown else b""
    if shown is None or not kept.strip():
        header, body = b"", start + (shown.end() if shown else begins)
    else:
        header = kept.rstrip(b"\r\n") + b"\n\n"
        behind = _EMPTY.search(text, shown.end() - 1) if _FIELD.match(text, shown.end()) else shown
        body = min(end, start + behind.end()) if behind else end
    told = Particulars(_flags(text[:begins].decode("utf-8", "replace")))
    yield from _message(told, content, header, body, end)


def _flags(labels: str) -> frozenset[str]:
    """Those of Rmail before the empty label, the person's own behind it."""
    found = {label.strip().lower() for label in labels.split(",")[1:]} - {""}
    flags = {_FLAGS.get(label, label) for label in found - _OF_BABYL_ALONE}
    return frozenset(flags if "unseen" in found else flags | {"\\Seen"})


def _message(
    told: Particulars, content: Content, header: bytes, start: int, end: int
) -> Iterator[bytes]:
    last = content.read(max(start, end - 1), end) or header[-1:]
    is_open = last != b"\n"
    yield separator(Particulars(told.flags, told.received, is_open), b"\n")
    yield from quoted(_pieces(header, content.between(start, end)))
    yield b"\n\n" if is_open else b"\n"


def _pieces(header: bytes, body: Iterable[bytes]) -> Iterator[bytes]:
    if header:
        yield header
    yield from body


def _end_of(content: Content) -> Iterator[Edge]:
    """What ends the last message where nothing else does."""
    for end in re.finditer(rb"(\x0c)?\Z", b""):
        yield Edge(content.size, content.size, end)


def _after(content: Content, place: int) -> int:
    """Where the next line begins."""
    found = _LINE_END.match(content.read(place, place + 2))
    return place + (found.end() if found else 0)


def _after_line(text: bytes) -> int:
    found = _LINE_END.search(text)
    return found.end() if found else len(text)


def _without_empty_line(content: Content, start: int, end: int) -> int:
    before = content.read(max(start, end - 4), end)
    return end - (2 if before.endswith(b"\n\r\n") else 1 if before.endswith(b"\n\n") else 0)
