"""Counting: which folders, where they lead, what is in them, and whether it all fits."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from omm_desktop.model.items import (
    NAMELESS,
    Folder,
    FolderPath,
    FolderRole,
    Holds,
    ItemRef,
)
from omm_desktop.model.plan import FolderRule, Labels, MigrationPlan
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
from omm_desktop.store.rows import ARRIVED

from .board import Tally
from .clock import Clock
from .control import Control
from .jobs import Job
from .lane import Lane
from .mapping import Route, routes
from .pace import is_tomorrows
from .pool import Pool
from .recorder import Recorder

LISTING_TRIES = 3

FIRST: dict[FolderRole | None, int] = {
    FolderRole.INBOX: 0,
    FolderRole.SENT: 1,
    FolderRole.DRAFTS: 2,
}
OTHERS, LAST = 3, 4


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
    recorder: Recorder
    control: Control
    clock: Clock
    limits: Limits
    lanes: dict[str, Lane] = field(default_factory=dict)
    awaited: list[Lane] = field(default_factory=list)
    _listed: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def jobs(self, source: Source, destination: Destination) -> list[Job]:
        """Folders on both sides; missing ones are created. Raises `OmmError`."""
        chosen = self._chosen(source.folders())
        there = destination.folders()
        rules = (*self._remembered(chosen, there), *self.plan.rules)
        mapped = routes(chosen, there, rules, destination.delimiter_free)
        mapped.sort(key=lambda route: _turn(route.source))
        wishes = [FolderWish(route.destination, route.role) for route in mapped]
        made: list[Job] = []
        for route, target in zip(mapped, destination.ensure_folders(wishes), strict=True):
            tally = Tally(route.source, "/".join(route.destination))
            self.recorder.board.tallies.append(tally)
            if isinstance(target, Problem):
                self._folder_failed(tally, route.source, target)
            else:
                made.append(self._job(len(made), route, target, tally))
        if any(job.once for job in made):
            self._await_outcomes(there)
        for lane in self.lanes.values():
            lane.open_if_empty(destination)
        return made

    def _await_outcomes(self, there: Sequence[Folder]) -> None:
        """What may have arrived elsewhere must be known before it is copied to another place."""
        folders = {folder.key: folder for folder in there}
        accounts = self.accounts
        for key in self.ledger.doubtful_folders(accounts.source, accounts.destination):
            if key in self.lanes:
                self.awaited.append(self.lanes[key])
            elif key in folders:
                self.awaited.append(self._lane(folders[key]))

    def _lane(self, target: Folder) -> Lane:
        return Lane(
            self.ledger,
            self.accounts.destination,
            target,
            self.plan.options.settle_seconds,
            self.clock,
        )

    def _chosen(self, folders: Sequence[Folder]) -> list[Folder]:
        """The folders that take part; what is left out because it only sums up others is told."""
        selection = self.plan.selection
        for pattern in selection.unmatched(folders):
            problem = Problem(ProblemId.FOLDER_UNREADABLE, Place.SOURCE, "no such folder", pattern)
            self.recorder.folder_failure(pattern, problem)
        usable = [folder for folder in folders if folder.selectable and folder.personal]
        chosen = [folder for folder in usable if selection.takes(folder)]
        if selection.include is None:
            whole = any(folder.holds is Holds.REST for folder in chosen)
            for folder in usable:
                if folder.holds is Holds.CHATS:
                    self._left_out(folder, ProblemId.CHATS_LEFT_OUT)
                elif folder.holds is Holds.VIEW and not whole:
                    self._left_out(folder, ProblemId.FOLDER_LEFT_OUT)
        if len(chosen) == 1 and chosen[0].holds in (Holds.REST, Holds.VIEW):
            # Alone, a folder that shows everything is wanted whole.
            chosen = [replace(chosen[0], holds=Holds.OWN)]
        return chosen

    def _left_out(self, folder: Folder, id: ProblemId) -> None:
        self.recorder.remark(folder.name, Problem(id, Place.SOURCE, "", folder.name))

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
            lane = self.lanes[target.key] = self._lane(target)
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
        return Job(number, folder, known, validity, lane, tally, once=self._once(folder))

    def _once(self, folder: Folder) -> bool:
        if folder.holds is Holds.LABEL:
            return self.plan.options.labels is Labels.ONCE
        return folder.holds is Holds.REST

    def unchanged(self, job: Job) -> bool:
        """Whether all of the folder was copied before and nothing was added since."""
        if self.plan.selection.since or self.plan.options.at_most:
            return False
        folder = job.folder
        if folder.holds is Holds.LABEL and not job.once:
            # It may have been finished when mail of several labels was wanted once.
            return False
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
            self._note_elsewhere(job, (job.folder.count or 0) - items if job.once else 0)
            return
        tries = 0
        while tries < LISTING_TRIES:
            try:
                with sources.connection() as source:
                    self._list(job, source)
                return
            except TryAgain as error:
                self._restart(job)
                tries += not is_tomorrows(error.problem)
                if tries == LISTING_TRIES:
                    self._folder_failed(job.tally, job.folder, error.problem)
            except ItemError as error:
                self._restart(job)
                self._folder_failed(job.tally, job.folder, error.problem)
                return

    def _restart(self, job: Job) -> None:
        self.backlog.drain(job.number)
        self.recorder.board.clear(job.tally)

    def _list(self, job: Job, source: Source) -> None:
        elsewhere = 0
        for window in source.refs(job.folder, self.plan.selection.since):
            self.control.checkpoint()
            window = self._within_trial(window)
            states = self.ledger.states(
                job.source_folder, job.validity, job.lane.id, [ref.key for ref in window]
            )
            arrived = self._arrived_elsewhere(job, window)
            waiting = []
            for ref in window:
                if states.get(ref.key) in ARRIVED:
                    self._count(job, 1, ref.size or 0)
                elif ref.object_id in arrived:
                    elsewhere += 1
                else:
                    waiting.append(Task(ref if job.once else replace(ref, object_id=None)))
            self.backlog.add(job.number, waiting)
            self.recorder.board.add(
                job.tally,
                listed=len(waiting),
                size_total=sum(task.ref.size or 0 for task in waiting),
            )
        self._note_elsewhere(job, elsewhere)

    def _arrived_elsewhere(self, job: Job, window: Sequence[ItemRef]) -> frozenset[str | None]:
        ids = [ref.object_id for ref in window if ref.object_id is not None] if job.once else []
        accounts = self.accounts
        states = self.ledger.states_elsewhere(accounts.source, accounts.destination, ids)
        return frozenset(object_id for object_id, state in states.items() if state in ARRIVED)

    def _note_elsewhere(self, job: Job, items: int) -> None:
        if items > 0 and job.folder.holds is Holds.LABEL:
            name = job.folder.name
            problem = Problem(ProblemId.COPIED_ONCE, Place.SOURCE, "", name)
            self.recorder.remark(name, problem, count=items)

    def conclude(self, jobs: Sequence[Job]) -> None:
        """Once all is listed: each item in one place, and nothing that is too large."""
        board = self.recorder.board
        by_number = {job.number: job for job in jobs}
        for number, items, size in self.backlog.drop_shown_before():
            job = by_number[number]
            board.add(job.tally, listed=-items, size_total=-size)
            self._note_elsewhere(job, items)
        for job in jobs:
            self._drop_large(job)
            if job.tally.state is not FolderState.FAILED:
                board.left_out(job.tally, max(0, (job.folder.count or 0) - job.tally.listed))

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

    def _drop_large(self, job: Job) -> None:
        largest = self.limits.largest_item
        if largest is None:
            return
        for ref in self.backlog.drop_larger(job.number, job.folder.key, largest):
            detail = f"{ref.size} > {largest} bytes"
            problem = Problem(ProblemId.ITEM_TOO_BIG, Place.DESTINATION, detail)
            self.recorder.failure(job, Task(ref), problem, NAMELESS)

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


def _turn(folder: Folder) -> tuple[int, int, FolderPath]:
    """The order of the folders, and which of several that show one item it is copied from.

    Inbox, sent mail, drafts; then labels, the deepest first because it says most, by name; what is
    in no other folder last.
    """
    if folder.holds is Holds.REST:
        return LAST, 0, folder.path
    depth = len(folder.path) if folder.holds is Holds.LABEL else 0
    return FIRST.get(folder.role, OTHERS), -depth, folder.path


def _full(detail: str) -> CannotGoOn:
    return CannotGoOn(Problem(ProblemId.MAILBOX_FULL, Place.DESTINATION, detail))
