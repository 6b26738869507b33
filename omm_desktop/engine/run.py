"""One migration from beginning to end: connect, count, copy, check."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from omm_desktop.model.account import Account
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.ports import (
    Destination,
    Endpoint,
    Limits,
    OpenDestination,
    OpenSource,
    Source,
)
from omm_desktop.model.problem import (
    ItemError,
    OmmError,
    Place,
    Problem,
    ProblemId,
    TryAgain,
)
from omm_desktop.model.progress import (
    Event,
    FolderEnded,
    FolderState,
    Mood,
    MoodChanged,
    OwnerAsked,
    Phase,
    PhaseChanged,
    Snapshot,
)
from omm_desktop.model.report import FolderResult, Grade, Proof, Report
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.store.backlog import Backlog
from omm_desktop.store.ledger import Ledger

from .board import Board
from .byte_queue import ByteQueue
from .checking import Checker
from .clock import Clock, SystemClock
from .control import Control, Stopped
from .inventory import Accounts, Inventory
from .jobs import Job, Schedule
from .lane import Lane
from .pace import Governor
from .pool import Pool
from .reading import Fetched, Reader
from .recorder import Recorder
from .writing import Writer

QUEUE_BYTES = 24 << 20
FIRST_CONNECTIONS = 2
CONNECTIONS = 4
STOP_GRACE = 5.0
"""Seconds a stop leaves to the batches on their way before it cuts the connections."""
ABANDON_AFTER = 2.0
TICK = 0.05
UNATTENDED_PATIENCE = 120.0

E = TypeVar("E", bound=Endpoint)


class Migration:
    """One run of one plan. `run` blocks; everything else may be called from any thread.

    `attended`: somebody is there to answer questions; otherwise a question ends the run.
    """

    def __init__(
        self,
        plan: MigrationPlan,
        secrets: Secrets,
        ledger: Ledger,
        open_source: OpenSource,
        open_destination: OpenDestination,
        *,
        attended: bool = True,
        clock: Clock | None = None,
    ) -> None:
        self._plan = plan
        self._secrets = secrets
        self._ledger = ledger
        self._open_source = open_source
        self._open_destination = open_destination
        self._attended = attended
        self._clock = clock or SystemClock()
        self._control = Control(self._clock, attended=attended)
        self._board = Board(self._clock, self._control)
        self._on_event: Callable[[Event], None] = lambda event: None
        self._crew: list[threading.Thread] = []
        self._mood = Mood.RUNNING
        self._question: Problem | None = None
        self._announced: set[int] = set()
        self._began = self._clock.time()
        self._proofs: Mapping[int, Proof] = {}
        self._jobs: list[Job] = []
        self._recorder: Recorder | None = None
        self._started = False

    # Any thread

    @property
    def number(self) -> int:
        """The copy's number in the ledger; 0 before it began."""
        return self._recorder.run if self._recorder else 0

    def snapshot(self) -> Snapshot:
        return self._board.snapshot()

    def pause(self) -> None:
        self._control.pause()

    def resume(self) -> None:
        self._control.resume()

    def stop(self) -> None:
        self._control.stop()

    def answer(self, secret: Secret | None = None) -> None:
        """The person has done what `OwnerAsked` asked for."""
        self._control.answer(secret)

    # The run

    def run(self, on_event: Callable[[Event], None] = lambda event: None) -> Report:
        """Do it all. Events come on this thread. Never raises `OmmError`; see `Report`."""
        self._on_event = on_event
        pools: list[Pool[Source] | Pool[Destination]] = []
        try:
            self._steps(pools)
        except Stopped:
            pass
        except OmmError as error:
            self._control.stop(error.problem)
        finally:
            for pool in pools:
                pool.close()
            self._enter(Phase.ENDED)
        if self._control.error is not None:
            raise self._control.error
        return self._finish()

    def _steps(self, pools: list[Pool[Source] | Pool[Destination]]) -> None:
        self._enter(Phase.CONNECTING)
        accounts = Accounts(
            self._ledger.account(self._plan.source.identity),
            self._ledger.account(self._plan.destination.identity),
        )
        run = self._ledger.begin_run(self._plan, accounts.source, accounts.destination, self._began)
        self._recorder = Recorder(self._ledger, self._board, run)
        source, destination = self._connect()
        limits = destination.limits
        sources = self._pool(
            self._plan.source, self._open_source, self._secrets.source, source.parallel, "source"
        )
        destinations = self._pool(
            self._plan.destination,
            self._open_destination,
            self._secrets.destination,
            limits.connections,
            "destination",
        )
        pools += [sources, destinations]
        sources.adopt(source)
        destinations.adopt(destination)
        backlog = Backlog(self._ledger)
        self._count(accounts, sources, destinations, backlog, limits)
        self._copy(accounts, sources, destinations, backlog, limits)
        self._enter(Phase.CHECKING)
        checker = Checker(self._ledger, accounts.destination, self._recorder, destinations)
        self._proofs = checker.check(self._jobs)
        selection, options = self._plan.selection, self._plan.options
        checker.close_books(self._jobs, whole=not (selection.since or options.at_most))

    def _connect(self) -> tuple[Source, Destination]:
        """Both sides at once."""
        opening = _Opening(self._open_source, self._plan.source, self._secrets.source)
        opening.start()
        try:
            destination = self._open_destination(self._plan.destination, self._secrets.destination)
        except OmmError:
            opening.discard()
            raise
        try:
            return opening.result(), destination
        except OmmError:
            destination.close()
            raise

    def _pool(
        self,
        account: Account,
        open_one: Callable[[Account, Secret], E],
        secret: Secret,
        most: int,
        who: str,
    ) -> Pool[E]:
        wanted = self._plan.options.connections
        most = min(most, wanted) if wanted else most
        start = wanted or (FIRST_CONNECTIONS if most <= CONNECTIONS else CONNECTIONS)
        return Pool(
            lambda typed: open_one(account, typed),
            secret,
            Governor(start, max(1, most), self._clock),
            self._control,
            self._clock,
            waiting=lambda problem, until: self._board.waiting(who, problem, until),
            patience=None if self._attended else UNATTENDED_PATIENCE,
        )

    def _count(
        self,
        accounts: Accounts,
        sources: Pool[Source],
        destinations: Pool[Destination],
        backlog: Backlog,
        limits: Limits,
    ) -> None:
        assert self._recorder is not None
        self._enter(Phase.COUNTING)
        inventory = Inventory(
            self._plan,
            accounts,
            self._ledger,
            backlog,
            self._recorder,
            self._control,
            self._clock,
            limits,
        )
        with sources.connection() as source, destinations.connection() as destination:
            self._jobs = inventory.jobs(source, destination)
        left = list(reversed(self._jobs))

        def list_jobs() -> None:
            while True:
                try:
                    job = left.pop()
                except IndexError:
                    return
                inventory.list_job(job, sources)

        self._man([list_jobs] * min(len(left), sources.governor.limit))
        self._attend([sources, destinations])
        with destinations.connection() as destination:
            inventory.check_space(destination)

    def _copy(
        self,
        accounts: Accounts,
        sources: Pool[Source],
        destinations: Pool[Destination],
        backlog: Backlog,
        limits: Limits,
    ) -> None:
        assert self._recorder is not None
        self._enter(Phase.COPYING)
        self._started = True
        queue: ByteQueue[Fetched] = ByteQueue(QUEUE_BYTES, self._control)
        schedule = Schedule(self._jobs, backlog, limits, destinations.governor, self._control)
        reader = Reader(sources, schedule, queue, self._recorder, self._ledger)
        writer = Writer(
            destinations,
            accounts.destination,
            schedule,
            queue,
            self._recorder,
            self._ledger,
            self._control,
            self._clock,
        )
        readers = [reader.work] * sources.governor.most
        writers = [writer.work] * destinations.governor.most
        opener = _Opener(schedule, destinations, self._recorder, self._control, self._clock)
        self._man([*readers, opener.work])
        reading = list(self._crew)
        self._man(writers)
        self._attend(
            [sources, destinations],
            lambda: None if any(t.is_alive() for t in reading) else queue.close(),
            schedule,
        )

    def _man(self, duties: list[Callable[[], None]]) -> None:
        """A thread for each duty. What goes wrong in one stops the run."""
        for duty in duties:
            thread = threading.Thread(target=self._duty, args=(duty,), daemon=True)
            self._crew.append(thread)
            thread.start()

    def _duty(self, duty: Callable[[], None]) -> None:
        try:
            duty()
        except Stopped:
            pass
        except OmmError as error:
            self._control.stop(error.problem)
        except BaseException as error:
            problem = Problem(ProblemId.UNEXPECTED, Place.PROGRAM, type(error).__name__)
            self._control.stop(problem, error)

    def _attend(
        self,
        pools: list[Pool[Source] | Pool[Destination]],
        tend: Callable[[], None] = lambda: None,
        schedule: Schedule | None = None,
    ) -> None:
        """Be there until the crew is done; then go on, or raise `Stopped`."""
        stop_seen: float | None = None
        while any(thread.is_alive() for thread in self._crew):
            for thread in self._crew:
                if thread.is_alive():
                    thread.join(TICK)
                    break
            tend()
            self._announce(schedule)
            for pool in pools:
                pool.keep_alive()
            if self._control.stopping:
                stop_seen = stop_seen or self._clock.now()
                waited = self._clock.now() - stop_seen
                if waited > STOP_GRACE:
                    for pool in pools:
                        pool.abort()
                if waited > STOP_GRACE + ABANDON_AFTER:
                    break
        self._crew.clear()
        self._announce(schedule)
        if self._control.stopping:
            raise Stopped

    # Telling

    def _enter(self, phase: Phase) -> None:
        self._board.phase(phase)
        self._on_event(PhaseChanged(phase))

    def _announce(self, schedule: Schedule | None) -> None:
        snapshot = self._board.snapshot()
        if snapshot.mood is not self._mood:
            self._mood = snapshot.mood
            self._on_event(MoodChanged(snapshot.mood, snapshot.waiting_for))
        if snapshot.owner_needed is not self._question:
            self._question = snapshot.owner_needed
            if self._question is not None:
                self._on_event(OwnerAsked(self._question))
        if schedule is None:
            return
        for job in self._jobs:
            if job.number not in self._announced and schedule.finished(job):
                self._announced.add(job.number)
                if job.tally.state is not FolderState.FAILED:
                    self._board.state(job.tally, FolderState.DONE)
                self._on_event(FolderEnded(job.tally.progress()))

    # The end

    def _finish(self) -> Report:
        recorder = self._recorder
        run = recorder.run if recorder else 0
        report = Report(
            run=run,
            grade=self._grade(),
            source=self._plan.source.address or self._plan.source.login,
            destination=self._plan.destination.address or self._plan.destination.login,
            began=self._began,
            seconds=self._board.seconds,
            folders=self._folder_results(),
            failed=tuple(recorder.failed) if recorder else (),
            notes=tuple(recorder.notes.values()) if recorder else (),
            stopped_by=self._control.reason,
        )
        if recorder is not None:
            self._ledger.end_run(run, self._clock.time(), report.grade, "")
        return report

    def _grade(self) -> Grade:
        if self._control.stopping:
            return Grade.INTERRUPTED if self._started else Grade.NOT_STARTED
        recorder = self._recorder
        if recorder is not None and recorder.failed:
            return Grade.INCOMPLETE
        if recorder is not None and recorder.notes:
            return Grade.COMPLETE_WITH_NOTES
        return Grade.COMPLETE

    def _folder_results(self) -> tuple[FolderResult, ...]:
        proofs = {id(job.tally): self._proofs.get(job.number, Proof.NONE) for job in self._jobs}
        return tuple(
            FolderResult(
                source=tally.source,
                destination=tally.destination,
                role=tally.role,
                listed=tally.listed,
                copied=tally.copied,
                present=tally.present,
                failed=tally.failed,
                not_selected=tally.not_selected,
                unsure=tally.unsure,
                bytes_copied=tally.bytes_copied,
                proof=proofs.get(id(tally), Proof.NONE),
            )
            for tally in self._board.tallies
        )


class _Opening(threading.Thread, Generic[E]):
    """One connection being opened beside another."""

    def __init__(
        self, open_one: Callable[[Account, Secret], E], account: Account, secret: Secret
    ) -> None:
        super().__init__(daemon=True)
        self._open_one = open_one
        self._account = account
        self._secret = secret
        self._discarded = False
        self._endpoint: E | None = None
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            self._endpoint = self._open_one(self._account, self._secret)
            if self._discarded:
                self._endpoint.close()
        except BaseException as error:
            self._error = error

    def discard(self) -> None:
        """Nobody wants the connection any more."""
        self._discarded = True
        if self._endpoint is not None:
            self._endpoint.close()

    def result(self) -> E:
        self.join()
        if self._error is not None:
            raise self._error
        assert self._endpoint is not None
        return self._endpoint


class _Opener:
    """Opens lanes, again and again looking at those that have to settle."""

    def __init__(
        self,
        schedule: Schedule,
        destinations: Pool[Destination],
        recorder: Recorder,
        control: Control,
        clock: Clock,
    ) -> None:
        self._schedule = schedule
        self._destinations = destinations
        self._recorder = recorder
        self._control = control
        self._clock = clock
        self._due: dict[Lane, float] = {}

    def work(self) -> None:
        while not self._schedule.over():
            self._control.checkpoint()
            now = self._clock.now()
            lanes = self._schedule.waiting_lanes()
            for lane in lanes:
                if self._due.get(lane, now) <= now:
                    self._advance(lane)
            self._control.sleep(TICK)

    def _advance(self, lane: Lane) -> None:
        try:
            with self._destinations.connection() as destination:
                wait = lane.advance(destination)
        except TryAgain:
            return
        except ItemError as error:
            lane.break_down()
            for job, count in self._schedule.give_up(lane):
                self._recorder.board.add(job.tally, failed=count)
                self._recorder.board.state(job.tally, FolderState.FAILED)
                self._recorder.folder_failure(job.folder.name, error.problem)
            return
        if wait is None:
            self._due.pop(lane, None)
            self._schedule.wake()
        else:
            self._due[lane] = self._clock.now() + wait
