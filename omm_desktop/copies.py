"""One ledger, opened and locked, and the copies that run on it."""

from __future__ import annotations

import contextlib
import time
from functools import partial
from pathlib import Path

from omm_desktop import paths
from omm_desktop.endpoints import registry
from omm_desktop.endpoints.files.unpacked_files import remove_what_was_left
from omm_desktop.engine.run import Migration
from omm_desktop.engine.undo import Undo
from omm_desktop.locked import LockedMigration, LockedUndo, ToldMigration
from omm_desktop.model.account import Account
from omm_desktop.model.disk import records_problem
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.problem import CannotGoOn
from omm_desktop.model.report import Report
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.model.undoing import UndoPreview
from omm_desktop.notices import NoticeMails
from omm_desktop.store.database import set_aside
from omm_desktop.store.history import History
from omm_desktop.store.ledger import Ledger
from omm_desktop.store.lock import Lock
from omm_desktop.store.removals import Removals
from omm_desktop.store.report_json import to_json
from omm_desktop.support.redact import Redactor

LEDGER = "ledger.db"
RESCUE = "rescue"


def set_damaged_aside(folder: Path) -> None:
    """So that new records may begin; nothing is removed. Raises `CannotGoOn`."""
    day = time.strftime("%Y-%m-%d-%H%M%S")
    with Lock(folder, "ledger"):
        try:
            set_aside(folder / LEDGER, f"ledger-damaged-{day}.db")
            # New copies are counted from one again, and have folders by their numbers.
            if (folder / RESCUE).is_dir():
                (folder / RESCUE).rename(folder / f"{RESCUE}-{day}")
        except OSError as error:
            raise CannotGoOn(records_problem(error)) from error


def own_folder() -> Path:
    """The usual place of the records.

    Raises `CannotGoOn`: RECORDS_REFUSED, DISK_FULL.
    """
    try:
        return paths.user_data()
    except OSError as error:
        raise CannotGoOn(records_problem(error)) from error


class Copies:
    """The records in `state` (None: the usual place), to nobody else until `close`.

    `locks` is where copies that run are seen by others, whatever records these use (None: the
    usual place).

    What opens a mailbox is made known to `redactor` before anything is done with it.

    Raises `CannotGoOn`: RECORDS_IN_USE, RECORDS_REFUSED, RECORDS_DAMAGED,
    RECORDS_NEWER, DISK_FULL.
    """

    def __init__(
        self, redactor: Redactor, state: Path | None = None, locks: Path | None = None
    ) -> None:
        self.redactor = redactor
        self._locks = locks
        folder = state or own_folder()
        self._lock = Lock(folder, "ledger")
        try:
            self.ledger = Ledger(folder / LEDGER)
        except BaseException:
            self._lock.release()
            raise
        self._rescue = folder / RESCUE
        if state is None:
            remove_what_was_left()
        try:
            History(self.ledger).forget_what_never_began()
        except BaseException:
            self.close()
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
        meanwhile = partial(registry.prepared_for, plan.sources)
        learn, notices = self.redactor.register_secret, plan.notices
        if notices is None:
            return LockedMigration(migration, lock, learn, meanwhile)
        begin_mails = partial(NoticeMails, notices, secrets.destination)
        return ToldMigration(migration, lock, learn, begin_mails, self._keep, meanwhile)

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
        return LockedUndo(undo, lock, self.redactor.register_secret)

    def _alone_on(self, destination: Account) -> Lock:
        return Lock(self._locks or own_folder() / "locks", destination.identity)

    def rescued(self, run: int) -> Path | None:
        """Where the mail is that the destination refused for good; None when there is none."""
        folder = self._rescue / str(run)
        return folder if folder.is_dir() else None

    def close(self) -> None:
        self.ledger.close()
        self._lock.release()
