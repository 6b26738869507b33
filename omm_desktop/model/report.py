"""The outcome of a run, graded; everything a written report is made from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cached_property

from .items import NAMELESS, ItemKind, ItemLabel
from .plan import MigrationPlan
from .problem import Problem, ProblemId
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
    """One source folder. `listed` items were there; the rest says what became of them.

    Of those that are there, `edited` differ from the source since, and `updated` were brought anew.
    """

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
    kind: ItemKind = ItemKind.MAIL
    edited: int = 0
    updated: int = 0


@dataclass(frozen=True, slots=True)
class Totals:
    """The same numbers over several folders."""

    listed: int
    copied: int
    present: int
    failed: int
    unsure: int
    not_selected: int
    edited: int
    updated: int
    bytes_copied: int

    @property
    def not_copied(self) -> int:
        return self.failed + self.unsure

    @classmethod
    def of(cls, folders: Iterable[FolderResult]) -> Totals:
        results = list(folders)
        return cls(*(sum(getattr(one, field.name) for one in results) for field in fields(cls)))


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

    @property
    def kind(self) -> ItemKind | None:
        """What stays behind, where that is all there is of a kind."""
        of_kind = self.problem.id in (ProblemId.KIND_NOT_ACCEPTED, ProblemId.KIND_NOT_FOUND)
        subject = self.problem.subject
        return ItemKind(subject) if of_kind and subject in frozenset(ItemKind) else None


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


@dataclass(frozen=True)
class Report:
    """What one run did. `stopped_by` says why when the grade is INTERRUPTED or NOT_STARTED.

    `edited` are items that changed at the source since they were copied, each with what became of
    the change. `unlisted` items failed beyond those that `failed` has room for; so it is with
    `unlisted_edited` and `unlisted_notes`.
    """

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
    edited: tuple[FailedItem, ...] = ()
    settings: tuple[SettingResult, ...] = ()
    unlisted: int = 0
    unlisted_edited: int = 0
    unlisted_notes: int = 0

    # Asked many times for one page, of ten thousand folders.

    @cached_property
    def kinds(self) -> tuple[ItemKind, ...]:
        """Those of the folders, in the order of their names here."""
        there = {folder.kind for folder in self.folders}
        return tuple(kind for kind in ItemKind if kind in there)

    @cached_property
    def totals(self) -> Totals:
        return Totals.of(self.folders)

    def of_kind(self, kind: ItemKind) -> Totals:
        """Of the folders with items of that kind."""
        return Totals.of(folder for folder in self.folders if folder.kind is kind)

    @property
    def copied(self) -> int:
        return self.totals.copied

    @property
    def present(self) -> int:
        return self.totals.present

    @property
    def listed(self) -> int:
        return self.totals.listed

    @property
    def not_copied(self) -> int:
        return self.totals.not_copied

    @property
    def settings_missing(self) -> int:
        return sum(setting.fate is Fate.MISSING for setting in self.settings)

    @property
    def bytes_copied(self) -> int:
        return self.totals.bytes_copied


def cut_short(
    plan: MigrationPlan, run: int, grade: Grade, problem: Problem | None, began: float, now: float
) -> Report:
    """Of a run that gave no report of its own: why, and nothing counted.

    What it copied is in the ledger, and is not copied again. Times are Unix seconds.
    """
    return Report(
        run=run,
        grade=grade,
        source=plan.origin,
        destination=plan.destination.name,
        began=began,
        seconds=now - began,
        folders=(),
        failed=(),
        notes=(),
        stopped_by=problem,
    )
