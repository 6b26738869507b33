"""The fields of a header, line by line, as RFC 5322 wants them."""

from __future__ import annotations

import re
from email.header import Header

from .mail import split

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")
_LOGICAL_LINE = re.compile(rb"\r?\n(?![ \t])")
_BLANK_FOLD = re.compile(rb"\r\n[ \t]+(?=\r\n|\Z)")
_NO_FIELD = b"X-Original-Line"
_FOLD_AT = 900

LONGEST = 998
"""Octets of a line without its end (RFC 5322 section 2.1.1)."""


def lines_of(message: bytes) -> list[bytes]:
    """The lines of the header, each with its folded continuation."""
    header = message[: split(message)[0]]
    return [line for line in _LOGICAL_LINE.split(header.rstrip(b"\r\n")) if line.strip()]


def name_of(line: bytes) -> bytes:
    """The field's name in lower case; empty for a line that is no field."""
    found = _FIELD.match(line)
    return found[1].lower() if found else b""


def valid_field(line: bytes) -> bytes:
    """The field in plain ASCII: raw octets as encoded words (RFC 2047), no blank before the colon,
    no blank folded line; what is no field is kept under a name of its own.
    """
    line = _BLANK_FOLD.sub(b"", line)
    found = _FIELD.match(line)
    name, value = (found[1], line[found.end() :]) if found else (_NO_FIELD, b" " + line)
    if value.isascii():
        return name + b":" + value
    return _encoded_field(name, value)


def folded(line: bytes) -> bytes:
    """A line broken before blanks (RFC 5322 section 2.2.3) where it is too long and has any."""
    pieces = []
    while len(line) > LONGEST:
        at = line.rfind(b" ", 1, _FOLD_AT)
        if at <= 0:
            break
        pieces.append(line[:at])
        line = line[at:]
    return b"\r\n".join((*pieces, line))


def _encoded_field(name: bytes, value: bytes) -> bytes:
    raw = b" ".join(value.split())
    try:
        text, charset = raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text, charset = raw.decode("latin-1"), "iso-8859-1"
    encoded = Header(text, charset, header_name=name.decode("ascii")).encode(linesep="\r\n")
    return name + b": " + encoded.encode("ascii", "replace")
