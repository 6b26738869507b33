"""A file of comma-separated values (RFC 4180) cut into its records, and one record into its values.

Other than the specification wants: values may be separated by semicolons or tabs, the text may be
in any encoding that keeps ASCII, and lines may end in any way. A quote that nothing closes within
4 MiB is a character like any other.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from ..content import Content

LONGEST = 4 << 20
"""Octets of a record with an open quote that are looked at, and of a line that is taken whole."""

Span = tuple[int, int]

# The reader's own limit would refuse notes of 128 KiB.
csv.field_size_limit(2 * LONGEST)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the values of a file are written."""

    encoding: str
    separator: str

    def values(self, record: bytes) -> list[str]:
        """The values of one record, without outer spaces; lines in them end in LF."""
        text = record.decode(self.encoding, "replace").replace("\0", "").removeprefix("\ufeff")
        rows = csv.reader(StringIO(text, newline=""), delimiter=self.separator)
        joined = (value.replace("\r\n", "\n").replace("\r", "\n") for row in rows for value in row)
        return [value.strip() for value in joined]


def record_spans(content: Content) -> Iterator[Span]:
    """Where each record of the file begins and ends, those of a line end alone left out."""
    fresh = _lines(content)
    again: deque[tuple[int, bytes]] = deque()
    record: list[tuple[int, bytes]] = []
    size, is_open = 0, False
    while True:
        line = again.popleft() if again else next(fresh, None)
        if line is None and not record:
            return
        if line is not None:
            record.append(line)
            size += len(line[1])
            is_open ^= line[1].count(b'"') % 2 == 1
            if is_open and size <= LONGEST:
                continue
        if is_open:
            # Nothing closes the quote: the first line stands alone, the others are read again.
            again.extendleft(reversed(record[1:]))
            del record[1:]
        start, end = record[0][0], record[-1][0] + len(record[-1][1])
        if len(record) > 1 or record[0][1].strip():
            yield start, end
        record, size, is_open = [], 0, False


def _lines(content: Content) -> Iterator[tuple[int, bytes]]:
    """The lines with their ends, and where each begins; long ones in pieces."""
    held, start = b"", 0
    for piece in content.pieces():
        lines = (held + piece).splitlines(keepends=True)
        # The last one may go on, or be ended by a LF behind its CR.
        held = lines.pop() if len(lines[-1]) <= LONGEST else b""
        for line in lines:
            yield start, line
            start += len(line)
    for line in held.splitlines(keepends=True):
        yield start, line
        start += len(line)
