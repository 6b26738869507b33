"""One ledger, opened and locked, and the copies that run on it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from omm_desktop import paths
from omm_desktop.endpoints import registry
from omm_desktop.engine.run import Migration
from omm_desktop.engine.undo import Undo
from omm_desktop.model.account import Account
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.problem import CannotGoOn, Place
from omm_desktop.model.progress import Event
from omm_desktop.model.report import Grade, Report
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.model.undoing import UndoPreview
from omm_desktop.notices import NoticeMails
from omm_desktop.store.history import History
from omm_desktop.store.ledger import Ledger
from omm_desktop.store.lock import Lock
from omm_desktop.store.removals import Removals
from omm_desktop.store.report_json import to_json
from omm_desktop.support.redact import Redactor
from omm_desktop.taking_back import LockedUndo

LEDGER = "ledger.db"
RESCUE = "rescue"


class Copies:
    """The records in `state` (None: the usual place), to nobody else until `close`.

    `locks` is where copies that run are seen by others, whatever records these use (None: the
    usual place).

    What opens a mailbox is made known to `redactor` before anything is done with it.

    Raises `CannotGoOn`: RECORDS_IN_USE, RECORDS_DAMAGED, RECORDS_NEWER, DISK_FULL,
    PLACE_MISSING, PLACE_REFUSED.
    """

    def __init__(
        self, redactor: Redactor, state: Path | None = None, locks: Path | None = None
    ) -> None:
        self.redactor = redactor
        self._locks = locks
        folder = state or paths.user_data()
        self._lock = Lock(folder, "ledger")
        try:
            self.ledger = Ledger(folder / LEDGER)
            self._rescue = folder / RESCUE
        except BaseException:
            self._lock.release()
            raise

    def open(self, plan: MigrationPlan, secrets: Secrets, *, attended: bool) -> LockedMigration:
        """A copy that is alone on its destination mailbox, whatever the records it uses."""
        self.redactor.register_secret(secrets.source)
        self.redactor.register_secret(secrets.destination)
        for source in plan.sources:
            self.redactor.register_login(source.login)
        self.redactor.register_login(plan.destination.login)
        # First: a copy that may not begin leaves no trace in the records.
        lock = self._alone_on(plan.destination)
        try:
            migration = Migration(
                plan,
                secrets,
                self.ledger,
                registry.open_source,
                registry.open_destination,
                attended=attended,
                rescue=self._rescue,
            )
        except BaseException:
            lock.release()
            raise
        locked = LockedMigration(migration, lock)
        locked.learn = self.redactor.register_secret
        if plan.notices is not None:
            notices, secret = plan.notices, secrets.destination
            locked.mails = lambda: NoticeMails(notices, secret)
            locked.keep = self._keep
        return locked

    def _keep(self, report: Report) -> None:
        """The report as it is now; records that take no more must not cost the person the copy."""
        with contextlib.suppress(CannotGoOn):
            self.ledger.end_run(report.run, time.time(), report.grade, to_json(report))

    def preview_undo(self, run: int) -> UndoPreview | None:
        """What the undo of a copy would remove; None when there is no such copy."""
        plan = History(self.ledger).plan(run)
        if plan is None:
            return None
        removals = Removals(self.ledger, run)
        return UndoPreview(
            run,
            plan.origin,
            plan.destination.name,
            plan.destination.kind.is_on_disk,
            tuple(removals.removable()),
            removals.is_begun(),
        )

    def open_undo(self, run: int, secret: Secret, *, attended: bool) -> LockedUndo:
        """The undo of a copy that is there, alone on its destination mailbox."""
        plan = History(self.ledger).plan(run)
        assert plan is not None
        self.redactor.register_secret(secret)
        self.redactor.register_login(plan.destination.login)
        lock = self._alone_on(plan.destination)
        try:
            undo = Undo(run, plan, secret, self.ledger, registry.open_remover, attended=attended)
        except BaseException:
            lock.release()
            raise
        return LockedUndo(undo, lock)

    def _alone_on(self, destination: Account) -> Lock:
        return Lock(self._locks or paths.user_data() / "locks", destination.identity)

    def rescued(self, run: int) -> Path | None:
        """Where the mail is that the destination refused for good; None when there is none."""
        folder = self._rescue / str(run)
        return folder if folder.is_dir() else None

    def close(self) -> None:
        self.ledger.close()
        self._lock.release()


class LockedMigration:
    """A migration that frees its destination when it ends; `afterwards` is called then."""

    def __init__(
        self, migration: Migration, lock: Lock, afterwards: Callable[[], None] = lambda: None
    ) -> None:
        self._migration = migration
        self._lock = lock
        self.afterwards = afterwards
        self.mails: Callable[[], NoticeMails] | None = None
        self._sending: NoticeMails | None = None
        self.keep: Callable[[Report], None] = lambda report: None
        self.learn: Callable[[Secret], None] = lambda secret: None
        self.snapshot = migration.snapshot
        self.pause = migration.pause
        self.resume = migration.resume
        self.stop = migration.stop

    @property
    def number(self) -> int:
        return self._migration.number

    def answer(self, secret: Secret | None = None) -> None:
        """A new password stays out of the log like the first, and serves the mails as well."""
        asked = self.snapshot().owner_needed
        if secret is not None:
            self.learn(secret)
            if self._sending is not None and asked and asked.place is Place.DESTINATION:
                self._sending.use(secret)
        self._migration.answer(secret)

    def run(self, on_event: Callable[[Event], None] = lambda event: None) -> Report:
        try:
            if self.mails is None:
                return self._migration.run(on_event)
            return self._run_and_tell(self.mails(), on_event)
        finally:
            self._lock.release()
            self.afterwards()

    def _run_and_tell(self, mails: NoticeMails, on_event: Callable[[Event], None]) -> Report:
        self._sending = mails

        def both(event: Event) -> None:
            mails.tell(event)
            on_event(event)

        try:
            report = self._migration.run(both)
        except BaseException:
            mails.abandon()
            raise
        note = mails.conclude(report)
        if note is None:
            return report
        grade = report.grade
        if grade is Grade.COMPLETE:
            grade = Grade.COMPLETE_WITH_NOTES
        report = replace(report, grade=grade, notes=(*report.notes, note))
        self.keep(report)
        return report
