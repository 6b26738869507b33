"""`omm-desktop migrate`: one copy without a window."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import TextIO

from omm_desktop.cli.plan_file import PlanRefused, plan_between, read_plan
from omm_desktop.cli.progress import view_on
from omm_desktop.cli.say import say_briefly, say_in_full
from omm_desktop.cli.secrets import SecretsRefused, read_secrets
from omm_desktop.cli.services import Services
from omm_desktop.cli.summary import summary
from omm_desktop.cli.unread import unread
from omm_desktop.cli.watching import Watched, problem_of
from omm_desktop.language import translate as _
from omm_desktop.model.account import Account, EndpointKind
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.problem import Place
from omm_desktop.model.report import Grade, Report, cut_short
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.report.as_json import as_json
from omm_desktop.support.catalogue import catalogue


class Status(IntEnum):
    """The exit statuses that scripts rely on."""

    COMPLETE = 0
    SOME_FAILED = 1
    USAGE = 2
    RESUMABLE = 3
    NOT_STARTED = 4


STATUS_OF_GRADE = {
    Grade.COMPLETE: Status.COMPLETE,
    Grade.COMPLETE_WITH_NOTES: Status.COMPLETE,
    Grade.INCOMPLETE: Status.SOME_FAILED,
    Grade.INTERRUPTED: Status.RESUMABLE,
    Grade.NOT_STARTED: Status.NOT_STARTED,
}


@dataclass(frozen=True, slots=True)
class Console:
    """The three standard streams."""

    stdin: TextIO
    stdout: TextIO
    stderr: TextIO

    def complain(self, text: str) -> None:
        with unread(self.stderr):
            print(text, file=self.stderr, flush=True)

    def print(self, text: str) -> None:
        with unread(self.stdout):
            print(text, file=self.stdout, flush=True)


def migrate(
    plan_file: Path,
    state: Path | None,
    want_json: bool,
    services: Services,
    console: Console,
    *,
    secrets_given: bool = True,
) -> Status:
    """Copies as the plan says; passwords come on standard input where `secrets_given` tells so,
    the report goes to output.
    """
    try:
        plan = read_plan(plan_file)
        sides = {"source": plan.source, "destination": plan.destination}
        wanted = [side for side, account in sides.items() if not account.kind.is_on_disk]
        if wanted and not secrets_given:
            console.complain(_("This plan needs passwords: --secrets-stdin is missing."))
            return Status.USAGE
        secrets = read_secrets(console.stdin, wanted)
    except PlanRefused as error:
        console.complain(say_in_full(error.problem))
        return Status.USAGE
    except SecretsRefused as error:
        console.complain(str(error))
        return Status.USAGE
    began = time.time()
    whole: Report | None = None
    try:
        plan = _with_places(plan, secrets, services)
        migration = services.open_migration(plan, secrets, state)
    except PlanRefused as error:
        console.complain(say_in_full(error.problem))
        return Status.USAGE
    except Exception as error:
        problem = problem_of(error)
        report = cut_short(plan, 0, Grade.NOT_STARTED, problem, began, time.time())
    else:
        run = Watched(migration, view_on(console.stderr, say_briefly), console.stderr)
        whole = run.report()
        report = whole or cut_short(
            plan, migration.number, Grade.INTERRUPTED, run.fault, began, time.time()
        )
    if report.stopped_by:
        console.complain(say_in_full(report.stopped_by))
    if want_json:
        console.print(as_json(report, catalogue().entry))
    elif whole:
        console.print(summary(whole))
    return STATUS_OF_GRADE[report.grade]


def _with_places(plan: MigrationPlan, secrets: Secrets, services: Services) -> MigrationPlan:
    """The plan with the URLs it leaves to be found. Raises OmmError."""

    def placed(account: Account, secret: Secret, place: Place) -> Account:
        if account.kind is not EndpointKind.EWS or account.url:
            return account
        return services.find_exchange(account, secret, place)

    source = placed(plan.source, secrets.source, Place.SOURCE)
    destination = placed(plan.destination, secrets.destination, Place.DESTINATION)
<<<<<<< HEAD
    return plan_between(source, destination, plan.selection, plan.options, plan.files)
=======
    placed_plan = plan_between(source, destination, plan.selection, plan.options, plan.files)
    return replace(placed_plan, notices=plan.notices)


def _problem(error: Exception) -> Problem:
    """What an error means for the person; a fault of the program is only named in the log."""
    if isinstance(error, OmmError):
        log.error("the copy ended with %s", error.problem.id)
        return error.problem
    log.critical("unexpected error in the copy", exc_info=error)
    return Problem(ProblemId.UNEXPECTED, Place.PROGRAM)


class _Run:
    """The copy works in a thread of its own; this one samples it and listens to Ctrl+C.

    `fault` is what ended a copy that gave no report.
    """

    def __init__(self, migration: Migration, view: View, shown_on: TextIO) -> None:
        self._migration = migration
        self._view = view
        self._shown_on = shown_on
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._stop_wishes = 0
        self._stops_told = 0
        self._asked: Problem | None = None
        self.fault: Problem | None = None
        self._report: Report | None = None
        self._thread = threading.Thread(target=self._copy, name="migration", daemon=True)

    def report(self) -> Report | None:
        """None when the copy met a bug or had to be abandoned (it is resumable)."""
        with _on_stop_signals(self._wish_to_stop):
            self._thread.start()
            try:
                self._watch()
            finally:
                with unread(self._shown_on):
                    self._view.close()
        report = self._report
        if report and self._asked and not report.stopped_by:
            report = replace(report, stopped_by=self._asked)
        if report and self._stop_wishes and report.grade is Grade.NOT_STARTED:
            return replace(report, grade=Grade.INTERRUPTED)
        return report

    def _copy(self) -> None:
        try:
            self._report = self._migration.run(self._events.put)
        except Exception as error:
            self.fault = _problem(error)

    def _watch(self) -> None:
        while self._thread.is_alive():
            self._thread.join(_SAMPLE_SECONDS)
            self._tell_events()
            with unread(self._shown_on):
                self._view.show(self._migration.snapshot())
            if self._stop_wishes > self._stops_told and not self._pass_on_stop():
                return
        self._tell_events()

    def _pass_on_stop(self) -> bool:
        """False when the person insists: the copy is abandoned where it stands."""
        self._stops_told = self._stop_wishes
        if self._stop_wishes > 1:
            return False
        self._migration.stop()
        return True

    def _tell_events(self) -> None:
        while True:
            try:
                event = self._events.get_nowait()
            except Empty:
                return
            with unread(self._shown_on):
                self._view.tell(event)
            if isinstance(event, OwnerAsked):
                self._asked = event.problem
                self._migration.stop()

    def _wish_to_stop(self) -> None:
        """Called from a signal handler, so it takes no lock."""
        self._stop_wishes += 1


@contextmanager
def _on_stop_signals(act: Callable[[], None]) -> Iterator[None]:
    names = [name for name in _STOP_SIGNALS if hasattr(signal, name)]
    before: dict[int, Any] = {}
    for number in (getattr(signal, name) for name in names):
        before[number] = signal.signal(number, lambda *_signal: act())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
>>>>>>> main
