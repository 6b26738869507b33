"""MH folders (nmh, Sylpheed, Claws Mail): a file for each message, a number its name.

What is unseen, answered or flagged stands in a file of sequences beside them (mh-sequence(5)); the
names of others are keywords. A folder without that file says nothing of it.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from .content import Content
from .letter_files import ReadFile
from .mail_item import Letter
from .mbox.messages import read_with_separator
from .single_files import read_eml

_SEQUENCES = ".mh_sequences"

_FLAGS = {"replied": "\\Answered", "flagged": "\\Flagged", "forwarded": "$Forwarded"}
_UNSEEN = "unseen"
_PASSING = frozenset({"cur", "pseq", _UNSEEN})
_RANGE = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?\Z")
_LARGEST = 1 << 20

Ranges = tuple[range, ...]


def is_of_mh(name: str) -> bool:
    """Whether a file in an MH folder is a message."""
    return name.isascii() and name.isdigit()


def sequences_of(place: Path) -> Sequences | None:
    """None for a folder that has no such file."""
    told = place / _SEQUENCES
    try:
        # Whatever else has that name, opening it may never end.
        if not stat.S_ISREG(told.lstat().st_mode):
            return None
        with told.open("rb") as file:
            return Sequences(file.read(_LARGEST).decode("utf-8", "replace"))
    except OSError:
        return None


class Sequences:
    """What the text of a folder's file of sequences says of its messages."""

    def __init__(self, text: str) -> None:
        lines = text.splitlines()
        told = (line.partition(":") for line in lines)
        self._ranges = {name.strip(): tuple(_ranges(numbers)) for name, _, numbers in told}

    def reader(self, name: str) -> ReadFile:
        """What reads the message of that name, with its flags."""
        return partial(_read, flags=self._flags(int(name)))

    def _flags(self, number: int) -> frozenset[str]:
        within = {name for name, ranges in self._ranges.items() if _has(ranges, number)}
        flags = {_FLAGS.get(name, name) for name in within - _PASSING}
        return frozenset(flags if _UNSEEN in within else flags | {"\\Seen"})


def _read(content: Content, flags: frozenset[str]) -> Letter:
    begins = content.read(0, 5)
    letter = read_with_separator(content) if begins == b"From " else read_eml(content)
    return Letter(letter.payload, letter.flags | flags, letter.received)


def _ranges(numbers: str) -> Iterator[range]:
    for found in map(_RANGE.match, numbers.split()):
        if found is not None:
            yield range(int(found[1]), int(found[2] or found[1]) + 1)


def _has(ranges: Ranges, number: int) -> bool:
    return any(number in one for one in ranges)
