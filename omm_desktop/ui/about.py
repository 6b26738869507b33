"""Which program this is, and what it does in two sentences."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox, QWidget

from omm_desktop import __version__
from omm_desktop.language import translate as _


def show(window: QWidget) -> None:
    box = QMessageBox(window)
    box.setIconPixmap(window.windowIcon().pixmap(64, 64))
    box.setWindowTitle(_("About OMM Desktop"))
    box.setText(f"OMM Desktop {__version__}")
    box.setInformativeText(
        _("Copies a mailbox from an old provider to a new one. The old one is never changed.")
    )
    box.addButton(QMessageBox.StandardButton.Close)
    box.setDefaultButton(QMessageBox.StandardButton.Close)
    box.open()
