"""A copy or an undo that is alone on its destination, and frees it when it ends."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Generic, TypeVar

from omm_desktop.engine.run import Migration
from omm_desktop.engine.steering import Steered
from omm_desktop.model.problem import Place
from omm_desktop.model.progress import Event
from omm_desktop.model.report import Grade, Report
from omm_desktop.model.secret import Secret
from omm_desktop.model.undoing import UndoReport
from omm_desktop.notices import NoticeMails
from omm_desktop.store.lock import Lock

R = TypeVar("R")


class Locked(Generic[R]):
    """`learn` is told each new password; `afterwards` is called when it has ended."""

    def __init__(self, work: Steered[R], lock: Lock, learn: Callable[[Secret], None]) -> None:
        self._work = work
        self._lock = lock
        self._learn = learn
        self.afterwards: Callable[[], None] = lambda: None
        self.snapshot = work.snapshot
        self.pause = work.pause
        self.resume = work.resume
        self.stop = work.stop

    def answer(self, secret: Secret | None = None) -> None:
        if secret is not None:
            self._meet(secret)
        self._work.answer(secret)

    def _meet(self, secret: Secret) -> None:
        """A new password stays out of the log like the first."""
        self._learn(secret)

    def run(self, on_event: Callable[[Event], None] = lambda event: None) -> R:
        try:
            return self._run(on_event)
        finally:
            self._lock.release()
            self.afterwards()

    def _run(self, on_event: Callable[[Event], None]) -> R:
        return self._work.run(on_event)


LockedUndo = Locked[UndoReport]


class LockedMigration(Locked[Report]):
    """`meanwhile` is entered for as long as it runs."""

    def __init__(
        self,
        migration: Migration,
        lock: Lock,
        learn: Callable[[Secret], None],
        meanwhile: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        super().__init__(migration, lock, learn)
        self._meanwhile = meanwhile
        self.number = migration.number

    def _run(self, on_event: Callable[[Event], None]) -> Report:
        with self._meanwhile():
            return super()._run(on_event)


class ToldMigration(LockedMigration):
    """One that short mails tell of, from `begin_mails` on.

    `keep` is given the report with what became of them.
    """

    def __init__(
        self,
        migration: Migration,
        lock: Lock,
        learn: Callable[[Secret], None],
        begin_mails: Callable[[], NoticeMails],
        keep: Callable[[Report], None],
        meanwhile: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        super().__init__(migration, lock, learn, meanwhile)
        self._begin_mails = begin_mails
        self._keep = keep
        self._mails: NoticeMails | None = None

    def _meet(self, secret: Secret) -> None:
        """A new password of the destination serves the mails as well."""
        super()._meet(secret)
        asked = self.snapshot().owner_needed
        if self._mails is not None and asked and asked.place is Place.DESTINATION:
            self._mails.use(secret)

    def _run(self, on_event: Callable[[Event], None]) -> Report:
        self._mails = mails = self._begin_mails()

        def both(event: Event) -> None:
            mails.tell(event)
            on_event(event)

        try:
            report = super()._run(both)
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
        self._keep(report)
        return report
