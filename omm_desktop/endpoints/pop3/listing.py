"""What is in the mailbox, and by which key each message is known from one session to the next.

The key is the UIDL where the server gives one that no other message has. Without UIDL, with one
that several messages share, or where the UIDLs only repeat the message numbers, the key is good
for one listing alone: the message is read again in every run, and recognised by what it is.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from ...model.problem import ItemError, Problem, ProblemId, TryAgain
from .connection import Connection

_TRIES = 2
# STAT may count wrong, but a listing must end.
_MORE_THAN_ANNOUNCED = 100_000
_MOST_MESSAGES = 1_000_000


@dataclass(frozen=True, slots=True)
class Listing:
    """Message numbers by key, sizes in octets by message number, oldest first.

    `marks` tells, by message number, whether what lies up to there is what lay there before.
    """

    numbers: dict[str, int]
    sizes: dict[int, int]
    marks: dict[int, str]

    def number_of(self, key: str) -> int | None:
        """The number a key stands for in this session; None when the message is gone.

        KeyError for a key of another listing that says nothing here any more.
        """
        if key in self.numbers or " " not in key:
            return self.numbers.get(key)
        number, mark, _ = key.split(" ")
        if self.marks.get(int(number)) != mark:
            raise KeyError(key)
        return int(number)


def read_listing(connection: Connection, announced: int) -> Listing:
    """All messages with their sizes and keys.

    Asked for twice when fewer come than STAT announced; then raises `ItemError`
    (FOLDER_UNREADABLE). A listing far longer than announced raises `TryAgain` with that problem.
    """
    sizes: dict[int, int] = {}
    most = min(announced + _MORE_THAN_ANNOUNCED, _MOST_MESSAGES)
    for _ in range(_TRIES):
        sizes = dict(_sizes(connection, most))
        if len(sizes) >= announced:
            return _keyed(sizes, _unique_ids(connection, most))
    detail = f"{len(sizes)} messages listed, {announced} announced"
    raise ItemError(Problem(ProblemId.FOLDER_UNREADABLE, connection.place, detail))


def _sizes(connection: Connection, most: int) -> Iterator[tuple[int, int]]:
    answer, lines = connection.wire.ask_lines(b"LIST", most, ProblemId.FOLDER_UNREADABLE)
    if not answer.ok:
        raise connection.refusal(answer.text, ProblemId.FOLDER_UNREADABLE)
    for line in lines:
        number, size, *_ = (*line.split(), b"", b"")
        if number.isdigit() and size.isdigit():
            yield int(number), int(size)


def _unique_ids(connection: Connection, most: int) -> dict[int, str]:
    """UIDLs by message number; none where the server has none that last."""
    answer, lines = connection.wire.ask_lines(b"UIDL", most, ProblemId.FOLDER_UNREADABLE)
    if not answer.ok:
        error = connection.refusal(answer.text, ProblemId.FOLDER_UNREADABLE)
        if isinstance(error, TryAgain):
            raise error
        return {}
    told = {}
    for line in lines:
        words = line.split()
        if len(words) == 2 and words[0].isdigit():
            told[int(words[0])] = words[1].decode("latin-1")
    if all(id == str(number) for number, id in told.items()):
        return {}
    shared = Counter(told.values())
    return {number: id for number, id in told.items() if shared[id] == 1}


def _keyed(sizes: dict[int, int], ids: dict[int, str]) -> Listing:
    token = secrets.token_hex(4)
    so_far = blake2b(digest_size=8)
    numbers: dict[str, int] = {}
    marks: dict[int, str] = {}
    for number, size in sorted(sizes.items()):
        so_far.update(b"%d " % size)
        marks[number] = so_far.hexdigest()
        # A UIDL holds no blank (RFC 1939).
        numbers[ids.get(number) or f"{number} {marks[number]} {token}"] = number
    return Listing(numbers, sizes, marks)
