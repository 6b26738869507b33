"""One migration from beginning to end: connect, count, copy, check."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from omm_desktop.model.items import Folder
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.ports import OpenDestination, OpenSource
from omm_desktop.model.problem import CannotGoOn, Place, Problem, ProblemId
from omm_desktop.model.progress import ItemsTooBig, LittleRoom, Phase, PhaseChanged, TooBig
from omm_desktop.model.report import Proof, Report
from omm_desktop.model.secret import Secrets
from omm_desktop.store.backlog import Backlog
from omm_desktop.store.edits import Edits
from omm_desktop.store.ledger import Ledger
from omm_desktop.store.listed import Listed
from omm_desktop.store.report_json import to_json

from .accounts import Accounts
from .byte_queue import ByteQueue
from .checking import Checker
from .clock import Clock
from .crew import shared
from .doors import Doors
from .ends import Ends
from .inventory import Inventory
from .jobs import Job, Schedule
from .lane import Lane
from .legs import Leg, shifts
from .opener import Opener
from .outcome import folder_results, grade
from .pool import patiently
from .reading import Fetched, Reader
from .recorder import Recorder
from .rescue import Rescue
from .room import check_room
from .settings import SettingsCopy
from .steering import Steered
from .updating import Updater
from .upheaval import Upheaval
from .writing import Writer

IN_FLIGHT_BYTES = 32 << 20
"""Bytes of mail in memory at once: being read, waiting, being written."""
START_LOOK = 5.0
"""Seconds between two looks whether the time to begin has come."""


class Migration(Steered[Report]):
    """One run of one plan.

    Mail that is refused for good is kept below `rescue`, under the number of the run.
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
        rescue: Path | None = None,
        upheaval: Upheaval | None = None,
    ) -> None:
        super().__init__(clock, upheaval, attended=attended)
        self._plan = plan
        self._ledger = ledger
        self._attended = attended
        self._began = self._clock.time()
        self._jobs: list[Job] = []
        self._awaited: Sequence[Lane] = ()
        self._proofs: Mapping[int, Proof] = {}
        self._started = False
        # As one: an account that takes part in no copy may be forgotten at any moment.
        with ledger.writing():
            source, *files = (ledger.account(account.identity) for account in plan.sources)
            self._accounts = Accounts(source, ledger.account(plan.destination.identity))
            run = ledger.begin_run(plan, source, self._accounts.destination, self._began, files)
        self._recorder = Recorder(ledger, self._board, run)
        self._doors = Doors(
            plan,
            secrets,
            ledger,
            self._accounts,
            open_source,
            open_destination,
            self._control,
            self._board,
            self._clock,
            attended,
        )
        self._rescue = None if rescue is None else Rescue(rescue / str(run))

    @property
    def number(self) -> int:
        """The copy's number in the ledger."""
        return self._recorder.run

    def _steps(self) -> None:
        self._await_start()
        self._enter(Phase.CONNECTING)
        ends = self._doors.open()
        try:
            ledger = self._ledger
            backlog, edits, listed = Backlog(ledger), Edits(ledger), Listed(ledger)
            self._count(ends, backlog, edits, listed)
            self._copy(ends, backlog, edits, listed)
            self._update(ends, edits)
            self._check(ends)
            self._settings(ends)
        finally:
            ends.close()

    def _await_start(self) -> None:
        """In small steps: while the computer sleeps, the day goes on and a long wait does not.

        Whoever stops it here may resume it, and then it waits for the same time again.
        """
        planned = self._plan.options.start_at
        if planned is None or planned.timestamp() <= self._clock.time():
            return
        until = planned.timestamp()
        self._board.scheduled(until)
        self._teller.tell(PhaseChanged(Phase.SCHEDULED, until))
        self._started = True
        while (wait := until - self._clock.time()) > 0:
            self._control.sleep(min(wait, START_LOOK))
        self._control.checkpoint()
        self._started = False
        self._board.begin()
        self._began = self._clock.time()

    def _count(self, ends: Ends, backlog: Backlog, edits: Edits, listed: Listed) -> None:
        self._enter(Phase.COUNTING)
        inventory = Inventory(
            self._plan,
            self._accounts,
            self._ledger,
            backlog,
            edits,
            listed,
            self._recorder,
            self._control,
            self._clock,
            ends.limits,
        )

        def find_folders() -> None:
            found = [(leg, _folders(leg)) for leg in ends.legs]
            with ends.destinations.connection() as there:
                self._jobs = inventory.jobs(found, there)
                self._awaited = inventory.awaited

        self._have_done([lambda: patiently(find_folders)], ends)
        for event in inventory.events():
            self._teller.tell(event)
        self._have_done(list(self._listing(inventory, ends)), ends)
        inventory.conclude(self._jobs)
        self._ledger.note_listed(self.number, self._board.snapshot().items_total)

        self._check_room(inventory, ends)
        self._tell_too_big(inventory.too_big(), ends)

    def _listing(self, inventory: Inventory, ends: Ends) -> Iterator[Callable[[], None]]:
        """Duties for as many threads as each mailbox may have, and one for all files."""
        files: list[Job] = []
        for leg in ends.legs:
            jobs = [job for job in self._jobs if job.leg is leg]
            if leg.account.kind.is_on_disk:
                files += jobs
            else:
                yield from shared(jobs, inventory.list_job, leg.sources.governor.limit)
        yield from shared(files, inventory.list_job, 1)

    def _check_room(self, inventory: Inventory, ends: Ends) -> None:
        """Before anything is copied. Raises `CannotGoOn` when there is too little."""
        tight: list[LittleRoom] = []
        to_files = self._plan.destination.kind.is_on_disk
        full = ProblemId.SAVING_DISK_FULL if to_files else ProblemId.MAILBOX_FULL

        def check() -> None:
            with ends.destinations.connection() as there:
                lanes = inventory.lanes.values()
                found = check_room(there.space(), self._board.tallies, lanes, full)
            if found is not None:
                tight.append(found)

        self._have_done([lambda: patiently(check)], ends)
        for found in tight:
            self._teller.tell(found)

    def _tell_too_big(self, found: TooBig | None, ends: Ends) -> None:
        """Before anything is copied; whoever is there decides whether to go on without them."""
        if found is None:
            return
        self._board.too_big(found)
        self._teller.tell(ItemsTooBig(found))
        if self._attended:
            problem = Problem(ProblemId.ITEMS_TOO_BIG, Place.DESTINATION)

            def ask() -> None:
                self._control.ask(problem, self._control.answers)

            self._have_done([ask], ends)

    def _have_done(self, duties: list[Callable[[], None]], ends: Ends) -> None:
        """Each duty in a thread, so that a stop can end it whatever the server does."""
        threads = self._crew.man("counting or checking", duties)
        self._crew.attend(threads, self._teller.changes, ends)

    def _copy(self, ends: Ends, backlog: Backlog, edits: Edits, listed: Listed) -> None:
        self._enter(Phase.COPYING)
        self._started = True
        destinations = ends.destinations
        queue: ByteQueue[Fetched] = ByteQueue(IN_FLIGHT_BYTES, self._control)
        schedule = Schedule(
            self._jobs,
            backlog,
            ends.limits,
            destinations.governor,
            self._control,
            self._board,
            self._awaited,
        )
        reader = Reader(
            schedule,
            queue,
            self._recorder,
            self._ledger,
            listed,
            edits,
            self._clock,
        )
        opener = Opener(
            schedule, destinations, self._recorder, self._control, self._clock, ends.keep_alive
        )
        writer = Writer(
            destinations,
            self._accounts.destination,
            schedule,
            queue,
            self._recorder,
            self._ledger,
            self._control,
            self._clock,
            self._rescue,
        )
        readers = self._crew.man("reading", shifts(ends.legs, reader.work))
        others = self._crew.man("opening", [opener.work])
        others += self._crew.man("writing", [writer.work] * destinations.governor.most)

        def tend() -> None:
            if not any(thread.is_alive() for thread in readers):
                queue.close()
            self._teller.changes()
            self._teller.folders(self._jobs, schedule)

        self._crew.attend([*readers, *others], tend, ends)

    def _update(self, ends: Ends, edits: Edits) -> None:
        """What was edited since it was copied: told, and brought anew where the plan says so."""
        updater = Updater(self._plan.options, ends, edits, self._recorder, self._control)
        threads = ends.destinations.governor.limit
        self._have_done(shared(updater.lanes(self._jobs), updater.work, threads), ends)

    def _check(self, ends: Ends) -> None:
        self._enter(Phase.CHECKING)
        checker = Checker(self._ledger, self._recorder, ends.destinations)

        def check() -> None:
            self._proofs = checker.check(self._jobs)

        self._have_done([check], ends)
        checker.close_books(self._jobs, whole=self._plan.is_whole)

    def _settings(self, ends: Ends) -> None:
        """Once the folders that rules speak of are there; a trial run is about messages alone."""
        plan, accounts = self._plan, self._accounts
        if plan.selection.settings and not plan.options.at_most:
            self._enter(Phase.SETTINGS)
            copy = SettingsCopy(plan, accounts, self._recorder, ends, self._control, self._clock)
            self._have_done([lambda: copy.copy(self._jobs)], ends)

    def _report(self) -> Report:
        recorder = self._recorder
        report = Report(
            run=self.number,
            grade=grade(recorder, stopped=self._control.stopping, started=self._started),
            source=self._plan.origin,
            destination=self._plan.destination.name,
            began=self._began,
            seconds=self._board.seconds,
            folders=folder_results(self._board.tallies, self._jobs, self._proofs),
            failed=tuple(recorder.failed),
            notes=tuple(recorder.notes.values()),
            stopped_by=self._control.reason,
            edited=tuple(recorder.changes),
            settings=tuple(recorder.settings),
            unlisted=recorder.unlisted,
            unlisted_edited=recorder.unlisted_changes,
            unlisted_notes=recorder.unlisted_notes,
        )
        # Records that take no more must not cost the person the report.
        with contextlib.suppress(CannotGoOn):
            self._ledger.end_run(self.number, self._clock.time(), report.grade, to_json(report))
        return report


def _folders(leg: Leg) -> list[Folder]:
    with leg.sources.connection() as source:
        return source.folders()
