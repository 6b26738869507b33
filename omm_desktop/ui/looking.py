"""Looks into chosen files in the background, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from omm_desktop.model.account import Account
from omm_desktop.model.progress import Reading
from omm_desktop.ui.services import FileLook, Services
from omm_desktop.ui.task import Task
from omm_desktop.wizard.chosen_file import ChosenFile

if TYPE_CHECKING:
    from omm_desktop.endpoints.files.survey import Survey


@dataclass(frozen=True, slots=True)
class _Look:
    file: ChosenFile
    look: FileLook
    task: Task

    def end(self) -> None:
        self.task.cancel()
        self.look.cancel()


class Looking(QObject):
    """Fills in what is found. `told` with a ChosenFile of which more is known, `read` with one that
    was read further; `ended` after the last one.
    """

    told = Signal(object)
    read = Signal(object)
    ended = Signal()

    def __init__(
        self,
        parent: QObject,
        files: Sequence[ChosenFile],
        services: Services,
    ) -> None:
        super().__init__(parent)
        self._files, self._look_into = files, services.look_into
        self._prepared = services.prepared
        self._over = Event()
        self._over.set()
        self._now: _Look | None = None

    @property
    def is_busy(self) -> bool:
        return self._now is not None

    def wake(self) -> None:
        """Goes on with the files that nothing is known of yet, those that are gone left alone."""
        if self._now is not None:
            if any(file is self._now.file for file in self._files):
                return
            self.rest()
        waiting = [file for file in self._files if not file.is_looked_into]
        if len(waiting) > 1 and self._over.is_set():
            self._prepare([file.account for file in waiting])
        if waiting:
            self._begin(waiting[0])
        else:
            self._over.set()

    @property
    def file(self) -> ChosenFile | None:
        """The one it is at."""
        return self._now.file if self._now is not None else None

    def rest(self) -> None:
        self._over.set()
        if self._now is not None:
            self._now.end()
            self._now = None

    def _prepare(self, accounts: Sequence[Account]) -> None:
        """Until all are looked into, or it rests."""
        prepared, over = self._prepared, Event()
        self._over = over

        def hold(_step: object) -> None:
            with prepared(accounts):
                over.wait()

        Task(hold).begin()

    def _begin(self, file: ChosenFile) -> None:
        look = self._look_into(file.account)
        task = Task(look.run)
        self._now = _Look(file, look, task)
        task.stepped.connect(lambda step: self._step(file, step))
        task.done.connect(lambda found: self._end(file, found=found))
        task.failed.connect(lambda problem: self._end(file, problem=problem))
        task.begin()

    def _step(self, file: ChosenFile, step: Survey | Reading) -> None:
        if isinstance(step, Reading):
            file.reading = step
            self.read.emit(file)
        else:
            self._tell(file, survey=step)

    def _tell(self, file: ChosenFile, **known: object) -> None:
        for name, value in known.items():
            setattr(file, name, value)
        self.told.emit(file)

    def _end(self, file: ChosenFile, **known: object) -> None:
        self._now = None
        self._tell(file, **known)
        self.wake()
        if self._now is None:
            self.ended.emit()
