"""What to do, step by step: the lines of each below each other, its number before them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from omm_desktop.ui.page import empty, label


class NumberedSteps(QWidget):
    """Empty until it is told the steps."""

    def __init__(self, steps: Sequence[str] = ()) -> None:
        super().__init__()
        self._steps: tuple[str, ...] = ()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self.show_texts(steps)

    def show_texts(self, steps: Sequence[str]) -> None:
        self._steps = tuple(steps)
        empty(self._layout)
        for number, step in enumerate(steps, 1):
            self._layout.addWidget(hanging(f"{number}.", label(text=step)))

    def text(self) -> str:
        """All of them, a line each."""
        return "\n".join(f"{number}. {step}" for number, step in enumerate(self._steps, 1))


def hanging(mark: str, text: QLabel) -> QWidget:
    """A text whose lines stand below each other, whatever stands before the first."""
    line = QWidget()
    layout = QHBoxLayout(line)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    if mark:
        layout.addWidget(QLabel(mark), 0, Qt.AlignmentFlag.AlignTop)
    layout.addWidget(text, 1)
    return line
