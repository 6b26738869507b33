"""A copy or an undo under way: its thread, what is shown of it, and Ctrl+C."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import Any, Generic, TextIO, TypeVar

from omm_desktop.cli.progress import View
from omm_desktop.cli.services import Runs
from omm_desktop.cli.unread import unread
from omm_desktop.model.problem import OmmError, Place, Problem, ProblemId
from omm_desktop.model.progress import Event, OwnerAsked
from omm_desktop.model.report import Grade, Report
from omm_desktop.model.undoing import UndoReport

log = logging.getLogger(__name__)

_SAMPLE_SECONDS = 0.2
_STOP_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")

R = TypeVar("R", Report, UndoReport)


def problem_of(error: Exception) -> Problem:
    """What an error means for the person; a fault of the program is only named in the log."""
    if isinstance(error, OmmError):
        log.error("the copy ended with %s", error.problem.id)
        return error.problem
    log.critical("unexpected error in the copy", exc_info=error)
    return Problem(ProblemId.UNEXPECTED, Place.PROGRAM)


class Watched(Generic[R]):
    """The copy works in a thread of its own; this one samples it and listens to Ctrl+C.

    `fault` is what ended a copy that gave no report.
    """

    def __init__(self, migration: Runs[R], view: View, shown_on: TextIO) -> None:
        self._migration: Runs[R] = migration
        self._view = view
        self._shown_on = shown_on
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._stop_wishes = 0
        self._stops_told = 0
        self._asked: Problem | None = None
        self.fault: Problem | None = None
        self._report: R | None = None
        self._thread = threading.Thread(target=self._copy, name="migration", daemon=True)

    def report(self) -> R | None:
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
            self.fault = problem_of(error)

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
