"""A text that wraps where a reader expects it."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QLabel

from omm_desktop.ui.unbroken import unbroken, unbroken_command


class Prose(QLabel):
    """`text` is what was given; what is drawn may hold joiners that nobody has to see or hear."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._text = ""
        self.setWordWrap(True)
        self.setText(text)

    def text(self) -> str:
        return self._text

    def setText(self, text: str) -> None:
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._show(text, unbroken(text))

    def show_pieces(self, pieces: Iterable[tuple[str, bool]]) -> None:
        """Parts of one text, each with whether it is to be typed as it stands."""
        pieces = list(pieces)
        self.setTextFormat(Qt.TextFormat.RichText)
        # Otherwise Qt's HTML makes a blank that breaks of the narrow one before a colon.
        drawn = f'<span style="white-space: pre-wrap">{"".join(map(_drawn, pieces))}</span>'
        self._show("".join(text for text, _ in pieces), drawn)

    def _show(self, text: str, drawn: str) -> None:
        if self.accessibleName() in ("", self._text):
            self.setAccessibleName(text if drawn != text else "")
        self._text = text
        super().setText(drawn)


def _drawn(piece: tuple[str, bool]) -> str:
    text, typed = piece
    if not typed:
        return escape(unbroken(text))
    family = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
    return f"<span style=\"font-family: '{family}'\">{escape(unbroken_command(text))}</span>"
