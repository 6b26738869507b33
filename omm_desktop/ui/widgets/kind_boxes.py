"""What can be copied: a box for each kind of contents, and the reason where there is none."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from omm_desktop.model.items import ItemKind
from omm_desktop.ui.page import label
from omm_desktop.wizard.carrying import Carriage, End
from omm_desktop.wizard.present import options as words


class KindBoxes(QWidget):
    """`ticked` when the person changed a box."""

    ticked = Signal()

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self.boxes = {kind: QCheckBox() for kind in ItemKind}
        self._fault = label("fault")
        for box in self.boxes.values():
            layout.addWidget(box)
            box.clicked.connect(self.ticked)
        layout.addWidget(self._fault)
        self._fault.hide()

    @property
    def unticked(self) -> frozenset[ItemKind]:
        """What the person does not want, though it could be copied."""
        return frozenset(
            kind for kind, box in self.boxes.items() if box.isEnabled() and not box.isChecked()
        )

    def show_carriages(
        self, carriages: Sequence[Carriage], ends: tuple[End, End], unticked: frozenset[ItemKind]
    ) -> None:
        """What cannot be left out, because nothing else could be copied, stays ticked."""
        possible = [one.kind for one in carriages if one.obstacle is None]
        for one in carriages:
            box, only = self.boxes[one.kind], possible == [one.kind] and one.kind not in unticked
            box.setText(words.kind_line(one, ends))
            box.setChecked(one.obstacle is None and one.kind not in unticked)
            box.setEnabled(one.obstacle is None and not only)

    def set_fault(self, text: str) -> None:
        """The sentence of a broken rule; empty takes it away."""
        self._fault.setText(f"!  {text}" if text else "")
        self._fault.setVisible(bool(text))

    def take_focus(self) -> None:
        for box in self.boxes.values():
            if box.isEnabled():
                box.setFocus()
                return
