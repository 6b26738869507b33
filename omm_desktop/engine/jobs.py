"""One source folder on its way into its lane, and the order in which batches are taken."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from omm_desktop.model.items import Folder, ItemKind
from omm_desktop.model.ports import Limits
from omm_desktop.model.progress import FolderState
from omm_desktop.store.backlog import Backlog, Task

from .board import Board, Tally
from .control import Control
from .lane import Lane, LaneState
from .legs import Leg
from .pace import Governor

TICK = 0.05


@dataclass(eq=False, slots=True)
class Job:
    """`number` orders jobs; `source_folder` and `validity` are the source's place in the ledger.

    `once`: what arrived by way of another folder is not copied again. `batches` counts the batches
    taken and not yet done with. Nothing more of a job that was `given_up` is read.
    """

    number: int
    leg: Leg
    folder: Folder
    source_folder: int
    validity: int
    lane: Lane
    tally: Tally
    once: bool = False
    batches: int = 0
    given_up: bool = False

    @property
    def name(self) -> str:
        """What the person knows the folder by."""
        return self.leg.named(self.folder.name)

    @property
    def place(self) -> tuple[int, int, int]:
        """Where the ledger keeps its items: source folder, its validity, destination folder."""
        return self.source_folder, self.validity, self.lane.id


@dataclass(frozen=True, slots=True)
class Batch:
    """Items of one job that travel together, with one owner at a time."""

    job: Job
    tasks: Sequence[Task]

    @property
    def size(self) -> int:
        """Bytes, as far as the source told them."""
        return _size(self.tasks)


class Schedule:
    """Hands out batches of open lanes, in the order of the jobs."""

    def __init__(
        self,
        jobs: Sequence[Job],
        backlog: Backlog,
        limits: Limits,
        destinations: Governor,
        control: Control,
        board: Board,
        awaited: Sequence[Lane] = (),
    ) -> None:
        """`awaited` lanes are opened before any job that copies `once` begins."""
        self._awaited = awaited
        self._board = board
        self._jobs = jobs
        self._backlog = backlog
        self._limits = limits
        self._destinations = destinations
        self._control = control
        self._changed = threading.Condition()
        self._left = {job.number: backlog.count(job.number) for job in jobs}
        # Most of ten thousand folders are empty, or soon finished: only these are looked through.
        self._going = {job.number: job for job in jobs if self._left[job.number]}

    def next(self, leg: Leg) -> Batch | None:
        """The next batch of a source; None when there will be none any more. Raises `Stopped`."""
        while True:
            self._control.checkpoint()
            with self._changed:
                mine = [job for job in self._going.values() if job.leg is leg]
                if not mine:
                    self._changed.notify_all()
                    return None
                doubtful = any(lane.state is LaneState.CLOSED for lane in self._awaited)
                for job in mine:
                    ready = self._left[job.number] and job.lane.state is LaneState.OPEN
                    if not ready or (job.once and doubtful) or self._waits_its_turn(job):
                        continue
                    batch = self._take(job)
                    if batch is not None:
                        return batch
                self._changed.wait(TICK)

    def _waits_its_turn(self, job: Job) -> bool:
        """Of a UID the event arrives that comes first: in the plan, and in the order of folders."""
        return job.folder.kind is ItemKind.EVENTS and any(
            other.lane is job.lane and other.number < job.number for other in self._going.values()
        )

    def _tidy(self, job: Job) -> None:
        """What is finished stays so: tasks come back only while their batch is under way."""
        if not (self._left[job.number] or job.batches):
            self._going.pop(job.number, None)

    def _take(self, job: Job) -> Batch | None:
        if not any(other.batches for other in self._going.values() if other.lane is job.lane):
            self._backlog.release(job.number)
        governors = job.leg.sources.governor, self._destinations
        size = min(governor.batch_bytes(self._limits.batch_bytes) for governor in governors)
        tasks = self._backlog.take(job.number, job.folder.key, self._limits.batch_items, size)
        if not tasks:
            return None
        self._left[job.number] -= len(tasks)
        job.batches += 1
        self._board.state(job.tally, FolderState.COPYING)
        return Batch(job, tasks)

    def give_back(self, job: Job, tasks: Sequence[Task], *, held: bool = False) -> None:
        """Tasks to be taken again; `held` ones when no batch of their lane is under way.

        Those of a job that was given up meanwhile have failed.
        """
        with self._changed:
            if job.given_up:
                self._board.add(job.tally, failed=len(tasks), size_done=_size(tasks))
                return
            self._backlog.add(job.number, tasks, held=held)
            self._left[job.number] += len(tasks)

    def done(self, batch: Batch) -> None:
        """The batch is dealt with: every item has an outcome or was given back."""
        with self._changed:
            batch.job.batches -= 1
            self._tidy(batch.job)
            self._changed.notify_all()

    def give_up(self, jobs: Sequence[Job]) -> list[Job]:
        """Drop what is left of jobs that cannot go on; those that were not given up before."""
        with self._changed:
            fresh = [job for job in jobs if job.number in self._going and not job.given_up]
            for job in fresh:
                job.given_up = True
                self._left[job.number] = 0
                self._board.add(job.tally, failed=self._backlog.drain(job.number))
                self._board.state(job.tally, FolderState.FAILED)
                self._tidy(job)
            self._changed.notify_all()
            return fresh

    def waiting_lanes(self) -> list[Lane]:
        """Closed lanes that something waits for and nothing of ours is on its way into."""
        with self._changed:
            wanted = [job.lane for job in self._going.values() if self._left[job.number]]
            return [
                lane
                for lane in dict.fromkeys((*self._awaited, *wanted))
                if lane.state is LaneState.CLOSED and not lane.in_flight
            ]

    def jobs_of(self, lane: Lane) -> list[Job]:
        return [job for job in self._jobs if job.lane is lane]

    def unfinished(self) -> frozenset[int]:
        """Numbers of the jobs that are not at their end."""
        with self._changed:
            return frozenset(self._going)

    def over(self) -> bool:
        with self._changed:
            return not self._going

    def wake(self) -> None:
        with self._changed:
            self._changed.notify_all()


def _size(tasks: Sequence[Task]) -> int:
    return sum(task.ref.size or 0 for task in tasks)
