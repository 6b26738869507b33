"""The icon behind which a copy goes on while its window is closed."""

from __future__ import annotations

import shutil

from PySide6.QtCore import QObject, QProcess, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from omm_desktop.language import translate as _


class Tray(QObject):
    """`opened` when the person wants the window back; the others from its menu."""

    opened = Signal()
    pause_toggled = Signal()
    quit_wanted = Signal()

    def __init__(self, icon: QIcon, parent: QObject) -> None:
        super().__init__(parent)
        self.icon = QSystemTrayIcon(icon, parent)
        self.menu = QMenu()
        self.open_action, self.pause_action, self.quit_action = (
            self.menu.addAction("") for _action in range(3)
        )
        self.pause_action.setVisible(False)
        self.open_action.triggered.connect(self.opened)
        self.pause_action.triggered.connect(self.pause_toggled)
        self.quit_action.triggered.connect(self.quit_wanted)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._activated)
        self.icon.messageClicked.connect(self.opened)
        self.retranslate()

    @staticmethod
    def is_available() -> bool:
        return QSystemTrayIcon.isSystemTrayAvailable()

    def retranslate(self) -> None:
        self.open_action.setText(_("Open the window"))
        self.quit_action.setText(_("Quit"))

    def show(self) -> None:
        self.icon.show()

    def hide(self) -> None:
        self.icon.hide()

    def show_state(self, text: str, pausing: str | None) -> None:
        """`pausing` is what the menu offers: to pause or to resume, None for neither."""
        self.icon.setToolTip(f"OMM Desktop – {text}")
        self.pause_action.setText(pausing or "")
        self.pause_action.setVisible(pausing is not None)

    def notify(self, title: str, text: str) -> None:
        """Desktops without such an area, as GNOME, are told by their own program where it is."""
        if self.is_available():
            self.icon.show()
            self.icon.showMessage(title, text, self.icon.icon())
        elif (program := shutil.which("notify-send")) is not None:
            QProcess.startDetached(program, ["--app-name", "OMM Desktop", "--", title, text])

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self.opened.emit()
