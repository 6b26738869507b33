"""What can be copied: a box for each kind of contents, and the reason where there is none."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from omm_desktop.ui.page import label
from omm_desktop.wizard.carrying import CONTENTS, Carriage, Content, End
from omm_desktop.wizard.present import options as words


class KindBoxes(QWidget):
    """`ticked` when the person changed a box."""

    ticked = Signal()

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self.boxes: dict[Content, QCheckBox] = {kind: QCheckBox() for kind in CONTENTS}
        self.reasons = {kind: label("quiet") for kind in CONTENTS}
        for kind, box in self.boxes.items():
            row = QHBoxLayout()
            row.addWidget(box)
            row.addWidget(self.reasons[kind], 1)
            layout.addLayout(row)
            box.clicked.connect(self.ticked)
        self.fault = label("fault")
        layout.addWidget(self.fault)
        self.fault.hide()

    @property
    def offered(self) -> frozenset[Content]:
        """Those the person decides about."""
        return frozenset(kind for kind, box in self.boxes.items() if box.isEnabled())

    @property
    def unticked(self) -> frozenset[Content]:
        """Those of them that are not wanted."""
        return frozenset(kind for kind in self.offered if not self.boxes[kind].isChecked())

    def show_carriages(
        self, carriages: Sequence[Carriage], ends: tuple[End, End], unticked: frozenset[Content]
    ) -> None:
        """What cannot be left out, because nothing else could be copied, stays ticked."""
        possible = [one.content for one in carriages if one.obstacle is None]
        for one in carriages:
            box, free = self.boxes[one.content], one.obstacle is None
            ticked = free and one.content not in unticked
            reason = "" if one.obstacle is None else words.reason(one.obstacle, ends)
            box.setText(words.kind_line(one, ends[0].found))
            box.setChecked(ticked)
            box.setEnabled(free and not (ticked and possible == [one.content]))
            self.reasons[one.content].setText(f"– {reason}" if reason else "")
        self._describe()

    @property
    def is_faulty(self) -> bool:
        return not self.fault.isHidden()

    def set_fault(self, text: str) -> None:
        """The sentence of a broken rule; empty takes it away."""
        self.fault.setText(f"!  {text}" if text else "")
        self.fault.setVisible(bool(text))
        self._describe()

    def _describe(self) -> None:
        """What stands beside a box and below them all, for who cannot see it."""
        fault = self.fault.text().removeprefix("!  ")
        for kind, box in self.boxes.items():
            reason = self.reasons[kind].text().removeprefix("– ")
            box.setAccessibleDescription(" ".join(filter(None, (fault, reason))))

    def take_focus(self) -> None:
        first = next((box for box in self.boxes.values() if box.isEnabled()), None)
        if first is not None:
            first.setFocus()
