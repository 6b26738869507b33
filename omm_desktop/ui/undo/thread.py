"""The thread that takes a copy back."""

from __future__ import annotations

import logging

from PySide6.QtCore import QThread, Signal

from omm_desktop.model.problem import OmmError, Problem, ProblemId
from omm_desktop.ui.services import Undo

_log = logging.getLogger(__name__)


class UndoThread(QThread):
    """`ended` with the UndoReport, or with a Problem: always exactly one."""

    ended = Signal(object)

    def __init__(self, undo: Undo) -> None:
        super().__init__()
        self.undo = undo

    def run(self) -> None:
        try:
            self.ended.emit(self.undo.run(lambda event: None))
        except OmmError as error:
            self.ended.emit(error.problem)
        except BaseException as error:
            _log.exception("the undo ended by a fault of the program")
            self.ended.emit(Problem(ProblemId.UNEXPECTED, detail=type(error).__name__))
