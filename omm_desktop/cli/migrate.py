"""`omm-desktop migrate`: one copy without a window."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path
from typing import TextIO

from omm_desktop.cli.plan_fields import PlanRefused
from omm_desktop.cli.plan_file import plan_between, read_plan
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
    placed_plan = plan_between(source, destination, plan.selection, plan.options, plan.files)
    return replace(placed_plan, notices=plan.notices)
