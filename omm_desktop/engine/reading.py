"""The reader's side: take a batch, fetch it, queue it for a writer."""

from __future__ import annotations

from dataclasses import dataclass

from omm_desktop.model.items import NAMELESS, Item
from omm_desktop.model.ports import Refused
from omm_desktop.model.problem import ItemError, Place, Problem, ProblemId, TryAgain
from omm_desktop.store.backlog import Task
from omm_desktop.store.edits import Edits
from omm_desktop.store.ledger import Ledger
from omm_desktop.store.listed import Listed
from omm_desktop.store.rows import ARRIVED, RowState

from .byte_queue import ByteQueue
from .clock import Clock
from .control import Stopped
from .jobs import Batch, Job, Schedule
from .legs import Leg
from .pace import only_waits
from .recorder import Recorder, intent

SETTLED = frozenset({RowState.DONE, RowState.PRESENT, RowState.UNSURE})

MOST_TRIES = 5
"""After so many lost connections over one item alone, it is the item's fault."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A batch with its items in memory (or in temporary files)."""

    batch: Batch
    items: list[tuple[Task, Item]]

    @property
    def size(self) -> int:
        return sum(item.payload.size for _, item in self.items)

    @property
    def reserved(self) -> int:
        """Bytes the queue counts for it: more than the source had told, if need be."""
        return max(self.batch.size, self.size)

    def close(self) -> None:
        for _, item in self.items:
            item.payload.close()


class Reader:
    """Run by each reading thread until nothing of its source is left."""

    def __init__(
        self,
        schedule: Schedule,
        queue: ByteQueue[Fetched],
        recorder: Recorder,
        ledger: Ledger,
        listed: Listed,
        edits: Edits,
        clock: Clock,
    ) -> None:
        self._clock = clock
        self._ledger = ledger
        self._listed = listed
        self._edits = edits
        self._schedule = schedule
        self._queue = queue
        self._recorder = recorder

    def work(self, leg: Leg) -> None:
        while (batch := self._schedule.next(leg)) is not None:
            leg.sources.spend(batch.size)
            self._queue.reserve(batch.size)
            # Nothing of a batch outlives the call: a waiting thread holds no mail.
            self._read(batch)

    def _read(self, batch: Batch) -> None:
        fetched = Fetched(batch, [])
        try:
            self._fetch(fetched)
        except Stopped:
            fetched.close()
            raise
        if not batch.job.folder.keys_last:
            self._set_known_aside(fetched)
        if fetched.items:
            self._queue.put(fetched, more=fetched.reserved - batch.size)
        else:
            self._queue.release(batch.size)
            self._schedule.done(batch)

    def _fetch(self, fetched: Fetched) -> None:
        """Fill `fetched`; give back what a lost connection left unread."""
        batch = fetched.batch
        sources = batch.job.leg.sources
        missing = self._still_open(batch)
        try:
            with sources.connection() as source:
                began = self._clock.now()
                refs = [task.ref for task in missing.values()]
                for answer in source.fetch(batch.job.folder, refs):
                    task = missing.pop(answer.ref.key)
                    if isinstance(answer, Refused):
                        self._note_refused(batch, task, answer)
                    else:
                        fetched.items.append((task, answer))
                sources.governor.moved(fetched.size, self._clock.now() - began)
        except TryAgain as error:
            if only_waits(error):
                self._schedule.give_back(batch.job, list(missing.values()))
            else:
                self._retry(batch, list(missing.values()), error.problem)
            missing = {}
        except ItemError as error:
            # Of one item the source says so in its answer; what it raises is the folder's.
            for job in self._schedule.give_up([batch.job]):
                self._recorder.folder_failure(job.name, error.problem)
            self._schedule.give_back(batch.job, list(missing.values()))
            missing = {}
        unanswered = Problem(ProblemId.ITEM_UNREADABLE, Place.SOURCE, "no answer")
        self._retry(batch, list(missing.values()), unanswered)

    def _set_known_aside(self, fetched: Fetched) -> None:
        """Take out what was copied before and has another key now."""
        job = fetched.batch.job
        items = [intent(job, item) for _, item in fetched.items]
        known = self._listed.known_again(job.lane.id, items)
        read, fetched.items[:] = (
            list(fetched.items),
            [(task, item) for task, item in fetched.items if item.ref.key not in known],
        )
        for task, item in read:
            state = known.get(item.ref.key)
            if state is not None:
                item.payload.close()
                unsure = state is RowState.UNSURE
                self._recorder.settled(job, task, state if unsure else RowState.PRESENT)
                self._recorder.accepted(job, int(state is RowState.ACCEPTED))

    def _note_refused(self, batch: Batch, task: Task, answer: Refused) -> None:
        if answer.problem.id is ProblemId.ITEM_GONE:
            self._recorder.gone(batch.job, task, answer.problem, answer.label)
        else:
            self._recorder.failure(batch.job, task, answer.problem, answer.label)

    def _still_open(self, batch: Batch) -> dict[str, Task]:
        """The tasks of the batch that have no outcome yet, by key.

        A task that was given back after a lost answer may have turned out to be there.
        """
        job = batch.job
        states = self._ledger.states(
            job.source_folder, job.validity, job.lane.id, [task.ref.key for task in batch.tasks]
        )
        tasks = {task.ref.key: task for task in batch.tasks}
        for key, state in states.items():
            if state in SETTLED:
                task = tasks.pop(key)
                self._recorder.settled(job, task, state)
                # It may have arrived as it was before it was edited.
                self._edits.note(job.number, job.place, [task.ref])
        if job.once:
            self._set_elsewhere_aside(job, tasks)
        return tasks

    def _set_elsewhere_aside(self, job: Job, tasks: dict[str, Task]) -> None:
        """Take the tasks out whose item an earlier copy brought, or may have, by another folder."""
        ids = {task.ref.object_id: key for key, task in tasks.items() if task.ref.object_id}
        for object_id, state in job.leg.elsewhere.states(list(ids)).items():
            known = RowState.PRESENT if state in ARRIVED else RowState.UNSURE
            self._recorder.settled(job, tasks.pop(ids[object_id]), known)

    def _retry(self, batch: Batch, tasks: list[Task], problem: Problem) -> None:
        again, hopeless = tries_left(tasks)
        self._schedule.give_back(batch.job, again)
        for task in hopeless:
            self._recorder.failure(
                batch.job,
                task,
                Problem(ProblemId.ITEM_UNREADABLE, Place.SOURCE, problem.detail),
                NAMELESS,
            )


def tries_left(tasks: list[Task]) -> tuple[list[Task], list[Task]]:
    """The tasks after one more failure: those worth another try, and those that are not."""
    again = [one_try_more(task) for task in tasks if task.tries + 1 < MOST_TRIES]
    return again, [task for task in tasks if task.tries + 1 >= MOST_TRIES]


def one_try_more(task: Task) -> Task:
    return Task(task.ref, task.tries + 1)
