"""While the mask is on, a report is saved as the screen shows it or whole: the person decides."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMessageBox, QWidget

from omm_desktop.language import translate as _
from omm_desktop.model.report import Report
from omm_desktop.wizard.present import mask
from omm_desktop.wizard.present.masked_report import masked


def choose(parent: QWidget, report: Report, then: Callable[[Report], object]) -> None:
    """Calls `then` with the version wanted; not at all when nothing shall be saved."""
    if not mask.is_on():
        then(report)
        return
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(_("Save the report"))
    box.setText(_("Which report do you want to save?"))
    box.setInformativeText(_("Without names it can be given to anybody."))
    without = box.addButton(_("Without names"), QMessageBox.ButtonRole.AcceptRole)
    whole = box.addButton(_("With names"), QMessageBox.ButtonRole.AcceptRole)
    box.addButton(_("Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(without)

    def answered() -> None:
        if box.clickedButton() is without:
            then(masked(report))
        elif box.clickedButton() is whole:
            then(report)

    box.finished.connect(answered)
    box.open()
