"""The values of one protocol, laid out as a mail program asks for them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from omm_desktop.guide import labels
from omm_desktop.guide.reference import Part, Sheet
from omm_desktop.language import translate as _
from omm_desktop.ui.page import card, label
from omm_desktop.ui.reference.value_row import ValueRow


class SheetView(QWidget):
    """Made anew for each sheet. Signals as those of its rows."""

    said = Signal(str)
    incomplete = Signal()

    def __init__(self, sheet: Sheet, *, with_names: bool) -> None:
        super().__init__()
        self.rows: list[ValueRow] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for part in sheet.parts:
            layout.addWidget(self._card(part, with_names))
        if not sheet.parts:
            layout.addWidget(label("", labels.nothing_known(sheet)))

    def use_names(self, with_names: bool) -> None:
        for row in self.rows:
            row.use_names(with_names)

    def _card(self, part: Part, with_names: bool) -> QWidget:
        frame, layout = card()
        layout.addWidget(label("section", labels.part_name(part.name)))
        for value in part.values:
            row = ValueRow(value, with_names=with_names)
            row.said.connect(self.said)
            row.incomplete.connect(self.incomplete)
            self.rows.append(row)
            layout.addWidget(row)
        layout.addWidget(label("", labels.login_line(part.login)))
        if part.asks_spa:
            layout.addWidget(label("", labels.spa_line()))
        citations = dict.fromkeys(value.origin.citation for value in part.values)
        for citation in citations:
            told = _("Source: {}").format(labels.source(citation))
            layout.addWidget(label("quiet", told))
        return frame
