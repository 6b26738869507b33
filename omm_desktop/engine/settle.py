"""The resume rule: which items of ours are in a destination folder, and which are not.

A write whose answer never came is neither repeated nor believed. When no write to the folder is on
its way any more and enough time has passed (`engine.lane`), the folder is read and every row of
ours is matched with what is there. This module is the matching alone: values in, verdicts out.

Two steps. Rows whose key is known explain their message by it (the ledger does that in SQL). Then,
one group of equal fingerprints at a time, the rows without a key claim what is left (`claim`), each
only among messages that could be it: no older than its quiet position, and alike (`alike`). A row
that was being sent and claimed nothing goes through `judge_unclaimed` with what nobody explained.

The quiet position of a row is a key noted when no write to the folder was on its way. Hence a row
of a later quiet position can never be found below it, and choosing rows from the latest quiet
position down, each taking the highest message it may, never takes what an earlier row needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import partial

from omm_desktop.model.items import ItemKind
from omm_desktop.model.ports import Fidelity
from omm_desktop.store.rows import Row, RowState, SeenRow

KEEPS_BODIES = frozenset({Fidelity.EXACT, Fidelity.BODY, Fidelity.MARKED})
"""Where two items of ours with equal headers can be told apart."""

OPEN = frozenset({RowState.SENDING, RowState.UNSURE})


class Verdict(StrEnum):
    """ARRIVED: it is there. ABSENT: it is not, and may be sent. UNSURE: nobody can tell."""

    ARRIVED = "arrived"
    ABSENT = "absent"
    UNSURE = "unsure"


def alike(row: Row, seen: SeenRow, fidelity: Fidelity, kind: ItemKind = ItemKind.MAIL) -> bool:
    """Whether a message with the row's fingerprint is the row's, by body or else by date.

    Equal headers are not enough: different mails do share them. Where the destination rebuilds
    bodies, the date of receipt stands in, but for an item whose mark tells of another body. Of
    other kinds the fingerprint is enough as long as nothing tells of another content.
    """
    if seen.content is not None and seen.content == row.content:
        return True
    if kind is not ItemKind.MAIL:
        return seen.content is None
    nothing_known = fidelity is Fidelity.MARKED and seen.content is None
    if fidelity is Fidelity.REBUILT or nothing_known:
        return row.received is None or seen.received is None or row.received == seen.received
    return False


def in_range(row: Row, seen: SeenRow) -> bool:
    """Whether the message is new enough to be the row's."""
    return row.quiet is None or seen.number == 0 or seen.number >= row.quiet


def turn(row: Row) -> tuple[int, bool, int]:
    """In which order rows choose: from the latest quiet position down, acknowledged ones first."""
    return -(row.quiet or 0), row.state in OPEN, row.id


def claim(
    rows: Iterable[Row],
    seen: Sequence[SeenRow],
    fidelity: Fidelity,
    kind: ItemKind = ItemKind.MAIL,
) -> list[tuple[Row, SeenRow | None]]:
    """Match rows with messages of the same fingerprint, one to one, as many as possible.

    `rows` are ours without a valid key, `seen` the messages no key explains. Acknowledged rows
    come before open ones of the same quiet position: an acknowledged item is known to have been
    there. Among several messages the one of the same date is preferred, then that of the same
    content.
    """
    spare = sorted(seen, key=lambda message: message.number)
    claims: list[tuple[Row, SeenRow | None]] = []
    for row in sorted(rows, key=turn):
        fitting = [m for m in spare if in_range(row, m) and alike(row, m, fidelity, kind)]
        found = max(fitting, key=partial(_nearness, row, kind), default=None)
        if found is not None:
            spare.remove(found)
        claims.append((row, found))
    return claims


def _nearness(row: Row, kind: ItemKind, seen: SeenRow) -> tuple[bool, bool, int]:
    same_date = kind is not ItemKind.MAIL or seen.received == row.received
    return same_date, seen.content == row.content, seen.number


def judge_unclaimed(
    row: Row, unexplained: Iterable[SeenRow], fidelity: Fidelity
) -> tuple[Verdict, SeenRow | None]:
    """Decide about an open row that found no message with its fingerprint.

    `unexplained` are messages of the folder that no row explains, whatever their fingerprint: a
    server that rewrites headers may have made one of them out of this row. Equal body proves it
    where headers may be rewritten. Where they are known to be kept, an equal body that came in
    since the quiet position is a doubt, since some servers mend single headers. Where bodies
    cannot be compared, any message in range is a doubt. Where items carry marks, one that was not
    found by its mark is not there.
    """
    if fidelity is Fidelity.MARKED:
        return Verdict.ABSENT, None
    candidates = [message for message in unexplained if in_range(row, message)]
    equal = [message for message in candidates if message.content == row.content]
    if fidelity is Fidelity.EXACT:
        doubtful = bool(equal) and row.quiet is not None
        return (Verdict.UNSURE if doubtful else Verdict.ABSENT), None
    if equal:
        return Verdict.ARRIVED, equal[-1]
    if candidates and fidelity not in KEEPS_BODIES:
        return Verdict.UNSURE, None
    return Verdict.ABSENT, None
