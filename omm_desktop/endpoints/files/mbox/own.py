"""The separators this program writes: what a message has that its bytes do not tell.

The sender of RFC 4155 is a name of ours, and behind it, each after a "+": flags; "open" where the
message did not end its last line and a line end was added; "undated" where nobody knows when it
came in. So that not one byte of the message has to change: other programs write such things into
its header. The first separator of a file holds a number at random, by which the file is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, unquote

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
BEGINNING = b"From omm-desktop"
_OURS = re.compile(rb"From omm-desktop((?:\+[!-*,-?A-~]*)*)@localhost ")
_OPEN, _UNDATED, _FILE, _KEYWORD = "open", "undated", "file.", "="
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_KEPT = "!$&'*-./:;<=>?^_`{|}~"


@dataclass(frozen=True, slots=True)
class Particulars:
    """`file` is the number of the file, 0 where the separator is not its first."""

    flags: frozenset[str] = frozenset()
    received: datetime | None = None
    is_open: bool = False
    file: int = 0


def separator(told: Particulars, line_end: bytes) -> bytes:
    """The line to put before a message."""
    words = [
        *([f"{_FILE}{told.file:x}"] if told.file else []),
        *([_OPEN] if told.is_open else []),
        *([] if _in_utc(told.received) else [_UNDATED]),
        *_flag_words(told.flags),
    ]
    moment = _in_utc(told.received) or _EPOCH
    day = f"{_DAYS[moment.weekday()]} {_MONTHS[moment.month - 1]} {moment.day:2}"
    time = f"{moment:%H:%M:%S} {moment.year:04}"
    sender = "".join(f"+{word}" for word in words)
    return BEGINNING + f"{sender}@localhost {day} {time}".encode("ascii") + line_end


def _in_utc(moment: datetime | None) -> datetime | None:
    """None also where UTC has no such year."""
    try:
        return None if moment is None else moment.astimezone(UTC)
    except OverflowError:
        return None


def _flag_words(flags: Iterable[str]) -> list[str]:
    return sorted(
        flag[1:].lower() if flag.lower() in _SYSTEM else _KEYWORD + quote(flag, safe=_KEPT)
        for flag in flags
    )


_SYSTEM = {
    "\\seen": "\\Seen",
    "\\answered": "\\Answered",
    "\\flagged": "\\Flagged",
    "\\deleted": "\\Deleted",
    "\\draft": "\\Draft",
}


def numbered(line: bytes, number: int) -> bytes:
    """A separator of ours as the first one of the file with that number."""
    return BEGINNING + f"+{_FILE}{number:x}".encode("ascii") + line.removeprefix(BEGINNING)


def particulars(line: bytes, moment: datetime | None) -> Particulars | None:
    """What a separator of ours tells, `moment` being its date; None for one of somebody else."""
    found = _OURS.match(line)
    if found is None:
        return None
    words = found[1].decode("ascii").split("+")[1:]
    flags = [unquote(word[1:]) for word in words if word.startswith(_KEYWORD)]
    flags += [_SYSTEM[f"\\{word}"] for word in words if f"\\{word}" in _SYSTEM]
    numbers = [word.removeprefix(_FILE) for word in words if word.startswith(_FILE)]
    return Particulars(
        frozenset(flags),
        None if _UNDATED in words else moment,
        _OPEN in words,
        _number(numbers[0]) if numbers else 0,
    )


def _number(text: str) -> int:
    try:
        return int(text, 16)
    except ValueError:
        return 0
