"""The four steps at the side: where one is, what is done, what may be opened again."""

from __future__ import annotations

from collections.abc import Container

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout

from omm_desktop.language import in_context, mark
from omm_desktop.language import translate as _
from omm_desktop.ui.page import set_state
from omm_desktop.wizard.flow import STEPS, Step

_NAMES = {
    Step.SOURCE: mark("Source"),
    Step.DESTINATION: mark("Destination"),
    Step.OPTIONS: mark("Options"),
}


def step_name(step: Step) -> str:
    return in_context("step", "Copy") if step is Step.COPY else _(_NAMES[step])


def where(step: Step | None) -> str:
    """ "Step 2 of 4 – Destination"; empty outside the steps."""
    if step is None:
        return ""
    return _("Step {number} of {count} – {name}").format(
        number=STEPS.index(step) + 1, count=len(STEPS), name=step_name(step)
    )


class StepRail(QFrame):
    """An entry is a button only for a step that was reached, and a plain text otherwise."""

    chosen = Signal(object)
    reference_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("rail")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 16, 10, 16)
        layout.setSpacing(6)
        brand = QLabel("OMM Desktop")
        brand.setObjectName("brand")
        layout.addWidget(brand)
        layout.addSpacing(8)
        self._texts = {step: QLabel() for step in STEPS}
        self.buttons = {step: QPushButton() for step in STEPS}
        for step in STEPS:
            layout.addWidget(self._texts[step])
            layout.addWidget(self.buttons[step])
            self.buttons[step].clicked.connect(lambda _checked, step=step: self.chosen.emit(step))
        layout.addStretch(1)
        self.reference_button = QPushButton()
        layout.addWidget(self.reference_button)
        self.reference_button.clicked.connect(self.reference_wanted)

    def show_state(
        self, current: Step | None, reached: Container[Step], done: Container[Step]
    ) -> None:
        self.reference_button.setText(_("E-mail\nsettings"))
        self.reference_button.setAccessibleName(self.reference_button.text().replace("\n", " "))
        for number, step in enumerate(STEPS, start=1):
            is_current, is_done = step is current, step in done
            sign = "  ✓" if is_done else ""
            text = f"{number}  {step_name(step)}{sign}"
            state = _("this step") if is_current else _("done") if is_done else ""
            opens = step in reached and not is_current
            for widget in (self._texts[step], self.buttons[step]):
                widget.setText(text)
                widget.setAccessibleName(
                    ", ".join(filter(None, (f"{number} {step_name(step)}", state)))
                )
                set_state(widget, "current", "true" if is_current else "false")
            self._texts[step].setVisible(not opens)
            self.buttons[step].setVisible(opens)
