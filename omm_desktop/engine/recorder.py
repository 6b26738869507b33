"""Outcomes on their way to the ledger and to the board, always both."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from omm_desktop.model.items import NAMELESS, Item, ItemLabel, ItemRef
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.removing import HANDLED
from omm_desktop.model.report import FailedItem, Note, SettingResult
from omm_desktop.store.backlog import Task
from omm_desktop.store.ledger import Ledger
from omm_desktop.store.rows import Intent, RowState

from .board import Board
from .jobs import Job

LISTED_NOTES = 10_000
"""Failures, remarks and edited items kept for the report; beyond that they are only counted."""


@dataclass
class Recorder:
    ledger: Ledger
    board: Board
    run: int
    failed: list[FailedItem] = field(default_factory=list)
    unlisted: int = 0
    notes: dict[tuple[str, Problem], Note] = field(default_factory=dict)
    unlisted_notes: int = 0
    changes: list[FailedItem] = field(default_factory=list)
    unlisted_changes: int = 0
    settings: list[SettingResult] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def failure(self, job: Job, task: Task, problem: Problem, label: ItemLabel) -> None:
        """One item did not arrive."""
        ref = task.ref
        self.ledger.note_failed(
            self.run, job.source_folder, job.validity, job.lane.id, ref.key, ref.size
        )
        self.board.add(job.tally, failed=1, size_done=ref.size or 0)
        self._list_failed(job, ref.key, ref.size, problem, label)

    def missing(self, job: Job, key: str, size: int | None, problem: Problem) -> None:
        """An item that counted as copied, and is not there."""
        self.board.add(job.tally, copied=-1, failed=1)
        self._list_failed(job, key, size, problem, NAMELESS)

    def gone(self, job: Job, task: Task, problem: Problem, label: ItemLabel) -> None:
        """The owner removed or moved the item since it was counted: a remark, not a loss."""
        self.board.add(job.tally, gone=1, listed=-1, size_total=-(task.ref.size or 0))
        self.remark_item(job, problem, label)

    def folder_failure(self, folder: str, problem: Problem) -> None:
        """A whole folder could not be read or created."""
        with self._lock:
            self.failed.append(FailedItem(folder, "", problem, NAMELESS))

    def remark(
        self, folder: str, problem: Problem, label: ItemLabel | None = None, *, count: int = 1
    ) -> None:
        """Something was adapted. The same remark of one folder is counted, not repeated."""
        with self._lock:
            known = self.notes.get((folder, problem))
            if known is None and len(self.notes) >= LISTED_NOTES:
                self.unlisted_notes += count
                return
            self.notes[folder, problem] = Note(
                folder, problem, label or NAMELESS, count + (0 if known is None else known.count)
            )

    def setting(self, result: SettingResult) -> None:
        """What became of a rule, or of the out-of-office reply."""
        self.settings.append(result)

    def remark_item(self, job: Job, problem: Problem, label: ItemLabel) -> None:
        self.remark(job.name, problem, label)
        self.board.add(job.tally, remarks=1)

    def accepted(self, job: Job, items: int) -> None:
        """Items that count as copied because the person said so."""
        if items:
            problem = Problem(ProblemId.ITEM_ACCEPTED, Place.DESTINATION)
            self.remark(job.name, problem, count=items)
            self.board.add(job.tally, remarks=items)

    def settled(self, job: Job, task: Task, state: RowState) -> None:
        """An item whose outcome was unknown in this run, and is known now."""
        ref = task.ref
        size = ref.size or 0
        if state is RowState.UNSURE:
            problem = Problem(ProblemId.ITEM_UNSURE, Place.DESTINATION)
            self.board.add(job.tally, unsure=1, size_done=size)
            self._list_failed(job, ref.key, ref.size, problem, NAMELESS)
        elif state is RowState.DONE:
            self.board.add(job.tally, copied=1, size_done=size)
        else:
            self.board.add(job.tally, present=1, size_done=size)

    def present(self, job: Job, found: Sequence[tuple[Intent, str | None]]) -> None:
        """Items that were in the destination before us, with their keys there."""
        if not found:
            return
        self.ledger.note_present(self.run, job.lane.id, job.lane.validity, found)
        size = sum(item.size for item, _ in found)
        self.board.add(job.tally, present=len(found), size_done=size)

    def edited(self, job: Job, ref: ItemRef, problem: Problem, label: ItemLabel) -> None:
        """An item that is there in the version of an earlier copy; it stays as it is."""
        self._list_edited(job, ref, problem, label)
        self.board.add(job.tally, edited=1, remarks=1)
        self.remark(job.name, problem)

    def updated(self, job: Job, item: Item, adapted: Sequence[Problem]) -> None:
        """An item of ours that is again what it is at the source."""
        problem = Problem(ProblemId.ITEM_UPDATED, Place.DESTINATION)
        self._list_edited(job, item.ref, problem, item.label)
        self.board.add(job.tally, updated=1)
        for adaption in adapted:
            self.remark_item(job, adaption, item.label)

    def not_updated(self, job: Job, ref: ItemRef, problem: Problem, label: ItemLabel) -> None:
        """What is there is an older version, and the newer one did not arrive."""
        self.board.add(job.tally, present=-1, failed=1)
        self._list_failed(job, ref.key, ref.size, problem, label)

    def _list_failed(
        self, job: Job, key: str, size: int | None, problem: Problem, label: ItemLabel
    ) -> None:
        with self._lock:
            if len(self.failed) < LISTED_NOTES:
                self.failed.append(FailedItem(job.name, key, problem, label, size))
            else:
                self.unlisted += 1

    def _list_edited(self, job: Job, ref: ItemRef, problem: Problem, label: ItemLabel) -> None:
        with self._lock:
            if len(self.changes) < LISTED_NOTES:
                self.changes.append(FailedItem(job.name, ref.key, problem, label, ref.size))
            else:
                self.unlisted_changes += 1


def intent(job: Job, item: Item) -> Intent:
    return Intent(
        job.source_folder,
        job.validity,
        item.ref.key,
        item.fingerprint,
        item.content,
        item.payload.size,
        item.received,
        item.ref.object_id,
        item.ref.version,
        HANDLED & {flag.lower() for flag in item.flags},
    )
