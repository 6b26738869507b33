"""Counting: which folders, where they lead, what is in them, and whether it all fits."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from omm_desktop.model.items import NAMELESS, Folder, FolderRole, Holds, ItemRef
from omm_desktop.model.plan import FolderRule, MigrationPlan
from omm_desktop.model.ports import Destination, FolderWish, Limits, Source
from omm_desktop.model.problem import (
    CannotGoOn,
    ItemError,
    Place,
    Problem,
    ProblemId,
    TryAgain,
)
from omm_desktop.model.progress import FolderState
from omm_desktop.store.backlog import Backlog, Task
from omm_desktop.store.ledger import Ledger
from omm_desktop.store.listed import Listed
from omm_desktop.store.rows import ARRIVED, RowState

from .board import Tally
from .clock import Clock
from .control import Control
from .jobs import Job
from .lane import Lane
from .mapping import Route, routes
from .pool import Pool
from .recorder import Recorder

LISTING_TRIES = 3

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
    _listed: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def jobs(self, source: Source, destination: Destination) -> list[Job]:
        """Folders on both sides; missing ones are created. Raises `OmmError`."""
        chosen = self._chosen(source.folders())
        there = destination.folders()
        rules = (*self._remembered(chosen, there), *self.plan.rules)
        mapped = routes(chosen, there, rules, destination.delimiter_free)
        mapped.sort(key=lambda route: (_turn(route.source), route.source.path))
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

    def _chosen(self, folders: Sequence[Folder]) -> list[Folder]:
        """The folders that take part; a view only when it is named, and what it shows is told."""
        selection = self.plan.selection
        for pattern in selection.unmatched(folders):
            problem = Problem(ProblemId.FOLDER_UNREADABLE, Place.SOURCE, "no such folder", pattern)
            self.recorder.folder_failure(pattern, problem)
        chosen = [f for f in folders if f.selectable and f.personal and selection.takes(f)]
        if selection.include is None:
            views = [folder for folder in chosen if folder.holds is Holds.VIEW]
            chosen = [folder for folder in chosen if folder.holds is not Holds.VIEW]
            if not any(folder.holds is Holds.REST for folder in chosen):
                for view in views:
                    problem = Problem(ProblemId.FOLDER_LEFT_OUT, Place.SOURCE, "", view.name)
                    self.recorder.remark(view.name, problem)
        if len(chosen) == 1:
            # Alone, a folder that shows everything is wanted whole.
            chosen = [replace(chosen[0], holds=Holds.OWN)]
        return chosen

    def _remembered(self, chosen: Sequence[Folder], there: Sequence[Folder]) -> list[FolderRule]:
        """Where earlier runs brought each folder: names that appeared since change nothing."""
        paths = {folder.key: folder.path for folder in there}
        led = self.ledger.led_to(self.accounts.source, self.accounts.destination)
        return [
            FolderRule(folder.path, paths[led[folder.key]])
            for folder in chosen
            if led.get(folder.key) in paths
        ]

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
            return
        for attempt in range(1, LISTING_TRIES + 1):
            try:
                with sources.connection() as source:
                    self._list(job, source)
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

    def _list(self, job: Job, source: Source) -> None:
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
                elif state is not RowState.UNSURE and self._small_enough(job, ref):
                    waiting.append(Task(ref))
                else:
                    self.recorder.board.add(job.tally, listed=1, size_total=ref.size or 0)
                if state is RowState.UNSURE:
                    self.recorder.settled(job, Task(ref), RowState.UNSURE)
            self.backlog.add(job.number, waiting)
            self.recorder.board.add(
                job.tally,
                listed=len(waiting),
                size_total=sum(task.ref.size or 0 for task in waiting),
            )

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

    def _small_enough(self, job: Job, ref: ItemRef) -> bool:
        largest = self.limits.largest_item
        if largest is None or ref.size is None or ref.size <= largest:
            return True
        problem = Problem(
            ProblemId.ITEM_TOO_BIG, Place.DESTINATION, f"{ref.size} > {largest} bytes"
        )
        self.recorder.failure(job, Task(ref), problem, NAMELESS)
        return False

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
