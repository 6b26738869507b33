"""The thread that drives the engine; kept by the window, never by a page."""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QThread, Signal

from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.problem import OmmError, Place, Problem, ProblemId
from omm_desktop.model.progress import Event, PasswordAccepted
from omm_desktop.model.report import Grade, Note, Report, cut_short
from omm_desktop.model.secret import Secrets
from omm_desktop.ui.orphaned_passwords import forget_orphaned
from omm_desktop.ui.services import Credentials, History, Migration

_log = logging.getLogger(__name__)


class MigrationThread(QThread):
    """`happened` carries rare events, `ended` the report: always exactly one.

    Passwords are kept for a resume, and where there is nothing to resume they go again.
    """

    happened = Signal(object)
    ended = Signal(object)

    def __init__(
        self,
        migration: Migration,
        plan: MigrationPlan,
        secrets: Secrets,
        credentials: Credentials,
        history: History,
        *,
        forget: bool,
    ) -> None:
        super().__init__()
        self.migration = migration
        self.plan = plan
        self._secrets = secrets
        self._credentials = credentials
        self._history = history
        self._forget = forget
        self._began = time.time()

    def run(self) -> None:
        try:
            self._keep_passwords()
            # In a thread beside: the copy goes on while a keyring asks to be unlocked again.
            with ThreadPoolExecutor(1, "keyring") as beside:
                report = self.migration.run(partial(self._tell, beside))
            if not self._passwords_go(report.grade):
                report = _with_note(report, ProblemId.PASSWORD_STAYS)
        except OmmError as error:
            report = self._not_finished(error.problem)
        except BaseException as error:
            _log.exception("the copy ended by a fault of the program")
            report = self._not_finished(Problem(ProblemId.UNEXPECTED, detail=type(error).__name__))
        self.ended.emit(report)

    def _keep_passwords(self) -> None:
        """For a resume. In this thread, since a keyring may ask to be unlocked."""
        secrets = {
            self.plan.source: self._secrets.source,
            self.plan.destination: self._secrets.destination,
        }
        for account in self.plan.mailboxes:
            self._credentials.store(account, secrets[account])

    def _tell(self, beside: ThreadPoolExecutor, event: Event) -> None:
        if isinstance(event, PasswordAccepted):
            account = self.plan.source if event.of_old else self.plan.destination
            beside.submit(self._credentials.store, account, event.secret)
        self.happened.emit(event)

    def _passwords_go(self, grade: Grade) -> bool:
        """Those that nobody wants any more; whether nothing is left of them."""
        if grade is Grade.NOT_STARTED:
            return forget_orphaned(self.plan, self._history, self._credentials)
        if not (self._forget and grade.nothing_missing):
            return True
        return self._credentials.forget_all(self.plan.mailboxes)

    def _not_finished(self, problem: Problem) -> Report:
        number = self.migration.number
        return cut_short(self.plan, number, Grade.INTERRUPTED, problem, self._began, time.time())


def _with_note(report: Report, id: ProblemId) -> Report:
    note = Note("", Problem(id, Place.COMPUTER))
    grade = Grade.COMPLETE_WITH_NOTES if report.grade is Grade.COMPLETE else report.grade
    return replace(report, grade=grade, notes=(*report.notes, note))
