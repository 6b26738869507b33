"""Listing a mailbox so that the answer can be believed: counted windows, newest first.

Sequence numbers do not move while only FETCH is sent, so each window has a known length. SEARCH
and `n:*` are not used: the first is wrong on some servers, the second always names one message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from ...model.problem import ItemError, Problem, ProblemId
from .connection import Connection, Opened
from .responses import Fetched, fetched

WINDOW = 4000
"""Messages in one window of a cheap listing."""

_FIRST_WINDOW = 250
_AHEAD = 2


def windows(
    connection: Connection,
    key: str,
    attributes: bytes,
    *,
    from_uid: int | None = None,
    window: int = WINDOW,
    guess: int | None = None,
    on_open: Callable[[Opened], None] | None = None,
) -> Iterator[list[Fetched]]:
    """Every message with a UID of at least `from_uid`, newest window first.

    A window that comes back short is asked for once more in a freshly opened mailbox; then
    `ItemError` (FOLDER_UNREADABLE) is raised. `attributes` must name UID.

    `guess` is how many messages there should be: a right guess saves a round trip. `on_open` sees
    what the server told of the mailbox before anything is yielded, and may raise.
    """
    below: int | None = None
    expected = 0
    for _attempt in range(2):
        opened, ahead = _open(connection, key, guess, attributes, window)
        guess = None
        if on_open is not None:
            on_open(opened)
        if from_uid is not None and opened.next_key is not None and opened.next_key <= from_uid:
            return
        expected = opened.exists
        for count, found in _pass(connection, opened.exists, attributes, window, ahead):
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


def _open(
    connection: Connection, key: str, guess: int | None, attributes: bytes, window: int
) -> tuple[Opened, list[bytes]]:
    """Open the mailbox afresh and, with a guess, ask for the first windows in the same flight."""
    tag = connection.begin_opening(key)
    bounds = _bounds(guess or 0, window)[:_AHEAD]
    ahead = [connection.wire.start(_command(bound, attributes)) for bound in bounds]
    opened = connection.end_opening(tag, key)
    if opened.exists != guess:
        connection.wire.settle()
        ahead.clear()
    return opened, ahead


def _pass(
    connection: Connection, exists: int, attributes: bytes, window: int, ahead: list[bytes]
) -> Iterator[tuple[int, list[Fetched]]]:
    """One pass over the mailbox: how many each window must hold, and what came.

    The next window is asked for while one is read; `ahead` holds the tags of those asked already.
    """
    wire = connection.wire
    bounds = _bounds(exists, window)
    asked = len(ahead)
    # Dovecot answers two FETCH under way row by row in turn: rows are told apart by number.
    found: dict[int, Fetched] = {}
    for low, high in bounds:
        while asked < len(bounds) and len(ahead) < _AHEAD:
            ahead.append(wire.start(_command(bounds[asked], attributes)))
            asked += 1
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
