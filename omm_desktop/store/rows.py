"""What the ledger's rows say, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from omm_desktop.model.items import ContentHash, Fingerprint


class RowState(StrEnum):
    """What became of one item. A row exists from the moment of its intent.

    SENDING: the intent is written, the outcome unknown. DONE: the destination acknowledged it, or
    it was found there. PRESENT: it was there before. UNSURE: nobody can tell. ACCEPTED: nobody
    could tell, and the person said that it is there. FAILED: it cannot be read or was refused.
    MISSING: acknowledged, and not found by the check.
    """

    SENDING = "sending"
    DONE = "done"
    PRESENT = "present"
    UNSURE = "unsure"
    ACCEPTED = "accepted"
    FAILED = "failed"
    MISSING = "missing"


ARRIVED = frozenset({RowState.DONE, RowState.PRESENT, RowState.ACCEPTED})


@dataclass(frozen=True, slots=True)
class Intent:
    """One item about to be stored. `handled` are those of `model.removing.HANDLED` it bears."""

    source_folder: int
    validity: int
    key: str
    fingerprint: Fingerprint
    content: ContentHash
    size: int
    received: datetime | None
    object_id: str | None = None
    version: str | None = None
    handled: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """An item of ours in one destination folder, as far as judging it needs.

    `key` is None when the destination never told it or has renumbered; `quiet` is the key below
    which the item cannot be, None when nothing is known.
    """

    id: int
    state: RowState
    fingerprint: Fingerprint
    content: ContentHash
    received: float | None
    quiet: int | None


@dataclass(frozen=True, slots=True)
class SeenRow:
    """An item read in a destination folder that no row of ours explains by its key.

    `number` is the key as a number, 0 where the endpoint numbers nothing.
    """

    key: str
    number: int
    fingerprint: Fingerprint
    size: int | None
    received: float | None
    content: ContentHash | None


@dataclass(frozen=True, slots=True)
class Bearer:
    """A row with the UID of another event; `key` where it is, None when that is not known."""

    state: RowState
    key: str | None
    content: ContentHash


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row whose intent was written; None as `state` forgets the row."""

    id: int
    state: RowState | None
    key: str | None = None
    validity: int | None = None
    fingerprint: Fingerprint | None = None
    content: ContentHash | None = None


@dataclass(frozen=True, slots=True)
class FolderTally:
    """How the rows of one source folder in one destination folder stand."""

    arrived: int
    bytes_arrived: int
    failed: int
    unsure: int
    accepted: int


@dataclass(frozen=True, slots=True)
class Absent:
    """An acknowledged item that is not where it was put."""

    row: int
    source_folder: int
    key: str
    size: int | None


def instant(value: datetime | None) -> float | None:
    """A date as the ledger keeps it: seconds since 1970."""
    return None if value is None else value.timestamp()
