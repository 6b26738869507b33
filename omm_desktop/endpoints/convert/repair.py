"""Making a refused mail acceptable, one rung after the other; never before a refusal.

Works in memory: a mail above the size kept in memory is not repaired.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from . import attaching
from .header_fields import lines_of, name_of, valid_field
from .long_lines import short_lines
from .mail import split

_BARE = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Rung:
    """A repair and its name in the report.

    `attaches`: the mail becomes the attachment of another. `afresh`: it begins with the mail as it
    was read, so that no earlier repair counts.
    """

    name: str
    repair: Callable[[bytes], bytes]
    attaches: bool = False
    afresh: bool = False


def line_ends(message: bytes) -> bytes:
    """Every line end CRLF, and one at the end."""
    changed = _BARE.sub(b"\r\n", message)
    return changed if changed.endswith(b"\r\n") else changed + b"\r\n"


def without_nul(message: bytes) -> bytes:
    """NUL octets removed."""
    return message.replace(b"\0", b"")


def valid_header(message: bytes) -> bytes:
    """A header of plain ASCII fields (`valid_field`)."""
    lines = lines_of(message)
    if not any(map(name_of, lines)):
        # What has no header at all is all body.
        return b"Subject: \r\n\r\n" + message
    body = message[split(message)[1] :]
    return b"\r\n".join(map(valid_field, lines)) + b"\r\n\r\n" + body


_SHORTER = Rung("long lines re-encoded (RFC 2045)", short_lines)
_AS_FILE = Rung("attached to a mail of ours, as a file", attaching.as_file, True, True)
_RUNGS = (
    Rung("line ends made CRLF", line_ends),
    Rung("NUL octets removed", without_nul),
    Rung("header made valid (RFC 5322, 2047)", valid_header),
    _SHORTER,
    Rung("attached to a mail of ours (message/rfc822)", attaching.as_message, attaches=True),
    _AS_FILE,
)
_LONGEST_TAKEN = 9_900
_TOO_LONG = re.compile(rb"(?<![^\r\n])[^\r\n]{%d}" % (_LONGEST_TAKEN + 1))


def next_rung(message: bytes, original: bytes, done: Sequence[str]) -> tuple[Rung, bytes] | None:
    """The next repair that changes anything, and the mail after it; None at the end.

    `message` is the mail as last refused, `original` as it was read, `done` the names of the rungs
    already tried, in order.
    """
    names = [rung.name for rung in _RUNGS]
    start = max((names.index(name) + 1 for name in done if name in names), default=0)
    for rung in _RUNGS[start:]:
        before = original if rung.afresh else message
        changed = rung.repair(before)
        if changed != before:
            return rung, changed
    return None


def ends_connections(message: bytes) -> bool:
    """Whether a line is so long that some servers hang up: above 9,900 octets."""
    return _TOO_LONG.search(message) is not None


def shorter_lines(message: bytes) -> tuple[Rung, bytes]:
    """The repair for a mail that `ends_connections`; one that is sealed goes as a file."""
    changed = short_lines(line_ends(message))
    if ends_connections(changed):
        return _AS_FILE, attaching.as_file(message)
    return _SHORTER, changed
