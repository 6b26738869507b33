"""The icon behind which a copy goes on while its window is closed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from omm_desktop.language import translate as _


class Tray(QObject):
    """`opened` when the person wants the window back, `quit_wanted` from its menu."""

    opened = Signal()
    quit_wanted = Signal()

    def __init__(self, icon: QIcon, parent: QObject) -> None:
        super().__init__(parent)
        self._icon = QSystemTrayIcon(icon, parent)
        self._menu = QMenu()
        self._open_action = self._menu.addAction("")
        self._quit_action = self._menu.addAction("")
        self._open_action.triggered.connect(self.opened)
        self._quit_action.triggered.connect(self.quit_wanted)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._activated)
        self._icon.messageClicked.connect(self.opened)

    @staticmethod
    def is_available() -> bool:
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show(self) -> None:
        self._open_action.setText(_("Open the window"))
        self._quit_action.setText(_("Quit"))
        self._icon.show()

    def hide(self) -> None:
        self._icon.hide()

    def tell_state(self, text: str) -> None:
        self._icon.setToolTip(f"OMM Desktop – {text}")

    def notify(self, title: str, text: str) -> None:
        if not self.is_available():
            return
        self._icon.show()
        self._icon.showMessage(title, text, self._icon.icon())

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self.opened.emit()
