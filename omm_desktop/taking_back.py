"""An undo that frees its destination when it ends."""

from __future__ import annotations

from collections.abc import Callable

from omm_desktop.engine.undo import Undo
from omm_desktop.model.progress import Event
from omm_desktop.model.undoing import UndoReport
from omm_desktop.store.lock import Lock


class LockedUndo:
    """`afterwards` is called when it has ended."""

    def __init__(self, undo: Undo, lock: Lock) -> None:
        self._undo = undo
        self._lock = lock
        self.afterwards: Callable[[], None] = lambda: None
        self.snapshot = undo.snapshot
        self.pause = undo.pause
        self.resume = undo.resume
        self.stop = undo.stop
        self.answer = undo.answer

    def run(self, on_event: Callable[[Event], None] = lambda event: None) -> UndoReport:
        try:
            return self._undo.run(on_event)
        finally:
            self._lock.release()
            self.afterwards()
