"""The four lines of an account check, ticked one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from omm_desktop.language import translate as _
from omm_desktop.ui.page import card, label
from omm_desktop.wizard.present import accounts
from omm_desktop.wizard.probe_result import PROBE_STEPS, ProbeStep


class CheckList(QWidget):
    """State by sign and word: "✓ server found", "… folders read", "! folders read: not yet"."""

    def __init__(self) -> None:
        super().__init__()
        self._passed: set[ProbeStep] = set()
        self._failed: ProbeStep | None = None
        self._more: Sequence[str] = ()
        self._steps: Sequence[ProbeStep] = PROBE_STEPS
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        frame, layout = card("notice")
        outer.addWidget(frame)
        self._lines = {step: label() for step in PROBE_STEPS}
        for line in self._lines.values():
            layout.addWidget(line)
        self._more_lines = [label(), label()]
        self._summary = label("section")
        for line in (*self._more_lines, self._summary):
            layout.addWidget(line)
        self._summary_text = ""
        self.hide()

    def begin(self, steps: Sequence[ProbeStep] = PROBE_STEPS) -> None:
        """Only what passes through `steps` is told of them."""
        self._steps = steps
        self._passed.clear()
        self._failed, self._more, self._summary_text = None, (), ""
        self.show()
        self.retranslate()

    def tick(self, step: ProbeStep) -> str:
        """Marks the step as passed; returns what to announce."""
        self._passed.add(step)
        self.retranslate()
        return accounts.step(step)

    def fail(self) -> None:
        """The first step that has not passed is the diagnosis."""
        self._failed = next((step for step in PROBE_STEPS if step not in self._passed), None)
        self.retranslate()

    def finish(
        self,
        summary: str,
        more: Sequence[str] = (),
        steps: Sequence[ProbeStep] = PROBE_STEPS,
    ) -> None:
        self._steps = steps
        self._passed = set(PROBE_STEPS)
        self._failed, self._summary_text, self._more = None, summary, more
        self.show()
        self.retranslate()

    def retranslate(self) -> None:
        for step, line in self._lines.items():
            line.setText(self._line(step))
            line.setVisible(step in self._steps)
        for index, line in enumerate(self._more_lines):
            text = self._more[index] if index < len(self._more) else ""
            line.setText(f"✓  {text}")
            line.setVisible(bool(text))
        self._summary.setText(self._summary_text)
        self._summary.setVisible(bool(self._summary_text))

    def _line(self, step: ProbeStep) -> str:
        name = accounts.step(step)
        if step in self._passed:
            return f"✓  {name}"
        if step is self._failed:
            return _("!  {step}: no").format(step=name)
        return f"…  {name}"
