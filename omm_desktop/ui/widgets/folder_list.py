"""The folders of a mailbox as a tree with boxes, counts, sizes and a filter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from omm_desktop.language import translate as _
from omm_desktop.model.items import Folder, FolderPath, ItemKind
from omm_desktop.ui.widgets.private_edit import PrivateEdit
from omm_desktop.wizard.present import accounts, person
from omm_desktop.wizard.present.options import kind_title
from omm_desktop.wizard.present.progress import number_column

_NAME, _COUNT, _SIZE = range(3)
_NUMBER = Qt.ItemDataRole.UserRole
_BOX = Qt.ItemDataRole.CheckStateRole
_CHECKED, _PARTLY, _UNCHECKED = (
    Qt.CheckState.Checked, Qt.CheckState.PartiallyChecked, Qt.CheckState.Unchecked,
)  # fmt: skip
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ROWS_SHOWN = 8
_AT_ONCE = 300
"""Folders that come into the tree before the window is let answer."""


@dataclass(slots=True, eq=False)
class _Row:
    """A line of the tree, kept beside it, since ten thousand lines are slow to ask one by one.

    `name` is that of the folder, None for a branch of a kind.
    """

    item: QTreeWidgetItem
    name: str | None
    above: _Row | None
    inside: list[_Row] = field(default_factory=list)
    box: Qt.CheckState | None = None
    shown: bool = True

    def branch(self) -> Iterator[_Row]:
        """This line and all inside it."""
        yield self
        for row in self.inside:
            yield from row.branch()


class FolderList(QWidget):
    """Ticking a folder ticks those inside it; a mixed branch shows the third state.

    Where there are several kinds of folders, each kind is a branch.
    """

    chosen_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        row = QHBoxLayout()
        self.filter_label = QLabel()
        self.filter = PrivateEdit()
        self.filter.setClearButtonEnabled(True)
        self.filter_label.setBuddy(self.filter)
        row.addWidget(self.filter_label)
        row.addWidget(self.filter, 1)
        self.tree = QTreeWidget()
        self.tree.setObjectName("folders")
        self.tree.setColumnCount(3)
        self.tree.setTabKeyNavigation(False)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.tree.setUniformRowHeights(True)
        header = self.tree.header()
        for column in (_COUNT, _SIZE):
            self.tree.headerItem().setTextAlignment(column, _RIGHT)
        header.setResizeContentsPrecision(0)
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_COUNT, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_SIZE, QHeaderView.ResizeMode.ResizeToContents)
        layout.addLayout(row)
        layout.addWidget(self.tree)
        self.filter.textChanged.connect(self._filter)
        self.tree.itemChanged.connect(self._item_changed)
        self._painting = False
        self._chosen: set[str] = set()
        self._rows: list[_Row] = []
        self._coming: Iterator[_Row] = iter(())
        self._kinds: frozenset[ItemKind] = frozenset()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._fill_on)

    def fill(self, folders: Iterable[Folder], chosen: frozenset[str]) -> None:
        """Many folders come in by and by, as the window goes on living."""
        self._timer.stop()
        self._chosen = set(chosen)
        self._rows.clear()
        self.tree.clear()
        known = tuple(folders)
        self._kinds = frozenset(folder.kind for folder in known)
        self._show_headers()
        row = max(32, self.fontMetrics().height() + 8)
        rows = min(_ROWS_SHOWN, len(known) + len(self._kinds))
        self.tree.setMinimumHeight(self.tree.header().sizeHint().height() + rows * row + 8)
        self._coming = self._rows_of(known)
        self._fill_on()
        if self._rows:
            self.tree.setCurrentItem(self._rows[0].item)

    def _fill_on(self) -> None:
        """A part of what is still to come; the rest once the window has answered."""
        self._painting = True
        first = len(self._rows)
        tops: list[QTreeWidgetItem] = []
        below: dict[_Row, list[QTreeWidgetItem]] = {}
        for number, row in enumerate(islice(self._coming, _AT_ONCE), first):
            row.item.setData(_NAME, _NUMBER, number)
            self._rows.append(row)
            if row.above is None:
                tops.append(row.item)
            else:
                row.above.inside.append(row)
                below.setdefault(row.above, []).append(row.item)
        for row, items in below.items():
            row.item.addChildren(items)
        self.tree.addTopLevelItems(tops)
        for row in below:
            row.item.setExpanded(True)
        self._painting = False
        self._show_boxes(self._rows[first:])
        if self.filter.text():
            self._filter(self.filter.text())
        if len(self._rows) == first + _AT_ONCE:
            self._timer.start()

    def _rows_of(self, known: tuple[Folder, ...]) -> Iterator[_Row]:
        """Each folder after the one it is in."""
        names = person.folders((folder.name, folder.role) for folder in known)
        for kind in (kind for kind in ItemKind if kind in self._kinds):
            branch: _Row | None = None
            if len(self._kinds) > 1:
                branch = _Row(QTreeWidgetItem([kind_title(kind)]), None, None)
                yield branch
            rows: dict[FolderPath, _Row] = {}
            inside = [folder for folder in known if folder.kind is kind]
            for folder in sorted(inside, key=lambda one: (one.path != ("INBOX",), one.path)):
                parent = rows.get(folder.path[:-1])
                item = _item(folder, names[folder.name], is_inside=parent is not None)
                rows[folder.path] = _Row(item, folder.name, parent or branch)
                yield rows[folder.path]

    def chosen(self) -> frozenset[str]:
        """Names of the ticked folders."""
        return frozenset(self._chosen)

    def retranslate(self) -> None:
        self.filter_label.setText(_("&Filter"))
        self.filter.setAccessibleName(_("Filter the folders"))
        self.tree.setAccessibleName(_("Folders to copy"))
        self._show_headers()
        branches = [row for row in self._rows if row.name is None]
        kinds = [kind for kind in ItemKind if kind in self._kinds]
        for row, kind in zip(branches, kinds, strict=False):
            row.item.setText(_NAME, kind_title(kind))

    def _show_headers(self) -> None:
        self.tree.setHeaderLabels([_("Folder"), number_column(self._kinds), _("Size")])

    def _item_changed(self, item: QTreeWidgetItem, column: int) -> None:
        if self._painting or column != _NAME:
            return
        row = self._rows[item.data(_NAME, _NUMBER)]
        if item.checkState(_NAME) is row.box:  # a new text, which unticks nothing
            return
        row.box = item.checkState(_NAME)
        branch = list(row.branch())
        names = {one.name for one in branch if one.name is not None}
        if row.box is _CHECKED:
            self._chosen |= names
        else:
            self._chosen -= names
        self._show_boxes(branch)
        self.chosen_changed.emit()

    def _show_boxes(self, rows: list[_Row]) -> None:
        """Of these lines, each after the one it is in, and of those that they are in."""
        above: set[_Row] = set()
        painted = set(rows)
        for row in rows:
            over = row.above
            while over is not None and over not in painted and over not in above:
                above.add(over)
                over = over.above
        self._painting = True
        model = self.tree.model()
        # One call of the view for each of ten thousand boxes would take half a second.
        model.blockSignals(True)
        for row in (*reversed(rows), *sorted(above, key=_depth, reverse=True)):
            self._show_box(row)
        model.blockSignals(False)
        self.tree.viewport().update()
        self._painting = False

    def _show_box(self, row: _Row) -> None:
        """Once the lines inside it have theirs."""
        chosen = [] if row.name is None else [row.name in self._chosen]
        boxes = [inside.box for inside in row.inside]
        box = _PARTLY
        if all(chosen) and all(one is _CHECKED for one in boxes):
            box = _CHECKED
        elif not any(chosen) and all(one is _UNCHECKED for one in boxes):
            box = _UNCHECKED
        if box is not row.box:
            row.box = box
            row.item.setCheckState(_NAME, box)

    def _filter(self, text: str) -> None:
        """A folder stays while it or one inside it matches, by its own name under a mask, too."""
        wanted = text.casefold()
        for row in reversed(self._rows):
            own = (row.name or "").rpartition("/")[2]
            names = (row.item.text(_NAME), own)
            shown = any(wanted in name.casefold() for name in names)
            shown = shown or any(inside.shown for inside in row.inside)
            if shown is not row.shown:
                row.shown = shown
                row.item.setHidden(not shown)


def _item(folder: Folder, name: str, *, is_inside: bool) -> QTreeWidgetItem:
    numbers = accounts.folder_counts(folder.count, folder.size)
    item = QTreeWidgetItem([person.inside(folder, name) if is_inside else name, *numbers])
    for column in (_COUNT, _SIZE):
        item.setTextAlignment(column, _RIGHT)
    return item


def _depth(row: _Row) -> int:
    return 0 if row.above is None else 1 + _depth(row.above)
