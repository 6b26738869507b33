"""The thread that drives the engine; kept by the window, never by a page."""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from PySide6.QtCore import QThread, Signal

from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.problem import OmmError, Problem, ProblemId
from omm_desktop.model.progress import Event, PasswordAccepted
from omm_desktop.model.report import Grade, Report, cut_short
from omm_desktop.model.secret import Secrets
from omm_desktop.ui.services import Credentials, Migration

_log = logging.getLogger(__name__)


class MigrationThread(QThread):
    """`happened` carries rare events, `ended` the report: always exactly one.

    Passwords are kept for a resume, each as soon as its server is known to accept it.
    """

    happened = Signal(object)
    ended = Signal(object)

    def __init__(
        self,
        migration: Migration,
        plan: MigrationPlan,
        secrets: Secrets,
        credentials: Credentials,
        *,
        forget: bool,
    ) -> None:
        super().__init__()
        self.migration = migration
        self.plan = plan
        self._secrets = secrets
        self._credentials = credentials
        self._forget = forget
        self._began = time.time()

    def run(self) -> None:
        try:
            self._keep_passwords()
            # In a thread beside: the copy goes on while a keyring asks to be unlocked again.
            with ThreadPoolExecutor(1, "keyring") as beside:
                report = self.migration.run(partial(self._tell, beside))
            if self._forget and report.grade.nothing_missing:
                self._forget_passwords()
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

    def _forget_passwords(self) -> None:
        for account in self.plan.mailboxes:
            self._credentials.forget(account)

    def _not_finished(self, problem: Problem) -> Report:
        number = self.migration.number
        return cut_short(self.plan, number, Grade.INTERRUPTED, problem, self._began, time.time())
