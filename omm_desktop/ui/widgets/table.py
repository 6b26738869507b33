"""Rows of texts: a table of its own, or one that opens below a link."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from omm_desktop.ui.page import link

_ROWS_SHOWN = 8


class Table(QTreeWidget):
    """The first column takes the room that is left; up to eight rows are seen at once."""

    def __init__(self, columns: int, *, numbers: int | None = None) -> None:
        super().__init__()
        self._numbers = numbers
        self.setColumnCount(columns)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, columns):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)

    def show_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """What has not changed is left alone, so that the reader's place is kept."""
        while self.topLevelItemCount() > len(rows):
            self.takeTopLevelItem(self.topLevelItemCount() - 1)
        while self.topLevelItemCount() < len(rows):
            added = QTreeWidgetItem(self)
            if self._numbers is not None:
                right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                added.setTextAlignment(self._numbers, right)
        for index, row in enumerate(rows):
            item = self.topLevelItem(index)
            assert item is not None
            for column, text in enumerate(row):
                if item.text(column) != text:
                    item.setText(column, text)
        self.setMinimumHeight(self._height_of(min(len(rows), _ROWS_SHOWN)))

    def _height_of(self, rows: int) -> int:
        row = max(32, self.fontMetrics().height() + 12)
        return self.header().sizeHint().height() + rows * row + 8


class FoldedTable(QWidget):
    """A link that opens and closes the table below it."""

    def __init__(self, columns: int, *, numbers: int | None = None) -> None:
        super().__init__()
        self._opens, self._closes = "", ""
        self.fold, self.table = link("fold"), Table(columns, numbers=numbers)
        self.table.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.table)
        self.fold.clicked.connect(self._toggle)

    def set_texts(self, opens: str, closes: str, headers: Sequence[str], name: str) -> None:
        """What the link says closed and open; `name` is the table's for screen readers."""
        self._opens, self._closes = opens, closes
        self.table.setHeaderLabels(list(headers))
        self.table.setAccessibleName(name)
        self._show_fold()

    def _toggle(self) -> None:
        self.table.setVisible(self.table.isHidden())
        self._show_fold()

    def _show_fold(self) -> None:
        closed = self.table.isHidden()
        self.fold.setText(f"▸  {self._opens}" if closed else f"▾  {self._closes}")
