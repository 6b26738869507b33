"""Whether the program opens by itself after a restart: only while a copy is unfinished."""

from __future__ import annotations

from PySide6.QtCore import QObject

from omm_desktop.ui.services import Services
from omm_desktop.ui.task import Task


class NextLogin(QObject):
    """`settle` whenever a copy begins, ends or is forgotten, and when the person decides."""

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services

    def settle(self) -> None:
        """In the background, since the records may be busy, and a home on a network slow."""
        at_login, history = self._services.at_login, self._services.history
        if at_login is None:
            return
        allowed = self._services.preferences.reopen
        Task(lambda _step: at_login.settle(wanted=allowed and history.has_unfinished())).begin()
