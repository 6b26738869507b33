"""A table of texts that is brought up to date row by row."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
)

_ROWS_SHOWN = 8
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Table(QTreeWidget):
    """The first column takes the room that is left; the column `numbers` stands on the right.

    Up to eight rows are seen at once.
    """

    def __init__(self, columns: int, *, numbers: int) -> None:
        super().__init__()
        self._numbers = numbers
        self.setColumnCount(columns)
        self.headerItem().setTextAlignment(numbers, _RIGHT)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setTabKeyNavigation(False)
        self.setAllColumnsShowFocus(True)
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
            added.setTextAlignment(self._numbers, _RIGHT)
        for index, row in enumerate(rows):
            item = self.topLevelItem(index)
            assert item is not None
            for column, text in enumerate(row):
                if item.text(column) != text:
                    item.setText(column, text)
        self.setMinimumHeight(self._height_of(min(len(rows), _ROWS_SHOWN)))
        self.setMaximumHeight(self._height_of(len(rows)))

    def _height_of(self, rows: int) -> int:
        row = max(self.sizeHintForRow(0), 1)
        return self.header().sizeHint().height() + rows * row + 8
