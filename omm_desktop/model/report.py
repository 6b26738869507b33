"""The outcome of a run, graded; everything a written report is made from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .items import NAMELESS, ItemLabel
from .plan import MigrationPlan
from .problem import Problem
from .settings import SettingKind


class Grade(StrEnum):
    """From best to worst. WITH_NOTES: nothing of the person's content is missing."""

    COMPLETE = "complete"
    COMPLETE_WITH_NOTES = "complete-with-notes"
    INCOMPLETE = "incomplete"
    INTERRUPTED = "interrupted"
    NOT_STARTED = "not-started"

    @property
    def nothing_missing(self) -> bool:
        return self in (Grade.COMPLETE, Grade.COMPLETE_WITH_NOTES)


class Proof(StrEnum):
    """How completeness was shown: by the server's numbers, by headers, or only counted."""

    KEYS = "keys"
    FINGERPRINTS = "fingerprints"
    COUNTS = "counts"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class FolderResult:
    """One source folder. `listed` items were there; the rest says what became of them."""

    source: str
    destination: str
    role: str | None
    listed: int
    copied: int
    present: int
    failed: int
    not_selected: int
    unsure: int
    bytes_copied: int
    proof: Proof


@dataclass(frozen=True, slots=True)
class FailedItem:
    """An item that did not arrive, or about which something must be said."""

    folder: str
    key: str
    problem: Problem
    label: ItemLabel
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something adapted on the way: a repair, a renamed folder, dropped keywords."""

    folder: str
    problem: Problem
    label: ItemLabel = NAMELESS
    count: int = 1


class Fate(StrEnum):
    """What became of one setting of the mailbox.

    COPIED: as it is at the source. SWITCHED_OFF: copied, to be switched on by the person. PRESENT:
    it was there. LEFT: what the new mailbox has was left as it is. MISSING: it did not arrive.
    UNSEEN: there may be more that no server shows.
    """

    COPIED = "copied"
    SWITCHED_OFF = "switched-off"
    PRESENT = "present"
    LEFT = "left"
    MISSING = "missing"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class SettingResult:
    """One rule by its name, or the out-of-office reply (no name); `problem` says why."""

    kind: SettingKind
    name: str
    fate: Fate
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What one run did. `stopped_by` says why when the grade is INTERRUPTED or NOT_STARTED."""

    run: int
    grade: Grade
    source: str
    destination: str
    began: float
    seconds: float
    folders: tuple[FolderResult, ...]
    failed: tuple[FailedItem, ...]
    notes: tuple[Note, ...]
    stopped_by: Problem | None = None
    settings: tuple[SettingResult, ...] = ()

    @property
    def copied(self) -> int:
        return sum(folder.copied for folder in self.folders)

    @property
    def present(self) -> int:
        return sum(folder.present for folder in self.folders)

    @property
    def listed(self) -> int:
        return sum(folder.listed for folder in self.folders)

    @property
    def not_copied(self) -> int:
        return sum(folder.failed + folder.unsure for folder in self.folders)

    @property
    def settings_missing(self) -> int:
        return sum(setting.fate is Fate.MISSING for setting in self.settings)

    @property
    def bytes_copied(self) -> int:
        return sum(folder.bytes_copied for folder in self.folders)


def cut_short(
    plan: MigrationPlan, run: int, grade: Grade, problem: Problem | None, began: float, now: float
) -> Report:
    """Of a run that gave no report of its own: why, and nothing counted.

    What it copied is in the ledger, and is not copied again. Times are Unix seconds.
    """
    return Report(
        run=run,
        grade=grade,
        source=plan.source.address or plan.source.login,
        destination=plan.destination.address or plan.destination.login,
        began=began,
        seconds=now - began,
        folders=(),
        failed=(),
        notes=(),
        stopped_by=problem,
    )
