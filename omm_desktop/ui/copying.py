"""The copy that is under way: its thread, its passwords, its number."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.problem import OmmError
from omm_desktop.model.progress import Event, PasswordAccepted
from omm_desktop.model.report import Report
from omm_desktop.ui.migration_thread import MigrationThread
from omm_desktop.ui.services import History, Migration, Services
from omm_desktop.ui.task import Task
from omm_desktop.wizard.draft import Draft


class Copying(QObject):
    """Keeps the thread until it has ended, whatever page is shown. `ended` with the Report."""

    ended = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thread: MigrationThread | None = None
        self._draft: Draft | None = None
        self.number: int | None = None

    @property
    def is_running(self) -> bool:
        return self._thread is not None

    @property
    def migration(self) -> Migration | None:
        """The copy under way."""
        return self._thread.migration if self._thread is not None else None

    def start(self, draft: Draft, services: Services) -> Migration:
        """Raises OmmError when the copy cannot begin. Passwords are kept for a resume."""
        plan = draft.plan()
        migration = services.start(plan, draft.secrets)
        _forget_what_waited(plan, migration.number, services.history)
        self._draft, self.number = draft, migration.number
        self._thread = MigrationThread(
            migration,
            plan,
            draft.secrets,
            services.credentials,
            services.history,
            forget=draft.options.forget_passwords,
        )
        self._thread.happened.connect(self._happened)
        self._thread.ended.connect(self._ended)
        self._thread.start()
        return migration

    def stop(self) -> None:
        if self._thread is not None:
            self._thread.migration.stop()

    def wait(self, milliseconds: int) -> None:
        if self._thread is not None:
            self._thread.migration.stop()
            self._thread.wait(milliseconds)

    def _happened(self, event: Event) -> None:
        """A password that was changed meanwhile serves the resume and the next copy as well."""
        if isinstance(event, PasswordAccepted) and self._draft is not None:
            account = self._draft.source if event.of_old else self._draft.destination
            account.renew_password(event.secret)

    def _ended(self, report: Report) -> None:
        thread, draft = self._thread, self._draft
        assert thread is not None
        assert draft is not None
        thread.wait()
        self._thread = None
        if report.grade.nothing_missing and draft.options.forget_passwords:
            draft.forget_passwords()
        self.ended.emit(report)


def _forget_what_waited(plan: MigrationPlan, number: int, history: History) -> None:
    """A copy that was planned, and closed meanwhile, is one with the copy that takes its place.

    Only now: as long as none has, it must not be lost.
    """
    if plan.options.start_at is None:
        return
    with contextlib.suppress(OmmError):
        for run in history.listed():
            if run.id != number and run.waits(time.time()) and _same(run.plan, plan):
                Task(_forgetting(history, run.id)).begin()


def _forgetting(history: History, run: int) -> Callable[[object], None]:
    return lambda _step: history.forget(run)


def _same(one: MigrationPlan, other: MigrationPlan) -> bool:
    """Whether both lead from the same mailboxes to the same one, at the same time."""
    return one.options.start_at == other.options.start_at and [
        account.identity for account in (*one.sources, one.destination)
    ] == [account.identity for account in (*other.sources, other.destination)]
