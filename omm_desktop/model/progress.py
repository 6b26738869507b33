"""What a running copy shows of itself: sampled snapshots and rare events."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .problem import Problem


class Phase(StrEnum):
    CONNECTING = "connecting"
    COUNTING = "counting"
    COPYING = "copying"
    CHECKING = "checking"
    ENDED = "ended"


class Mood(StrEnum):
    RUNNING = "running"
    WAITING = "waiting"
    PAUSED = "paused"
    STOPPING = "stopping"


class FolderState(StrEnum):
    PENDING = "pending"
    SETTLING = "settling"
    COPYING = "copying"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FolderProgress:
    """One source folder: items and bytes, of which copied, already present, failed."""

    source: str
    destination: str
    role: str | None
    state: FolderState
    total: int
    copied: int
    present: int
    failed: int
    remarks: int = 0

    @property
    def done(self) -> int:
        return self.copied + self.present + self.failed


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole run at one instant. Bytes are of the source; seconds since the start.

    `remaining` is the estimate in seconds, None while there is none to give.
    `waiting_for` says why, and `waiting_until` (Unix time) until when, while `mood` is WAITING.
    """

    phase: Phase
    mood: Mood
    items_total: int
    items_done: int
    bytes_total: int
    bytes_done: int
    copied: int
    present: int
    failed: int
    seconds: float
    remaining: float | None
    folders: tuple[FolderProgress, ...]
    waiting_for: Problem | None = None
    waiting_until: float | None = None
    owner_needed: Problem | None = None


@dataclass(frozen=True, slots=True)
class PhaseChanged:
    phase: Phase


@dataclass(frozen=True, slots=True)
class MoodChanged:
    mood: Mood
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class FolderEnded:
    folder: FolderProgress


@dataclass(frozen=True, slots=True)
class OwnerAsked:
    """The run is paused until `Migration.answer` or `stop` is called."""

    problem: Problem


Event = PhaseChanged | MoodChanged | FolderEnded | OwnerAsked
