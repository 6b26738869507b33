"""Making a refused mail acceptable, one rung after the other; never before a refusal.

Works in memory: a mail above the size kept in memory is not repaired.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from email.header import Header

from .mail import split

_BARE = re.compile(rb"\r\n|\r|\n")
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")
_LOGICAL_LINE = re.compile(rb"\r\n(?![ \t])")
_BLANK_FOLD = re.compile(rb"\r\n[ \t]+(?=\r\n|\Z)")
_NO_FIELD = b"X-Original-Line"


def line_ends(message: bytes) -> bytes:
    """Every line end CRLF, and one at the end."""
    changed = _BARE.sub(b"\r\n", message)
    return changed if changed.endswith(b"\r\n") else changed + b"\r\n"


def without_nul(message: bytes) -> bytes:
    """NUL octets removed."""
    return message.replace(b"\0", b"")


def valid_header(message: bytes) -> bytes:
    """A header of plain ASCII fields: raw octets as encoded words (RFC 2047), no blank before the
    colon, no blank folded line; a line that is no field is kept under a name of its own.
    """
    end, start = split(message)
    header, body = message[:end], message[start:]
    lines = [line for line in _LOGICAL_LINE.split(header.rstrip(b"\r\n")) if line.strip()]
    if not any(_FIELD.match(line) for line in lines):
        # What has no header at all is all body.
        return b"Subject: \r\n\r\n" + message
    return b"\r\n".join(map(_valid_field, lines)) + b"\r\n\r\n" + body


def _valid_field(line: bytes) -> bytes:
    line = _BLANK_FOLD.sub(b"", line)
    found = _FIELD.match(line)
    name, value = (found[1], line[found.end() :]) if found else (_NO_FIELD, b" " + line)
    if value.isascii():
        return name + b":" + value
    return _encoded_field(name, value)


def _encoded_field(name: bytes, value: bytes) -> bytes:
    raw = b" ".join(value.split())
    try:
        text, charset = raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text, charset = raw.decode("latin-1"), "iso-8859-1"
    encoded = Header(text, charset, header_name=name.decode("ascii")).encode(linesep="\r\n")
    return name + b": " + encoded.encode("ascii", "replace")


_RUNGS: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (
    ("line ends made CRLF", line_ends),
    ("NUL octets removed", without_nul),
    ("header made valid (RFC 5322, 2047)", valid_header),
)


def next_rung(message: bytes, done: Sequence[str]) -> tuple[str, bytes] | None:
    """The next repair that changes anything, and the mail after it; None at the end.

    `done` are the names of the rungs already tried, in order.
    """
    names = [name for name, _ in _RUNGS]
    start = max((names.index(name) + 1 for name in done if name in names), default=0)
    for name, repair in _RUNGS[start:]:
        changed = repair(message)
        if changed != message:
            return name, changed
    return None
