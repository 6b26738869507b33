"""Counting: which folders, where they lead, what is in them, and whether it all fits."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from omm_desktop.model.items import NAMELESS, Folder, FolderRole, Holds, ItemLabel, ItemRef
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.ports import Destination, FolderWish, Limits, Source
from omm_desktop.model.problem import (
    CannotGoOn,
    ItemError,
    Place,
    Problem,
    ProblemId,
    TryAgain,
)
from omm_desktop.model.progress import FolderState, TooBig, TooBigItem
from omm_desktop.store.backlog import Backlog, Task
from omm_desktop.store.ledger import Ledger
from omm_desktop.store.listed import Listed
from omm_desktop.store.rows import ARRIVED, RowState

from .board import Tally
from .clock import Clock
from .control import Control
from .folder_plan import FolderPlan, folder_plan
from .jobs import Job
from .lane import Lane
from .mapping import Route
from .pool import Pool
from .recorder import Recorder

LISTING_TRIES = 3
LISTED_TOO_BIG = 500

FIRST: dict[FolderRole | None, int] = {FolderRole.INBOX: 0, FolderRole.SENT: 1}


@dataclass(frozen=True, slots=True)
class Accounts:
    """The two mailboxes' numbers in the ledger."""

    source: int
    destination: int


@dataclass(slots=True)
class Inventory:
    """Makes the jobs of a run and fills the backlog."""

    plan: MigrationPlan
    accounts: Accounts
    ledger: Ledger
    backlog: Backlog
    listed: Listed
    recorder: Recorder
    control: Control
    clock: Clock
    limits: Limits
    lanes: dict[str, Lane] = field(default_factory=dict)
    _too_big: list[TooBigItem] = field(default_factory=list)
    _listed: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def jobs(self, source: Source, destination: Destination) -> list[Job]:
        """Folders on both sides; missing ones are created. Raises `OmmError`."""
        folders, there = source.folders(), destination.folders()
        led_to = self.ledger.led_to(self.accounts.source, self.accounts.destination)
        found = folder_plan(self.plan, folders, there, destination.delimiter_free, led_to)
        self._tell_left_out(folders, found)
        mapped = sorted(found.routes, key=lambda route: (_turn(route.source), route.source.path))
        wishes = [FolderWish(route.destination, route.role) for route in mapped]
        made: list[Job] = []
        for route, target in zip(mapped, destination.ensure_folders(wishes), strict=True):
            tally = Tally(route.source, "/".join(route.destination))
            self.recorder.board.tallies.append(tally)
            if isinstance(target, Problem):
                self._folder_failed(tally, route.source, target)
            else:
                made.append(self._job(len(made), route, target, tally))
        for lane in self.lanes.values():
            lane.open_if_empty(destination)
        return made

    def _tell_left_out(self, folders: Sequence[Folder], found: FolderPlan) -> None:
        """What was named and does not exist, and views whose mail may be in no other folder."""
        for pattern in self.plan.selection.unmatched(folders):
            problem = Problem(ProblemId.FOLDER_UNREADABLE, Place.SOURCE, "no such folder", pattern)
            self.recorder.folder_failure(pattern, problem)
        if not any(route.source.holds is Holds.REST for route in found.routes):
            for view in found.views:
                problem = Problem(ProblemId.FOLDER_LEFT_OUT, Place.SOURCE, "", view.name)
                self.recorder.remark(view.name, problem)

    def _folder_failed(self, tally: Tally, folder: Folder, problem: Problem) -> None:
        board = self.recorder.board
        board.add(tally, listed=folder.count or 0, failed=folder.count or 0)
        board.state(tally, FolderState.FAILED)
        self.recorder.folder_failure(folder.name, problem)

    def _job(self, number: int, route: Route, target: Folder, tally: Tally) -> Job:
        folder = route.source
        lane = self.lanes.get(target.key)
        if lane is None:
            lane = self.lanes[target.key] = Lane(
                self.ledger,
                self.accounts.destination,
                target,
                self.plan.options.settle_seconds,
                self.clock,
            )
        validity = folder.validity or 0
        known, renumbered = self.ledger.source_folder(self.accounts.source, folder.key, validity)
        if renumbered:
            problem = Problem(ProblemId.FOLDER_RENUMBERED, Place.SOURCE, "", folder.name)
            self.recorder.remark(folder.name, problem)
        for problem in folder.remarks:
            self.recorder.remark(folder.name, problem)
        if route.renamed:
            detail = f"{folder.name} -> {'/'.join(route.destination)}"
            problem = Problem(ProblemId.FOLDER_RENAMED, Place.DESTINATION, detail, folder.name)
            self.recorder.remark(folder.name, problem)
        return Job(number, folder, known, validity, lane, tally)

    def unchanged(self, job: Job) -> bool:
        """Whether all of the folder was copied before and nothing was added since."""
        if self.plan.selection.since or self.plan.options.at_most:
            return False
        folder = job.folder
        if folder.next_key is None or folder.count is None:
            return False
        return self.ledger.finished(job.source_folder, job.lane.id) == (
            folder.next_key,
            folder.count,
        )

    def list_job(self, job: Job, sources: Pool[Source]) -> None:
        """Fill the backlog with what of the folder has not arrived yet."""
        if self.unchanged(job):
            tally = self.ledger.tally(job.source_folder, job.lane.id)
            # What was removed at the source since it arrived is no item of this copy.
            items = min(tally.arrived, job.folder.count or 0)
            self._count(job, items, tally.bytes_arrived)
            self._tell_accepted(job, tally.accepted)
            return
        for attempt in range(1, LISTING_TRIES + 1):
            try:
                with sources.connection() as source:
                    too_big = self._list(job, source)
                self._leave_behind(job, too_big)
                return
            except TryAgain as error:
                self._restart(job)
                problem = error.problem
                if attempt == LISTING_TRIES:
                    self._folder_failed(job.tally, job.folder, problem)
            except ItemError as error:
                self._restart(job)
                self._folder_failed(job.tally, job.folder, error.problem)
                return

    def _restart(self, job: Job) -> None:
        self.backlog.drain(job.number)
        self.listed.clear(job.source_folder)
        self.recorder.board.clear(job.tally)

    def _list(self, job: Job, source: Source) -> list[ItemRef]:
        """The items that are above the destination's limit; the others are in the backlog then."""
        too_big: list[ItemRef] = []
        for window in source.refs(job.folder, self.plan.selection.since):
            self.control.checkpoint()
            if not job.folder.keys_last:
                self.listed.add(job.source_folder, [ref.key for ref in window])
            window = self._within_trial(window)
            states = self.ledger.states(
                job.source_folder, job.validity, job.lane.id, [ref.key for ref in window]
            )
            waiting = []
            for ref in window:
                state = states.get(ref.key)
                if state in ARRIVED:
                    self._count(job, 1, ref.size or 0)
                    self._tell_accepted(job, int(state is RowState.ACCEPTED))
                    continue
                self.recorder.board.add(job.tally, listed=1, size_total=ref.size or 0)
                if state is RowState.UNSURE:
                    self.recorder.settled(job, Task(ref), RowState.UNSURE)
                elif self._above_limit(ref):
                    too_big.append(ref)
                else:
                    waiting.append(Task(ref))
            self.backlog.add(job.number, waiting)
        return too_big

    def _within_trial(self, window: list[ItemRef]) -> list[ItemRef]:
        most = self.plan.options.at_most
        if most is None:
            return window
        with self._lock:
            kept = window[-(most - self._listed) :] if self._listed < most else []
            self._listed += len(kept)
        return kept

    def _count(self, job: Job, items: int, size: int) -> None:
        self.recorder.board.add(
            job.tally, listed=items, present=items, size_total=size, size_done=size
        )

    def _tell_accepted(self, job: Job, items: int) -> None:
        for _ in range(items):
            problem = Problem(ProblemId.ITEM_ACCEPTED, Place.DESTINATION)
            self.recorder.remark_item(job, problem, NAMELESS)

    def _above_limit(self, ref: ItemRef) -> bool:
        largest = self.limits.largest_item
        return largest is not None and ref.size is not None and ref.size > largest

    def _leave_behind(self, job: Job, refs: Sequence[ItemRef]) -> None:
        for ref in refs:
            detail = f"{ref.size} > {self.limits.largest_item} bytes"
            problem = Problem(ProblemId.ITEM_TOO_BIG, Place.DESTINATION, detail)
            label = ItemLabel(date=ref.received.date().isoformat()) if ref.received else NAMELESS
            self.recorder.failure(job, Task(ref), problem, label)
        with self._lock:
            self._too_big += [
                TooBigItem(job.folder.name, ref.size or 0, ref.received) for ref in refs
            ]

    def too_big(self) -> TooBig | None:
        """What will stay behind for its size, once everything is counted."""
        if not self._too_big:
            return None
        ordered = sorted(self._too_big, key=lambda item: -item.size)
        limit = self.limits.largest_item or 0
        return TooBig(limit, len(ordered), tuple(ordered[:LISTED_TOO_BIG]))

    def check_space(self, destination: Destination) -> None:
        """Raises `CannotGoOn` (MAILBOX_FULL) when what is missing cannot fit.

        Mail that lies in a folder we have not read yet may be what we are about to bring: its
        size counts for us, and where that size is unknown nothing is claimed.
        """
        space = destination.space()
        tallies = self.recorder.board.tallies
        missing = sum(tally.bytes_total - tally.bytes_done for tally in tallies)
        items = sum(tally.listed - tally.done for tally in tallies)
        for lane in self.lanes.values():
            if self.ledger.explained_next(lane.id) is None and lane.folder.count:
                if lane.folder.size is None:
                    return
                missing -= lane.folder.size
                items -= lane.folder.count
        free = space.free_bytes
        if free is not None and missing > free:
            raise _full(f"{missing} bytes to copy, room for {free}")
        if space.limit_items is not None:
            room = space.limit_items - (space.used_items or 0)
            if items > room:
                raise _full(f"{items} messages to copy, room for {room}")


def _turn(folder: Folder) -> int:
    """The inbox first; what is in no other folder last."""
    return 3 if folder.holds is Holds.REST else FIRST.get(folder.role, 2)


def _full(detail: str) -> CannotGoOn:
    return CannotGoOn(Problem(ProblemId.MAILBOX_FULL, Place.DESTINATION, detail))
