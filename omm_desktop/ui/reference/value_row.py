"""One value of the reference: large, to be copied, to be spelled over the phone."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from omm_desktop.guide import labels
from omm_desktop.guide.reference import Value, ValueName
from omm_desktop.guide.spelling import spell
from omm_desktop.language import in_context
from omm_desktop.language import translate as _
from omm_desktop.ui.page import label

_MAY_BREAK = "\u200b"


class ValueRow(QWidget):
    """Signals: `said` with what to announce, `incomplete` when a host still lacks its number."""

    said = Signal(str)
    incomplete = Signal()

    def __init__(self, value: Value, *, with_names: bool) -> None:
        super().__init__()
        self.value = value
        self._with_names = with_names
        name = labels.value_label(value)
        shown = label("value", _breakable(value))
        shown.setAccessibleName(f"{name} {value.shown}")
        self.spelled = label("spelled")
        self.spelled.hide()
        self.copy_button = QPushButton(in_context("clipboard", "Copy"))
        self.spell_button = QPushButton(_("Spell"))
        self.spell_button.setObjectName("spell")
        self.spell_button.setCheckable(True)
        for button in (self.copy_button, self.spell_button):
            button.setAccessibleName(f"{button.text()} {name} {value.shown}")
        told, head, layout = QVBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        told.setSpacing(0)
        told.addWidget(label("quiet", name))
        told.addWidget(shown)
        head.setSpacing(8)
        head.addLayout(told, 1)
        head.addWidget(self.copy_button)
        head.addWidget(self.spell_button)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(head)
        layout.addWidget(self.spelled)
        if value.inferred:
            layout.addWidget(label("warning", _("? Inferred: no source gives this value.")))
        self.copy_button.clicked.connect(self._copy)
        self.spell_button.toggled.connect(self._spell)

    def use_names(self, with_names: bool) -> None:
        self._with_names = with_names
        if self.spell_button.isChecked():
            self._spell(True)

    def _copy(self) -> None:
        if "{" in self.value.text:
            self.incomplete.emit()
            return
        QGuiApplication.clipboard().setText(self.value.text)
        self.said.emit(_("Copied: {}").format(self.value.text))

    def _spell(self, shown: bool) -> None:
        if shown and "{" in self.value.text:
            self.spell_button.setChecked(False)
            self.incomplete.emit()
            return
        text = spell(self.value.text, names=self._with_names) if shown else ""
        self.spelled.setText(text)
        self.spelled.setVisible(shown)
        if shown:
            self.said.emit(text)


def _breakable(value: Value) -> str:
    """Long addresses may break after their signs."""
    text = value.shown
    if value.name in (ValueName.PORT, ValueName.ENCRYPTION):
        return text
    return text.replace(".", f".{_MAY_BREAK}").replace("/", f"/{_MAY_BREAK}")
