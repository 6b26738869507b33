"""Lines of a message that look like a separator: how they are told from one.

mboxo puts a ">" before each line that begins with "From "; mboxrd also before each that begins with
any number of ">" and then "From ", so that it can be undone without doubt; mboxcl is mboxo with the
length of the body in Content-Length; mboxcl2 has the length and quotes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum


class Dialect(StrEnum):
    """How a file keeps lines that look like a separator."""

    MBOXO = "mboxo"
    MBOXRD = "mboxrd"
    MBOXCL = "mboxcl"
    MBOXCL2 = "mboxcl2"


_QUOTABLE = re.compile(rb"\n(?=>*From )")
_QUOTED = re.compile(rb"\n>(?=>*From )")
_QUOTED_ONCE = re.compile(rb"\n>(?=From )")
QUOTED_FROM = b">From "
"""What every line that was changed holds."""

_BEGUN = re.compile(rb"(>*)((?:F(?:r(?:o(?:m)?)?)?)?)\Z")
_LINE_END = b"\n"


def quoted(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """A message as mboxrd keeps it."""
    return _each_line(pieces, _QUOTABLE, b"\n>", held_marks=0)


def unquoted(pieces: Iterable[bytes], dialect: Dialect) -> Iterator[bytes]:
    """A message as it was before the file of that dialect took it."""
    if dialect is Dialect.MBOXCL2:
        return iter(pieces)
    if dialect is Dialect.MBOXRD:
        return _each_line(pieces, _QUOTED, _LINE_END, held_marks=1)
    return _each_line(pieces, _QUOTED_ONCE, _LINE_END, held_marks=1, most_marks=1)


def _each_line(
    pieces: Iterable[bytes],
    pattern: re.Pattern[bytes],
    replacement: bytes,
    *,
    held_marks: int,
    most_marks: int | None = None,
) -> Iterator[bytes]:
    """The pieces with a change at the beginning of lines, whatever the pieces cut through.

    Of a run of ">" that a piece ends in only `held_marks` are held back: which of them is taken
    away makes no difference, and a line of nothing else may be as long as it likes. `most_marks`:
    a line with more is none of those to be changed.
    """
    held, at_beginning = b"", True
    for piece in pieces:
        data = held + piece
        cut, still_at_beginning = _decided(data, at_beginning, held_marks, most_marks)
        yield from _changed(data[:cut], pattern, replacement, at_beginning)
        held, at_beginning = data[cut:], still_at_beginning
    yield from _changed(held, pattern, replacement, at_beginning)


def _decided(
    data: bytes, at_beginning: bool, held_marks: int, most_marks: int | None
) -> tuple[int, bool]:
    """How much can be passed on, and whether what follows may be the beginning of a line."""
    line = data.rfind(_LINE_END) + 1
    if line == 0 and not at_beginning:
        return len(data), False
    begun = _BEGUN.match(data, line)
    if begun is None or (most_marks is not None and len(begun[1]) > most_marks):
        return len(data), False
    marks = min(held_marks, len(begun[1]))
    return len(data) - len(begun[2]) - marks, True


def _changed(
    data: bytes, pattern: re.Pattern[bytes], replacement: bytes, at_beginning: bool
) -> Iterator[bytes]:
    if not data:
        return
    if not at_beginning:
        yield pattern.sub(replacement, data)
        return
    yield pattern.sub(replacement, _LINE_END + data)[1:]
