"""The buttons below every page: back on the left, the main one always in the same corner."""

from __future__ import annotations

from collections.abc import Container, Iterable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from omm_desktop.language import translate as _
from omm_desktop.ui.page import MARGIN, WizardPage, set_state


class ButtonBar(QFrame):
    """`side` are the buttons of all pages, in the order in which Tab meets them."""

    def __init__(self, side: Iterable[QPushButton]) -> None:
        super().__init__()
        self.setObjectName("buttons")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN, 10, MARGIN, 10)
        layout.setSpacing(8)
        self.back, self.main = QPushButton(), QPushButton()
        self.main.setObjectName("main")
        self.main.setDefault(True)
        self._side = tuple(side)
        layout.addWidget(self.back)
        layout.addStretch(1)
        for button in (*self._side, self.main):
            layout.addWidget(button)

    def show_side_buttons(self, wanted: Container[QPushButton]) -> None:
        for button in self._side:
            button.setVisible(button in wanted)

    def show_main(self, page: WizardPage) -> None:
        """Red where it removes, like the others where it does not lead."""
        self.main.setText(page.main_text())
        set_state(self.main, "leads", "true" if page.main_leads() else "false")
        set_state(self.main, "removes", "true" if page.main_removes() else "false")
        self.main.setVisible(bool(page.main_text()))

    def retranslate(self) -> None:
        self.back.setText(_("&Back"))
