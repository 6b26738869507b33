"""Texts below each other, each set off from the next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from omm_desktop.ui.page import empty, label


class Paragraphs(QWidget):
    """Hidden while there is nothing to tell."""

    def __init__(self) -> None:
        super().__init__()
        self._texts: tuple[str, ...] = ()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)

    def show_texts(self, texts: Sequence[str]) -> None:
        self._texts = tuple(texts)
        empty(self._layout)
        for text in texts:
            self._layout.addWidget(label(text=text))
        self.setVisible(bool(texts))

    def text(self) -> str:
        """All of them, a line each."""
        return "\n".join(self._texts)
