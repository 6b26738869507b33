"""A table of texts that is brought up to date row by row."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
)

_ROWS_SHOWN = 8
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ROWS_AT_ONCE = 500


class Table(QTreeWidget):
    """The first column takes the room that is left; the column `numbers` stands on the right.

    Up to eight rows are seen at once.
    """

    def __init__(self, columns: int, *, numbers: int) -> None:
        super().__init__()
        self._numbers = numbers
        self._shown: list[Sequence[str]] = []
        self._wanted: Sequence[Sequence[str]] = ()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: self.show_rows(self._wanted))
        self.setColumnCount(columns)
        self.headerItem().setTextAlignment(numbers, _RIGHT)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.header()
        header.setStretchLastSection(False)
        header.setResizeContentsPrecision(0)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, columns):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)

    def show_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """What has not changed is left alone, so that the reader's place is kept.

        A row is told again by the very same object as long as it is the same. Many new or changed
        ones come by and by, so that the window can answer in between.
        """
        self._wanted = rows
        while len(self._shown) > len(rows):
            self.takeTopLevelItem(len(self._shown) - 1)
            self._shown.pop()
        pairs = enumerate(zip(rows, self._shown, strict=False))
        changed = [index for index, (row, shown) in pairs if row is not shown]
        self._show_changed(changed[:_ROWS_AT_ONCE], rows)
        added = [self._item(row) for row in rows[len(self._shown) :][:_ROWS_AT_ONCE]]
        self.addTopLevelItems(added)
        self._shown += rows[len(self._shown) :][:_ROWS_AT_ONCE]
        if len(self._shown) < len(rows) or len(changed) > _ROWS_AT_ONCE:
            self._timer.start()
        self.setMinimumHeight(self._height_of(min(len(rows), _ROWS_SHOWN)))
        self.setMaximumHeight(self._height_of(len(rows)))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The row where one is is told as a whole, as long as one is there."""
        super().focusInEvent(event)
        current = self.currentItem()
        if current is not None:
            current.setSelected(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.clearSelection()

    def clear(self) -> None:
        super().clear()
        self._shown.clear()
        self._timer.stop()

    def _show_changed(self, changed: Sequence[int], rows: Sequence[Sequence[str]]) -> None:
        if not changed:
            return
        model = self.model()
        # Told of each text by itself, the view would measure its columns each time.
        model.blockSignals(True)
        for index in changed:
            self._show_row(index, rows[index])
        model.blockSignals(False)
        last = model.columnCount() - 1
        model.dataChanged.emit(model.index(changed[0], 0), model.index(changed[-1], last))

    def _show_row(self, index: int, row: Sequence[str]) -> None:
        item = self.topLevelItem(index)
        assert item is not None
        for column, (text, shown) in enumerate(zip(row, self._shown[index], strict=False)):
            if text != shown:
                item.setText(column, text)
        self._shown[index] = row

    def _item(self, row: Sequence[str]) -> QTreeWidgetItem:
        item = QTreeWidgetItem(list(row))
        item.setTextAlignment(self._numbers, _RIGHT)
        return item

    def _height_of(self, rows: int) -> int:
        row = max(self.sizeHintForRow(0), 1)
        return self.header().sizeHint().height() + rows * row + 8
