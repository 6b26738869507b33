"""One short piece of background work, in a thread of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, ClassVar

from PySide6.QtCore import QThread, Signal

from omm_desktop.model.problem import OmmError, Problem, ProblemId

_log = logging.getLogger(__name__)


class Cancelled(Exception):
    """Raised inside the work at its next step, once nobody waits for it."""


class Task(QThread):
    """Runs `work(step)`; `step` may be called from inside it to tell how far it is.

    Either `done` or `failed` comes, or neither after `cancel`. A task keeps itself alive until its
    thread has ended: a QThread destroyed while running takes the program with it.
    """

    stepped = Signal(object)
    done = Signal(object)
    failed = Signal(object)
    _told = Signal(str, object)

    _running: ClassVar[set[Task]] = set()

    def __init__(self, work: Callable[[Callable[[Any], None]], Any]) -> None:
        super().__init__()
        self._work = work
        self._cancelled = False
        self._told.connect(self._pass_on)
        self.finished.connect(self._let_go)

    def begin(self) -> None:
        Task._running.add(self)
        self.start()

    def cancel(self) -> None:
        """From now on nothing is told any more, not even what is on its way."""
        self._cancelled = True

    def run(self) -> None:
        try:
            answer = self._work(self._step)
        except Cancelled:
            return
        except OmmError as error:
            self._told.emit("failed", error.problem)
        except Exception as error:
            _log.exception("a task of the window ended by a fault of the program")
            problem = Problem(ProblemId.UNEXPECTED, detail=type(error).__name__)
            self._told.emit("failed", problem)
        else:
            self._told.emit("done", answer)

    def _step(self, what: Any) -> None:
        if self._cancelled:
            raise Cancelled
        self._told.emit("stepped", what)

    def _pass_on(self, signal: str, what: object) -> None:
        """In the window's thread, where nothing can be cancelled in between."""
        if not self._cancelled:
            getattr(self, signal).emit(what)

    def _let_go(self) -> None:
        Task._running.discard(self)

    @classmethod
    def wait_for_all(cls, milliseconds: int) -> None:
        """Before the program ends: no thread may be left running."""
        for task in tuple(cls._running):
            task.wait(milliseconds)
