"""The four steps at the side: where one is, what is done, what may be opened again."""

from __future__ import annotations

from collections.abc import Container

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from omm_desktop import paths
from omm_desktop.language import in_context, mark
from omm_desktop.language import translate as _
from omm_desktop.ui.page import set_state
from omm_desktop.wizard.flow import STEPS, Step

_DRAWING_PX = 24
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


def _brand() -> QHBoxLayout:
    """The program's drawing and name."""
    drawing, name = QLabel(), QLabel("OMM Desktop")
    icon = QIcon(str(paths.resources() / "icons" / "omm-desktop.svg"))
    drawing.setPixmap(icon.pixmap(_DRAWING_PX, _DRAWING_PX))
    drawing.setAccessibleName(name.text())
    name.setObjectName("brand")
    brand = QHBoxLayout()
    brand.setContentsMargins(6, 0, 0, 0)
    brand.setSpacing(8)
    brand.addWidget(drawing)
    brand.addWidget(name, 1)
    return brand


class StepRail(QFrame):
    """An entry is a button only for a step that was reached, and a plain text otherwise."""

    chosen = Signal(object)
    reference_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("rail")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 20, 8, 12)
        layout.setSpacing(4)
        layout.addLayout(_brand())
        layout.addSpacing(16)
        self._entries = {step: QFrame() for step in STEPS}
        self._badges = {step: QLabel() for step in STEPS}
        self._texts = {step: QLabel() for step in STEPS}
        self.buttons = {step: QPushButton() for step in STEPS}
        for step in STEPS:
            self._build_entry(step)
            layout.addWidget(self._entries[step])
            self.buttons[step].clicked.connect(lambda _checked, step=step: self.chosen.emit(step))
        layout.addStretch(1)
        self.reference_button = QPushButton()
        self.reference_button.setObjectName("elsewhere")  # no step, but a window of its own
        layout.addWidget(self.reference_button)
        self.reference_button.clicked.connect(self.reference_wanted)

    def _build_entry(self, step: Step) -> None:
        self._entries[step].setObjectName("step")
        self._badges[step].setObjectName("stepBadge")
        self._badges[step].setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._texts[step].setIndent(0)
        entry = QHBoxLayout(self._entries[step])
        entry.setContentsMargins(6, 2, 0, 2)
        entry.setSpacing(2)
        entry.addWidget(self._badges[step])
        entry.addWidget(self._texts[step], 1)
        entry.addWidget(self.buttons[step], 1)

    def show_state(
        self, current: Step | None, reached: Container[Step], done: Container[Step]
    ) -> None:
        self.reference_button.setText(_("E-mail\nsettings"))
        self.reference_button.setAccessibleName(self.reference_button.text().replace("\n", " "))
        for number, step in enumerate(STEPS, start=1):
            is_current, is_done = step is current, step in done
            self._badges[step].setText("✓" if is_done and not is_current else str(number))
            look = "current" if is_current else "done" if is_done else "ahead"
            for part in (self._entries[step], self._badges[step], self._texts[step]):
                set_state(part, "step", look)
            state = _("this step") if is_current else _("done") if is_done else ""
            opens = step in reached and not is_current
            self._entries[step].setVisible(current is not None)
            for widget in (self._texts[step], self.buttons[step]):
                widget.setText(step_name(step))
                widget.setAccessibleName(
                    ", ".join(filter(None, (f"{number} {step_name(step)}", state)))
                )
            self._texts[step].setVisible(not opens)
            self.buttons[step].setVisible(opens)
