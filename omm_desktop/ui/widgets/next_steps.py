"""The checklist below the result: boxes to tick, and buttons that do what they can."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from omm_desktop.ui.page import link
from omm_desktop.wizard.present.next_steps import NextStep, NextStepText


class NextSteps(QWidget):
    """`ticked` with the step and whether it is done; `wanted` with the step whose button it was."""

    ticked = Signal(object, bool)
    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.boxes = {step: QCheckBox() for step in NextStep}
        self.buttons: dict[NextStep, QPushButton] = {step: link() for step in NextStep}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for step in NextStep:
            row = QHBoxLayout()
            row.addWidget(self.boxes[step], 1)
            row.addWidget(self.buttons[step])
            layout.addLayout(row)
            self.boxes[step].clicked.connect(lambda on, step=step: self.ticked.emit(step, on))
            self.buttons[step].clicked.connect(lambda _on, step=step: self.wanted.emit(step))

    def show_steps(self, texts: Sequence[NextStepText], done: Collection[NextStep]) -> None:
        """Only these steps; `done` are ticked."""
        told = {text.step: text for text in texts}
        for step in NextStep:
            box, button, text = self.boxes[step], self.buttons[step], told.get(step)
            box.setVisible(text is not None)
            button.setVisible(text is not None and bool(text.action))
            if text is not None:
                box.setText(text.text)
                box.setChecked(step in done)
                button.setText(text.action)
                button.setAccessibleName(f"{text.action}: {text.text}")
