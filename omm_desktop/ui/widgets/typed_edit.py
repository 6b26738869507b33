"""A field that hears whoever fills it: a hand, or what types for a person.

Screen readers, dictation and managers of passwords set a text at once. Qt tells that as it tells a
text which the program has set, and its own `textEdited` tells of keys alone.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit


class TypedEdit(QLineEdit):
    """`typed` with the text after every change that the program did not make."""

    typed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._is_ours = False
        self.textChanged.connect(self._changed)

    def setText(self, arg__1: str | None) -> None:
        self._is_ours = True
        super().setText(arg__1 or "")
        self._is_ours = False

    def _changed(self, text: str) -> None:
        if not self._is_ours:
            self.typed.emit(text)
