"""Lines of text, each as long as it needs: a list of its own, or one that opens below a link."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QListWidget, QVBoxLayout, QWidget

from omm_desktop.ui.page import link

_LINES_SHOWN = 6


class TextList(QListWidget):
    """As tall as its lines, which wrap, up to six of them; beyond that it scrolls."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_lines(self, lines: Sequence[str]) -> None:
        self.clear()
        self.addItems(list(lines))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """What the lines need at this width."""
        self.doItemsLayout()
        line = max(32, self.fontMetrics().height() + 12)
        needed, most = max(self.contentsSize().height(), 0), _LINES_SHOWN * line
        # Lines that all fit need no scroll bar, which would make them wrap.
        policy = Qt.ScrollBarPolicy
        fits = needed <= most
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAlwaysOff if fits else policy.ScrollBarAsNeeded
        )
        wanted = min(needed, most)
        around = max(self.height() - self.viewport().height(), 0)
        self.setFixedHeight(wanted + around)


class FoldedList(QWidget):
    """A link that opens and closes the list below it."""

    def __init__(self) -> None:
        super().__init__()
        self._opens, self._closes = "", ""
        self.fold, self.list = link("fold"), TextList()
        self.list.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.list)
        self.fold.clicked.connect(self._toggle)

    def set_texts(self, opens: str, closes: str, name: str) -> None:
        """What the link says closed and open; `name` is the list's for screen readers."""
        self._opens, self._closes = opens, closes
        self.list.setAccessibleName(name)
        self._show_fold()

    def show_lines(self, lines: Sequence[str]) -> None:
        self.list.show_lines(lines)

    def _toggle(self) -> None:
        self.list.setVisible(self.list.isHidden())
        self._show_fold()

    def _show_fold(self) -> None:
        closed = self.list.isHidden()
        self.fold.setText(f"▸  {self._opens}" if closed else f"▾  {self._closes}")
