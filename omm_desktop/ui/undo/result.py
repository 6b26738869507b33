"""What was removed, what stays, and why."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from omm_desktop.language import translate as _
from omm_desktop.model.undoing import UndoReport
from omm_desktop.support.catalogue import Catalogue
from omm_desktop.ui.page import card, empty, label
from omm_desktop.ui.widgets.group_card import GroupCard
from omm_desktop.wizard.present import undo as words


class UndoResult(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._report: UndoReport | None = None
        self.headline = label("section")
        self._numbers_card, self._numbers = card()
        self._groups = QVBoxLayout()
        self._groups.setSpacing(12)
        self.folders = label("quiet")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.headline)
        layout.addWidget(self._numbers_card)
        layout.addLayout(self._groups)
        layout.addWidget(self.folders)

    def show_report(self, report: UndoReport, catalogue: Catalogue) -> None:
        self._report = report
        text = words.result(report, catalogue)
        self.headline.setText(f"{'✓' if text.good else '!'}  {text.headline}")
        empty(self._numbers)
        for number in text.numbers:
            self._numbers.addWidget(label(text=number))
        self._numbers_card.setVisible(bool(text.numbers))
        empty(self._groups)
        for group in text.groups:
            self._groups.addWidget(GroupCard(group, _("Remark")))
        self.folders.setText(text.folders_removed)
        self.folders.setVisible(bool(text.folders_removed))
