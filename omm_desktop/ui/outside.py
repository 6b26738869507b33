"""What is seen of a copy outside its page: title, icon, notifications; and the computer awake."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMainWindow

from omm_desktop.model.problem import Problem
from omm_desktop.model.progress import Snapshot
from omm_desktop.support.catalogue import Catalogue
from omm_desktop.ui.awake.keeper import Keeper, needs_awake
from omm_desktop.ui.tray import Tray
from omm_desktop.wizard.draft import OptionsDraft
from omm_desktop.wizard.present import problems, progress


class Outside(QObject):
    """`sampled` with each snapshot of a copy, `ended` once with its headline."""

    def __init__(
        self, window: QMainWindow, tray: Tray, catalogue: Catalogue, options: OptionsDraft
    ) -> None:
        super().__init__(window)
        self._window, self._tray = window, tray
        self._catalogue, self._options = catalogue, options
        self._asked: Problem | None = None
        self.awake = Keeper()
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.applicationStateChanged.connect(self._looked_at)

    def sampled(self, snapshot: Snapshot) -> None:
        state = progress.short(snapshot)
        self._window.setWindowTitle(f"{state} – OMM Desktop")
        self._tray.show_state(state, progress.pausing(snapshot))
        _show_on_task_bar(progress.whole_percent(snapshot))
        self.awake.keep(needs_awake(snapshot, time.time()))
        if snapshot.owner_needed != self._asked:
            self._asked = snapshot.owner_needed
            if self._asked is not None:
                self._notify(problems.problem(self._catalogue, self._asked).title)

    def removing(self, snapshot: Snapshot | None) -> None:
        """With each snapshot of an undo, and None once it has ended."""
        self.awake.keep(snapshot is not None and needs_awake(snapshot, time.time()))

    def ended(self, headline: str) -> None:
        self._asked = None
        self.awake.keep(False)
        _show_on_task_bar(0)
        self._tray.show_state(headline, None)
        if self._options.notify:
            self._notify(headline)

    def _notify(self, text: str) -> None:
        """Only where the window is not being looked at."""
        if not self._window.isActiveWindow():
            self._tray.notify("OMM Desktop", text)
            QApplication.alert(self._window)

    def _looked_at(self, state: Qt.ApplicationState) -> None:
        """The icon that only carried a notification has done its work."""
        if state is Qt.ApplicationState.ApplicationActive and self._window.isVisible():
            self._tray.hide()


def _show_on_task_bar(percent: int) -> None:
    """Where the system has a place for it; 0 for nothing."""
    application = QGuiApplication.instance()
    if isinstance(application, QGuiApplication):
        application.setBadgeNumber(percent)
