"""A field with its label above, a hint, and what has to be mended below."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from omm_desktop.ui.page import label, set_state


class FieldRow(QWidget):
    """`edit` is the part that takes the focus, when `field` is made of several."""

    def __init__(self, field: QWidget, edit: QWidget | None = None) -> None:
        super().__init__()
        self.edit = edit or field
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        self.label = QLabel()
        self.label.setBuddy(self.edit)
        self.label.setWordWrap(True)
        self.hint = label("quiet")
        self.fault = label("fault")
        for widget in (self.label, field, self.fault, self.hint):
            layout.addWidget(widget)
        self.hint.hide()
        self.fault.hide()

    def set_texts(self, name: str, hint: str = "") -> None:
        """`name` may hold a mnemonic; the hint is read out as the field's description."""
        self.label.setText(name)
        self.edit.setAccessibleName(name.replace("&", ""))
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self._describe()

    def set_fault(self, text: str) -> None:
        """The sentence of a broken rule; empty takes it away."""
        self.fault.setText(f"!  {text}" if text else "")
        self.fault.setVisible(bool(text))
        set_state(self.edit, "faulty", "true" if text else "false")
        self._describe()

    def take_focus(self) -> None:
        self.edit.setFocus()

    def _describe(self) -> None:
        told = (self.fault.text().removeprefix("!  "), self.hint.text())
        self.edit.setAccessibleDescription(" ".join(filter(None, told)))
