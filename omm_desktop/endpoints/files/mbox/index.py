"""Where each message of an mbox file is, found in one reading that holds little of it.

A length (Content-Length of mboxcl and mboxcl2) is believed where the message it tells of ends at
the end of the file or before a separator; elsewhere separators alone count. Other than the four
dialects want: the first message may lack its separator, and the file may begin with the mark of
UTF-8; the empty line behind the last message counts as one behind any other.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from dataclasses import dataclass, field

from ..content import Content
from .gmail import LabelIndex
from .own import BEGINNING
from .quoting import Dialect
from .separator import looks_like_header, separates

MOST_MESSAGES = 4_000_000
"""So many of one file are read: their places take 16 bytes each in memory."""

HEADER_WITHIN = 64 << 10
"""Octets of a message in which its separator and the fields of interest are looked for."""

_MARK = b"\xef\xbb\xbf"
_SEPARATOR = b"\nFrom "
_LENGTH_NAME = b"\ncontent-length"
_LENGTH = re.compile(rb"\ncontent-length[ \t]*:[ \t]*(\d{1,15})[ \t]*\r?\n")
_ENDS = re.compile(rb"(?:\r?\n){0,2}(?:From |\Z)")


@dataclass(slots=True)
class Index:
    """`starts` are those of the separators, `ends` those of the messages, line of format aside.

    `with_length` is the dialect of messages whose length is told, all others being of mboxrd.
    `validity` is the file's own number, of 63 bits of the SHA-256 of all of it; `whole` is False
    when it holds more messages than are read.
    """

    starts: array[int] = field(default_factory=lambda: array("Q"))
    ends: array[int] = field(default_factory=lambda: array("Q"))
    labels: LabelIndex = field(default_factory=LabelIndex)
    with_length: Dialect = Dialect.MBOXCL
    validity: int = 0
    whole: bool = True

    def __len__(self) -> int:
        return len(self.starts)

    def size(self, place: int) -> int:
        """Bytes of a message in the file, its separator included; places count from 0."""
        return self.ends[place] - self.starts[place]


def read_index(content: Content, *, numbered: bool = True) -> Index:
    """Read a file to its end; raises as `Content.read` does.

    Without `numbered` the file's own number stays 0, and the reading is faster.
    """
    return _Scan(content, numbered).index


class _Scan:
    """A window over the file moves from its start to its end; `_base` is where it begins."""

    def __init__(self, content: Content, numbered: bool) -> None:
        self.index = Index()
        self._content = content
        self._size = content.size
        self._window = b""
        self._base = 0
        self._counted_until = 0
        digest = hashlib.sha256()
        for piece in content.pieces():
            if numbered:
                digest.update(piece)
            self._window += piece
            done = self._base + len(self._window)
            last = done >= self._size
            self._search(len(self._window) if last else len(self._window) - HEADER_WITHIN)
        self._finish()
        if numbered:
            self.index.validity = int.from_bytes(digest.digest()[:8], "big") >> 1

    def _search(self, until: int) -> None:
        """Look at what begins before `until` in the window, then let go of it."""
        if until <= 0:
            return
        if self._base == 0:
            self._begin()
        place = 0
        while self.index.whole:
            found = self._window.find(_SEPARATOR, place, until + len(_SEPARATOR) - 1)
            if found < 0:
                break
            self._candidate(found)
            place = found + 1
        # What stands before a separator tells whether it follows an empty line.
        keep = max(0, until - 4)
        self._window, self._base = self._window[keep:], self._base + keep

    def _begin(self) -> None:
        """The first message, with or without a separator."""
        start = len(_MARK) if self._window.startswith(_MARK) else 0
        while self._window.startswith((b"\n", b"\r\n"), start):
            start = self._window.index(b"\n", start) + 1
        if self._window.startswith(b"From ", start):
            line, following = self._lines(start)
            if separates(line, following, after_empty=True):
                self._message(start)
                return
        if looks_like_header(self._window[start : start + HEADER_WITHIN]):
            self._message(start)

    def _lines(self, start: int) -> tuple[bytes, bytes]:
        end = self._window.find(b"\n", start, start + HEADER_WITHIN)
        end = start + HEADER_WITHIN if end < 0 else end + 1
        return self._window[start:end], self._window[end : end + 200]

    def _candidate(self, found: int) -> None:
        start = found + 1
        if self._base + start <= self._last_start:
            return
        if self._base + start < self._counted_until:
            # Where lengths count and lines are quoted as well, no line begins so.
            self.index.with_length = Dialect.MBOXCL2
            return
        line, following = self._lines(start)
        before = self._window[max(0, found - 2) : found]
        after_empty = before.endswith((b"\n", b"\n\r")) or self._base + found == 0
        if not separates(line, following, after_empty=after_empty):
            return
        self._end_last(self._base + start, self._window[max(0, found - 3) : start])
        self._message(start)

    @property
    def _last_start(self) -> int:
        return self.index.starts[-1] if self.index.starts else -1

    def _end_last(self, end: int, before: bytes) -> None:
        """The message before ends here, or earlier where its length or an empty line says so."""
        index = self.index
        if len(index.ends) == len(index.starts):
            return
        index.ends.append(max(end - _empty_line(before), index.starts[-1]))

    def _message(self, start: int) -> None:
        index = self.index
        if len(index) >= MOST_MESSAGES:
            index.whole = False
            return
        index.starts.append(self._base + start)
        header = self._header(start)
        index.labels.note(len(index) - 1, b"" if header.startswith(BEGINNING) else header)
        length = told_length(header)
        if length is None:
            return
        end = self._base + start + len(header) + length
        if self._is_an_end(end):
            self._counted_until = end
            index.ends.append(end)

    def _header(self, start: int) -> bytes:
        """From the separator to the empty line, that included, as far as it is looked at."""
        return self._window[start : header_end(self._window, start, start + HEADER_WITHIN)]

    def _is_an_end(self, place: int) -> bool:
        if place >= self._size:
            return place == self._size
        return _ENDS.match(self._content.read(place, place + 9)) is not None

    def _finish(self) -> None:
        index = self.index
        if index.whole:
            last = self._content.read(max(0, self._size - 4), self._size)
            self._end_last(self._size, last)
        del index.starts[len(index.ends) :]


def header_end(text: bytes, start: int, most: int) -> int:
    """Where what stands behind the first empty line begins, `most` where there is none before."""
    bare = text.find(b"\n\n", start, most)
    crlf = text.find(b"\n\r\n", start, most if bare < 0 else bare)
    if crlf >= 0:
        return crlf + 3
    return most if bare < 0 else bare + 2


def told_length(header: bytes) -> int | None:
    """The length of the body that a header tells, separator included; None of mail of our own.

    What we write is mboxrd, whatever a message says of itself.
    """
    if header.startswith(BEGINNING):
        return None
    small = header.lower()
    # A search by pattern alone takes as long as all the rest.
    found = _LENGTH.search(small) if _LENGTH_NAME in small else None
    return None if found is None else int(found[1])


def _empty_line(before: bytes) -> int:
    """Octets of the empty line at the end of what stands before a separator, or of the file."""
    if before.endswith(b"\n\r\n"):
        return 2
    return 1 if before.endswith(b"\n\n") else 0
