"""How to enter the values in the mail program that the person has."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QSizePolicy, QVBoxLayout, QWidget

from omm_desktop.guide import labels
from omm_desktop.guide.reference import Sheet
from omm_desktop.guide.service import Wording
from omm_desktop.language import translate as _
from omm_desktop.ui.page import card, empty, label
from omm_desktop.ui.widgets.field_row import FieldRow
from omm_desktop.ui.widgets.numbered_steps import NumberedSteps


class StepsView(QWidget):
    """Remembers the program from one service to the next."""

    def __init__(self) -> None:
        super().__init__()
        self._sheet: Sheet | None = None
        self.program = QComboBox()
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.program.setSizeAdjustPolicy(policy)
        self.program.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._row = FieldRow(self.program)
        frame, inside = card()
        inside.addWidget(self._row)
        self._steps = QVBoxLayout()
        inside.addLayout(self._steps)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(frame)
        self.program.currentIndexChanged.connect(self._show_steps)

    def show_sheet(self, sheet: Sheet) -> None:
        chosen = self.program.currentData()
        self._sheet = sheet
        programs = sheet.programs()
        self.program.blockSignals(True)
        self.program.clear()
        for program in programs:
            self.program.addItem(program.name.text(), program.id)
        self.program.setCurrentIndex(max(self.program.findData(chosen), 0) if programs else -1)
        self.program.blockSignals(False)
        self._row.set_texts(_("&In your mail program"))
        self.setVisible(bool(programs))
        self._show_steps()

    def _show_steps(self) -> None:
        empty(self._steps)
        if self._sheet is None:
            return
        for program in self._sheet.programs():
            if program.id == self.program.currentData():
                self._add(_("Add the account"), program.add)
                self._add(_("Change the account"), program.change)
                told = _("Source: {}").format(labels.source(program.citation))
                self._steps.addWidget(label("quiet", told))

    def _add(self, title: str, steps: tuple[Wording, ...]) -> None:
        assert self._sheet is not None
        self._steps.addWidget(label("section", title))
        self._steps.addWidget(NumberedSteps(labels.steps(steps, self._sheet)))
