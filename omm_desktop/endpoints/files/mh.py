"""MH folders (nmh, Sylpheed, Claws Mail): a file for each message, a number its name.

What is unseen, answered or flagged stands in a file of sequences beside them (mh-sequence(5)); the
names of others are keywords. A folder without that file says nothing of it.
"""

from __future__ import annotations

import re
import stat
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import accumulate
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
        self._numbers = {name.strip(): _Numbers(_ranges(numbers)) for name, _, numbers in told}

    def reader(self, name: str) -> ReadFile:
        """What reads the message of that name, with its flags."""
        return partial(_read, flags=self._flags(int(name)))

    def _flags(self, number: int) -> frozenset[str]:
        within = {name for name, numbers in self._numbers.items() if number in numbers}
        flags = {_FLAGS.get(name, name) for name in within - _PASSING}
        return frozenset(flags if _UNSEEN in within else flags | {"\\Seen"})


class _Numbers:
    """Those in ranges, found among many as quickly as among few."""

    def __init__(self, ranges: Iterable[range]) -> None:
        ordered = sorted(ranges, key=lambda one: one.start)
        self._starts = [one.start for one in ordered]
        self._furthest = list(accumulate((one.stop for one in ordered), max))

    def __contains__(self, number: int) -> bool:
        begun = bisect_right(self._starts, number)
        return begun > 0 and number < self._furthest[begun - 1]


def _read(content: Content, flags: frozenset[str]) -> Letter:
    begins = content.read(0, 5)
    letter = read_with_separator(content) if begins == b"From " else read_eml(content)
    return Letter(letter.payload, letter.flags | flags, letter.received)


def _ranges(numbers: str) -> Iterator[range]:
    for found in map(_RANGE.match, numbers.split()):
        if found is not None:
            yield range(int(found[1]), int(found[2] or found[1]) + 1)
