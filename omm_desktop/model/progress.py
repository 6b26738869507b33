"""What a running copy shows of itself: sampled snapshots and rare events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from .items import ItemKind
from .problem import Place, Problem
from .reading import Reading as Reading
from .secret import Secret

if TYPE_CHECKING:
    # A process that reads a file tells how far it is, and has no settings to load.
    from .settings import SettingKind


class Phase(StrEnum):
    """SCHEDULED: before the time at which the plan begins."""

    SCHEDULED = "scheduled"
    CONNECTING = "connecting"
    COUNTING = "counting"
    COPYING = "copying"
    CHECKING = "checking"
    SETTINGS = "settings"
    REMOVING = "removing"
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
    kind: ItemKind = ItemKind.MAIL

    @property
    def done(self) -> int:
        return self.copied + self.present + self.failed


@dataclass(frozen=True, slots=True)
class TooBigItem:
    """`size` in bytes; `received` is None where the listing does not bring it."""

    folder: str
    size: int
    received: datetime | None


@dataclass(frozen=True, slots=True)
class TooBig:
    """Items above the destination's `limit` in bytes, found by counting: they stay behind.

    `items` holds the largest first, a few hundred at most; `count` counts all. `told`: the server
    itself tells the limit; otherwise it is known of the provider.
    """

    limit: int
    count: int
    items: tuple[TooBigItem, ...]
    told: bool = True
    kinds: frozenset[ItemKind] = frozenset({ItemKind.MAIL})

    @property
    def largest(self) -> int:
        return self.items[0].size


@dataclass(frozen=True)
class Snapshot:
    """The whole run at one instant. Bytes are of the source; seconds since the start.

    `remaining` is the estimate in seconds, None while there is none to give.
    `waiting_for` says why, and `waiting_until` (Unix time) until when, while `mood` is WAITING.
    `reading` is what counting is at, where that takes long.
    `starts_at` (Unix time) is when it begins, while `phase` is SCHEDULED.
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
    too_big: TooBig | None = None
    reading: Reading | None = None
    starts_at: float | None = None

    @cached_property
    def kinds(self) -> frozenset[ItemKind]:
        """Of what the folders hold, as far as they are known."""
        return frozenset(folder.kind for folder in self.folders)


@dataclass(frozen=True, slots=True)
class PhaseChanged:
    """`until`: Unix time at which SCHEDULED ends."""

    phase: Phase
    until: float | None = None


@dataclass(frozen=True, slots=True)
class MoodChanged:
    """`until`: Unix time at which a wait ends."""

    mood: Mood
    problem: Problem | None = None
    until: float | None = None


@dataclass(frozen=True, slots=True)
class FolderEnded:
    folder: FolderProgress


@dataclass(frozen=True, slots=True)
class OwnerAsked:
    """The run is paused until `Migration.answer` or `stop` is called."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class PasswordAccepted:
    """A password given to `Migration.answer` has opened the mailbox at this place."""

    place: Place
    secret: Secret

    @property
    def of_old(self) -> bool:
        """Whether it is the password of the old mailbox."""
        return self.place is Place.SOURCE


@dataclass(frozen=True, slots=True)
class KindsLeftOut:
    """Told after counting: kinds that were asked for and cannot be carried, and why not."""

    kinds: tuple[tuple[ItemKind | SettingKind, Problem], ...]


@dataclass(frozen=True, slots=True)
class FoldersRenamed:
    """Told after counting: folders that the destination took under another name, old and new."""

    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FilesChanged:
    """Told after counting: files that are not what they were when they were copied from last."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class LittleRoom:
    """Told after counting: what is left to copy fits, but hardly. Both in bytes."""

    needed: int
    free: int


@dataclass(frozen=True, slots=True)
class ItemsTooBig:
    """Told after counting, before anything is copied."""

    found: TooBig


Event = (
    PhaseChanged
    | MoodChanged
    | FolderEnded
    | OwnerAsked
    | PasswordAccepted
    | KindsLeftOut
    | FoldersRenamed
    | FilesChanged
    | LittleRoom
    | ItemsTooBig
)
