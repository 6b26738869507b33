"""Which version this is, and where to look for a newer one: only when the person wants to."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget

from omm_desktop import __version__
from omm_desktop.language import translate as _
from omm_desktop.support import releases


def show(window: QWidget, page: str | None = None) -> QMessageBox:
    """The program itself asks nobody: the page opens in the browser, when its button is pressed."""
    page = releases.page() if page is None else page
    box = QMessageBox(window)
    box.setIconPixmap(window.windowIcon().pixmap(64, 64))
    box.setWindowTitle(_("Look for a newer version"))
    box.setText(_("This is version {}.").format(__version__))
    if page:
        box.setInformativeText(
            _("The newest version is on this page. The program never looks there by itself.")
            + f"\n{page}"
        )
        look = box.addButton(_("&Open the page"), QMessageBox.ButtonRole.AcceptRole)
        look.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(page)))
        box.addButton(QMessageBox.StandardButton.Close)
    else:
        box.setInformativeText(_("Ask whoever gave you the program whether there is a newer one."))
        box.addButton(QMessageBox.StandardButton.Close)
    box.open()
    return box
