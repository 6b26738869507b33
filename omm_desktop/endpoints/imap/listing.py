"""Listing a mailbox so that the answer can be believed: counted windows, newest first.

Sequence numbers do not move while only FETCH is sent, so each window has a known length. SEARCH
and `n:*` are not used: the first is wrong on some servers, the second always names one message.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ...model.problem import ItemError, Problem, ProblemId
from .connection import Connection
from .responses import Fetched, fetched

WINDOW = 4000
"""Messages in one window of a cheap listing."""

_FIRST_WINDOW = 250


def windows(
    connection: Connection,
    key: str,
    attributes: bytes,
    *,
    from_uid: int | None = None,
    window: int = WINDOW,
    just_opened: bool = False,
) -> Iterator[list[Fetched]]:
    """Every message with a UID of at least `from_uid`, newest window first.

    A window that comes back short is asked for once more in a freshly opened mailbox; then
    `ItemError` (FOLDER_UNREADABLE) is raised. `attributes` must name UID; `just_opened` says that
    the mailbox needs no second look before the first pass.
    """
    below: int | None = None
    expected = 0
    for attempt in range(2):
        opened = connection.open_mailbox(key, fresh=attempt > 0 or not just_opened)
        if from_uid is not None and opened.next_key is not None and opened.next_key <= from_uid:
            return
        expected = opened.exists
        for count, found in _pass(connection, opened.exists, attributes, window):
            if len(found) < count:
                break
            fresh = [one for one in found if below is None or _uid(one) < below]
            if fresh:
                below = min(map(_uid, fresh))
            wanted = fresh if from_uid is None else [o for o in fresh if _uid(o) >= from_uid]
            if wanted:
                yield wanted
            if from_uid is not None and below is not None and below <= from_uid:
                connection.wire.settle()
                return
        else:
            return
    detail = f"fewer messages came than the {expected} announced"
    raise ItemError(Problem(ProblemId.FOLDER_UNREADABLE, connection.place, detail))


def _uid(one: Fetched) -> int:
    return one.uid or 0


def _bounds(exists: int, window: int) -> list[tuple[int, int]]:
    """First and last sequence number of each window, newest first; the first one is small."""
    edges = [exists]
    size = min(_FIRST_WINDOW, window)
    while edges[-1] > 0:
        edges.append(max(0, edges[-1] - size))
        size = min(window, size * 4)
    return [(low + 1, high) for high, low in pairwise(edges)]


def _pass(
    connection: Connection, exists: int, attributes: bytes, window: int
) -> Iterator[tuple[int, list[Fetched]]]:
    """One pass over the mailbox: how many each window must hold, and what came.

    One window is asked ahead of the one being read.
    """
    wire = connection.wire
    wire.settle()
    bounds = _bounds(exists, window)
    ahead = [wire.start(_command(bound, attributes)) for bound in bounds[:1]]
    # Dovecot answers two FETCH under way row by row in turn: rows are told apart by number.
    found: dict[int, Fetched] = {}
    for index, (low, high) in enumerate(bounds):
        if index + 1 < len(bounds):
            ahead.append(wire.start(_command(bounds[index + 1], attributes)))
        for response in wire.responses(ahead.pop(0)):
            one = fetched(response)
            if one is not None and one.uid is not None:
                found[one.sequence] = one
            elif response.tag and response.status != "OK":
                raise_if_passing(connection, response.text)
        numbers = range(low, high + 1)
        yield len(numbers), [found.pop(number) for number in numbers if number in found]


def _command(bound: tuple[int, int], attributes: bytes) -> bytes:
    return b"FETCH %d:%d %b" % (*bound, attributes)


def raise_if_passing(connection: Connection, text: bytes) -> None:
    """Raise what a refusal means when it is a wish to wait; otherwise the count will tell."""
    error = connection.refusal(text, ProblemId.FOLDER_UNREADABLE)
    if not isinstance(error, ItemError):
        raise error
