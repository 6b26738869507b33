"""What was edited at the source since it was copied: told, or brought anew where the plan says so.

A server counts as edited what its owner only looked at: each is read again before it is told.

A change whose answer was lost is neither repeated nor believed: once nothing is on its way any
more, the mark of the item says whether it arrived.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from omm_desktop.model.items import NAMELESS, Item, ItemKind, ItemLabel, ItemRef, unread_label
from omm_desktop.model.plan import Options
from omm_desktop.model.ports import Stored, UpdatingDestination
from omm_desktop.model.problem import (
    ItemError,
    NotNow,
    OwnerNeeded,
    Place,
    Problem,
    ProblemId,
    TryAgain,
)
from omm_desktop.model.progress import FolderState
from omm_desktop.store.edits import Edits, Target

from .control import Control
from .ends import Ends
from .jobs import Job
from .lane import Lane, LaneState
from .pace import only_waits
from .recorder import Recorder, intent

TRIES = 3
AT_ONCE = 20
BYTES_AT_ONCE = 8 << 20
"""What is read together; only one item at a time is changed."""

LEFT_ALONE = frozenset({ProblemId.ITEM_CHANGED_THERE, ProblemId.ITEM_GONE})
"""Why an item is not changed any more: it is its owner's by now, or the owner removed it."""


@dataclass(frozen=True, slots=True)
class Updater:
    """Run by one thread for each destination folder, when nothing is copied any more."""

    options: Options
    ends: Ends
    edits: Edits
    recorder: Recorder
    control: Control

    def lanes(self, jobs: Sequence[Job]) -> list[list[Job]]:
        """The jobs there is something to do for, those of one destination folder together."""
        edited = self.edits.jobs()
        by_lane: dict[Lane, list[Job]] = {}
        for job in jobs:
            if job.folder.kind is ItemKind.MAIL or job.lane.state is LaneState.BROKEN:
                continue
            if job.number in edited or self.edits.pending(job.lane.id):
                by_lane.setdefault(job.lane, []).append(job)
        return list(by_lane.values())

    def work(self, jobs: Sequence[Job]) -> None:
        """Raises `Stopped`, and `OmmError` that ends the run."""
        for job in jobs:
            self._try(job, {})
            while refs := self.edits.take(job.number, job.folder.key, AT_ONCE, BYTES_AT_ONCE):
                self.control.checkpoint()
                arrived = self.edits.versions(job.place, refs)
                left = {ref.key: ref for ref in refs if ref.key not in arrived}
                self._try(job, left)

    def _try(self, job: Job, left: dict[str, ItemRef]) -> None:
        """Judge what is pending, then bring or tell all of `left`."""
        tries = 0
        while True:
            answers = self.control.answers
            try:
                self._judge(job)
                self._bring(job, left)
            except TryAgain as error:
                tries += not only_waits(error)
                problem = error.problem
            except OwnerNeeded as error:
                self.control.ask(error.problem, answers)
                continue
            except ItemError as error:
                tries, problem = TRIES, error.problem
            else:
                tries += bool(left)
                problem = Problem(ProblemId.ITEM_UNREADABLE, Place.SOURCE, "no answer")
                if not left:
                    return
            if tries >= TRIES:
                self._give_up(job, left, problem)
                if not left:
                    return
                tries = 0

    def _give_up(self, job: Job, left: dict[str, ItemRef], problem: Problem) -> None:
        """The first of what is left is what they all wait for."""
        for key in list(left)[:1]:
            self._not_read(job, left.pop(key), problem, NAMELESS)

    def _not_read(self, job: Job, ref: ItemRef, problem: Problem, label: ItemLabel) -> None:
        if self.options.update:
            self.recorder.not_updated(job, ref, problem, label)
            return
        self._tell(job, ref, unread_label(ref) if label is NAMELESS else label)

    def _tell(self, job: Job, ref: ItemRef, label: ItemLabel) -> None:
        self.recorder.edited(job, ref, Problem(ProblemId.ITEM_EDITED, Place.SOURCE), label)

    def _judge(self, job: Job) -> None:
        """Whether changes of an unknown outcome arrived, once nothing can be on its way."""
        pending = self.edits.pending(job.lane.id)
        if not pending:
            return
        self.recorder.board.state(job.tally, FolderState.SETTLING)
        self.control.sleep(self.options.settle_seconds)
        with self.ends.destinations.connection() as destination:
            keys = [edit.key for edit in pending]
            marks = dict(destination.contents(job.lane.folder.key, keys))
        for edit in pending:
            if marks.get(edit.key) == edit.content:
                self.edits.arrived(edit.row)
            else:
                self.edits.forget(edit.row)

    def _bring(self, job: Job, left: dict[str, ItemRef]) -> None:
        """Take off `left` what was answered for. Raises what source and destination raise."""
        if not left:
            return
        self.recorder.board.state(job.tally, FolderState.COPYING)
        items: list[Item] = []
        try:
            self._fetch(job, left, items)
            for item in items:
                self.control.checkpoint()
                self._update(job, item)
                del left[item.ref.key]
        finally:
            for item in items:
                item.payload.close()

    def _fetch(self, job: Job, left: dict[str, ItemRef], items: list[Item]) -> None:
        job.leg.sources.spend(sum(ref.size or 0 for ref in left.values()))
        with job.leg.sources.connection() as source:
            for answer in source.fetch(job.folder, list(left.values())):
                if isinstance(answer, Item):
                    items.append(answer)
                    continue
                ref = left.pop(answer.ref.key)
                if answer.problem.id is not ProblemId.ITEM_GONE:
                    self._not_read(job, ref, answer.problem, answer.label)

    def _update(self, job: Job, item: Item) -> None:
        target = self.edits.target(job.place, item.ref.key)
        if target is not None and target.content == item.content:
            self.edits.set_version(target.row, item.ref.version)
        elif not self.options.update:
            self._tell(job, item.ref, item.label)
        elif target is None:
            self._leave_alone(job, item)
        else:
            self._change(job, target, item)

    def _leave_alone(self, job: Job, item: Item) -> None:
        problem = Problem(ProblemId.ITEM_CHANGED_THERE, Place.DESTINATION)
        self.recorder.edited(job, item.ref, problem, item.label)

    def _change(self, job: Job, target: Target, item: Item) -> None:
        """What had an answer left no doubt; of all else the intent stays, to be judged."""
        self.ends.destinations.spend(item.payload.size)
        folder = job.lane.folder.key
        with self.ends.destinations.connection() as connection:
            # Whoever takes kinds other than mail can change what it took.
            destination = cast(UpdatingDestination, connection)
            self.edits.intend(target.row, intent(job, item))
            try:
                answer = destination.update(folder, target.key, item)
            except (NotNow, OwnerNeeded, ItemError):
                self.edits.forget(target.row)
                raise
        if isinstance(answer, Stored):
            self.edits.arrived(target.row, answer.key)
            self.recorder.updated(job, item, answer.adapted)
            return
        self.edits.forget(target.row)
        if answer.problem.id in LEFT_ALONE:
            self._leave_alone(job, item)
        else:
            self.recorder.not_updated(job, item.ref, answer.problem, item.label)
