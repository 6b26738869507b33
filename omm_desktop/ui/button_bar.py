"""The buttons below every page: back on its own, the others in the platform's order."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QDialogButtonBox, QFrame, QHBoxLayout, QPushButton

from omm_desktop.language import translate as _
from omm_desktop.ui.page import MARGIN


class ButtonBar(QFrame):
    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("buttons")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN, 10, MARGIN, 10)
        layout.setSpacing(8)
        self.back = QPushButton()
        self.main = QPushButton()
        self.main.setObjectName("main")
        self.main.setDefault(True)
        self.box = QDialogButtonBox()
        self.box.addButton(self.main, QDialogButtonBox.ButtonRole.AcceptRole)
        layout.addWidget(self.back)
        layout.addStretch(1)
        layout.addWidget(self.box)
        self._side: list[QPushButton] = []

    def show_side_buttons(self, buttons: Iterable[QPushButton]) -> None:
        wanted = list(buttons)
        if wanted == self._side:
            return
        for button in self._side:
            self.box.removeButton(button)
            button.setParent(None)
        for button in wanted:
            self.box.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        self._side = wanted

    def show_main(self, text: str) -> None:
        self.main.setText(text)
        self.main.setVisible(bool(text))

    def retranslate(self) -> None:
        self.back.setText(_("&Back"))
