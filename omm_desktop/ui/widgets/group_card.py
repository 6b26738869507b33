"""Everything that happened for one reason: what, what to do, which messages, and its code."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout

from omm_desktop.ui.page import label
from omm_desktop.ui.widgets.flow_layout import FlowLayout
from omm_desktop.ui.widgets.text_list import TextList
from omm_desktop.wizard.present.result import Group


class GroupCard(QFrame):
    """`kind` says whether these are failures or remarks."""

    def __init__(self, group: Group, kind: str) -> None:
        super().__init__()
        self.setObjectName("card")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(16, 12, 16, 12)
        self._layout.setSpacing(8)
        self._layout.addWidget(label("section", group.title))
        self._layout.addWidget(label(text=group.remedy))
        lines = TextList()
        lines.setAccessibleName(f"{kind}, {group.title}")
        lines.show_lines(group.lines)
        lines.setVisible(bool(group.lines))
        self._layout.addWidget(lines)
        self._layout.addWidget(label("quiet", f"{kind} · {group.code_line}"))
        self._buttons = FlowLayout()
        self._layout.addLayout(self._buttons)

    def add_text(self, text: str) -> None:
        self._layout.addWidget(label("good", text))

    def add_button(self, text: str) -> QPushButton:
        button = QPushButton(text)
        self._buttons.addWidget(button)
        return button
