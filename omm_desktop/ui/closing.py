"""What closing the window means: a copy goes on behind an icon, or the person is asked."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMainWindow, QMessageBox

from omm_desktop.language import translate as _
from omm_desktop.ui.copying import Copying
from omm_desktop.ui.question import Answer, ask
from omm_desktop.ui.services import Preferences
from omm_desktop.ui.tray import Tray


class Closing(QObject):
    """`leave` when the program may end. `quitting` while a copy is being stopped for that.

    `is_held`: something else is at work, and has asked the person to stop it first.
    """

    leave = Signal()

    def __init__(
        self, window: QMainWindow, copying: Copying, tray: Tray, preferences: Preferences
    ) -> None:
        super().__init__(window)
        self._window, self._copying, self._tray = window, copying, tray
        self._preferences = preferences
        self.quitting = False
        self.is_held: Callable[[], bool] = lambda: False
        tray.opened.connect(self.come_back)
        tray.quit_wanted.connect(self.ask)

    def may_close(self) -> bool:
        """Answers the window's close button; False when the window stays or only hides."""
        if self.is_held():
            return False
        if not self._copying.is_running:
            self.leave.emit()
            return True
        if self._tray.is_available():
            self._go_behind_tray()
        else:
            self.ask()
        return False

    def _go_behind_tray(self) -> None:
        self._tray.show()
        self._window.hide()
        if not self._preferences.told_about_tray:
            self._preferences.told_about_tray = True
            self._tray.notify(_("The copy goes on"), _("Click this icon to open the window again."))

    def come_back(self) -> None:
        self._tray.hide()
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    def ask(self) -> None:
        """Quit while a copy runs always asks; stopping leaves everything resumable."""
        if self.is_held():
            return
        if not self._copying.is_running:
            self.leave.emit()
            return
        ask(
            self._window,
            "OMM Desktop",
            _("The copy is not finished."),
            [
                Answer(_("Minimise the window"), self._window.showMinimized),
                Answer(_("Stop and quit"), self._stop, QMessageBox.ButtonRole.DestructiveRole),
                Answer(_("Cancel")),
            ],
            explained=_("What is copied stays copied. You can resume later."),
            default=0,
        )

    def _stop(self) -> None:
        if self._copying.is_running:
            self.quitting = True
            self._copying.stop()
        else:
            self.leave.emit()
