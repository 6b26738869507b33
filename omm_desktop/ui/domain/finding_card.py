"""One record of a domain: badge, what was found, what is expected, what to do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout

from omm_desktop.guide.findings import Finding
from omm_desktop.language import in_context
from omm_desktop.language import translate as _
from omm_desktop.ui.page import label
from omm_desktop.wizard.present import domain as words

_MOST_VALUES = 20
_MOST_SIGNS = 1000
_BREAK = "\N{ZERO WIDTH SPACE}"


class FindingCard(QFrame):
    """`copied` with the value that went to the clipboard."""

    copied = Signal(str)

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self.finding = finding
        self.setObjectName("card")
        self.copy_buttons: list[QPushButton] = []
        text = words.line(finding)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(6)
        self.badge = label("badge", f"{text.icon}  {text.badge}")
        self.badge.setProperty("badge", str(finding.badge))
        self.title = label("section", text.title)
        head = QHBoxLayout()
        head.setSpacing(12)
        self.badge.setWordWrap(False)
        head.addWidget(self.title, 1)
        head.addWidget(self.badge)
        self.badge.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout.addLayout(head)
        layout.addWidget(label("quiet", breakable(text.place)))
        for sentence in (text.explanation, *text.remarks, text.remedy):
            if sentence:
                layout.addWidget(label(text=breakable(sentence)))
        values = QGridLayout()
        with_buttons = bool(text.expected) and text.expected != text.found
        values.setHorizontalSpacing(12 if with_buttons else 0)
        values.setVerticalSpacing(6)
        values.setColumnStretch(0, 1)
        layout.addLayout(values)
        self._add(values, in_context("record", "Found"), text.found, with_copy=False)
        if with_buttons:
            self._add(values, in_context("record", "Expected"), text.expected, with_copy=True)
        self.setAccessibleName(f"{text.title}: {text.badge}. {text.explanation}")

    def _add(self, grid: QGridLayout, name: str, values: Sequence[str], *, with_copy: bool) -> None:
        if not values:
            return
        grid.addWidget(label("quiet", name), grid.rowCount(), 0, 1, 2)
        for value in values[:_MOST_VALUES]:
            row = grid.rowCount()
            grid.addWidget(label("record", breakable(_cut(value))), row, 0)
            if with_copy:
                grid.addWidget(self._copy_button(value), row, 1, Qt.AlignmentFlag.AlignTop)

    def _copy_button(self, value: str) -> QPushButton:
        button = QPushButton(in_context("clipboard", "Copy"))
        button.setAccessibleName(_("Copy {}").format(value))
        button.clicked.connect(lambda: self._copy(value))
        self.copy_buttons.append(button)
        return button

    def _copy(self, value: str) -> None:
        QGuiApplication.clipboard().setText(value)
        self.copied.emit(value)


def _cut(text: str) -> str:
    """A zone may hold anything: what is shown is bounded, what is copied is whole."""
    return text if len(text) <= _MOST_SIGNS else f"{text[:_MOST_SIGNS]}…"


def breakable(text: str) -> str:
    """The same text, that may also be wrapped inside of a long name."""
    for sign in ".:=":
        text = text.replace(sign, f"{sign}{_BREAK}")
    return text
