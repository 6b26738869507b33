"""The folders of a mailbox as a tree with boxes, counts, sizes and a filter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

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
_FOLDER = Qt.ItemDataRole.UserRole
_BOX = Qt.ItemDataRole.CheckStateRole
_CHECKED, _PARTLY, _UNCHECKED = (
    Qt.CheckState.Checked, Qt.CheckState.PartiallyChecked, Qt.CheckState.Unchecked,
)  # fmt: skip
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ROWS_SHOWN = 8
_AT_ONCE = 300
"""Folders that come into the tree before the window is let answer."""


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
        self.tree.setColumnCount(3)
        self.tree.setTabKeyNavigation(False)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.tree.setUniformRowHeights(True)
        header = self.tree.header()
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
        self._coming: Iterator[QTreeWidgetItem] = iter(())
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._fill_on)
        self._names: list[str] = []
        self._chosen: set[str] = set()
        self._branches: list[tuple[QTreeWidgetItem, ItemKind]] = []
        self._kinds: frozenset[ItemKind] = frozenset()

    def fill(self, folders: Iterable[Folder], chosen: frozenset[str]) -> None:
        """Many folders come in by and by, as the window goes on living."""
        self._chosen = set(chosen)
        self._branches.clear()
        self._names.clear()
        self.tree.clear()
        known = tuple(folders)
        kinds = [kind for kind in ItemKind if any(folder.kind is kind for folder in known)]
        self._kinds = frozenset(kinds)
        self._show_headers()
        row = max(32, self.fontMetrics().height() + 8)
        rows = min(_ROWS_SHOWN, len(known) + len(kinds))
        self.tree.setMinimumHeight(self.tree.header().sizeHint().height() + rows * row + 8)
        self._coming = self._tops_of(known, kinds)
        self._fill_on()

    def _fill_on(self) -> None:
        """A part of what is still to come; the rest once the window has answered."""
        self._painting = True
        first = self.tree.topLevelItemCount() == 0
        tops, held = [], 0
        for top in self._coming:
            tops.append(top)
            held += sum(1 for _inside in _branch(top))
            if held >= _AT_ONCE:
                self._timer.start()
                break
        self.tree.addTopLevelItems(tops)
        for top in tops:
            _expand(top)
        self._painting = False
        if first and tops:
            self.tree.setCurrentItem(tops[0])
        if self.filter.text():
            self._filter(self.filter.text())

    def _tops_of(
        self, known: Sequence[Folder], kinds: Sequence[ItemKind]
    ) -> Iterator[QTreeWidgetItem]:
        """Each branch, whole, with its boxes as they are to be."""
        names = person.folders((folder.name, folder.role) for folder in known)
        for kind in kinds:
            inside = [folder for folder in known if folder.kind is kind]
            inside.sort(key=lambda one: (one.path != ("INBOX",), one.path))
            branch = self._branch_of(kind) if len(kinds) > 1 else None
            items: dict[FolderPath, QTreeWidgetItem] = {}
            top: QTreeWidgetItem | None = None
            for folder in inside:
                parent = items.get(folder.path[:-1])
                item = self._item(folder, names[folder.name], is_inside=parent is not None)
                items[folder.path] = item
                if (parent or branch) is not None:
                    (parent or branch).addChild(item)
                    continue
                if top is not None:
                    yield self._painted(top)
                top = item
            last = branch or top
            if last is not None:
                yield self._painted(last)

    def chosen(self) -> frozenset[str]:
        """Names of the ticked folders."""
        return frozenset(self._chosen)

    def retranslate(self) -> None:
        self.filter_label.setText(_("&Filter"))
        self.filter.setAccessibleName(_("Filter the folders"))
        self.tree.setAccessibleName(_("Folders to copy"))
        self._show_headers()
        for item, kind in self._branches:
            item.setText(_NAME, kind_title(kind))

    def _show_headers(self) -> None:
        self.tree.setHeaderLabels([_("Folder"), number_column(self._kinds), _("Size")])

    def _branch_of(self, kind: ItemKind) -> QTreeWidgetItem:
        item = QTreeWidgetItem([kind_title(kind)])
        self._branches.append((item, kind))
        return item

    def _item(self, folder: Folder, name: str, *, is_inside: bool) -> QTreeWidgetItem:
        numbers = accounts.folder_counts(folder.count, folder.size)
        shown = person.inside(folder, name) if is_inside else name
        item = QTreeWidgetItem([shown, *numbers])
        for column in (_COUNT, _SIZE):
            item.setTextAlignment(column, _RIGHT)
        item.setData(_NAME, _FOLDER, len(self._names))
        self._names.append(folder.name)
        return item

    def _item_changed(self, item: QTreeWidgetItem, column: int) -> None:
        if self._painting or column != _NAME:
            return
        names = self._names_in(item)
        if item.checkState(_NAME) is Qt.CheckState.Checked:
            self._chosen |= names
        else:
            self._chosen -= names
        self._show_states()
        self.chosen_changed.emit()

    def _show_states(self) -> None:
        self._painting = True
        for top in self._tops():
            self._paint(top)
        self._painting = False

    def _painted(self, item: QTreeWidgetItem) -> QTreeWidgetItem:
        self._paint(item)
        return item

    def _paint(self, item: QTreeWidgetItem) -> tuple[bool, bool]:
        """Ticks the boxes of a branch; whether some and whether all of it is chosen."""
        number = item.data(_NAME, _FOLDER)
        own = [] if number is None else [self._names[number] in self._chosen]
        inside = [self._paint(item.child(index)) for index in range(item.childCount())]
        some = any(own) or any(one for one, _all in inside)
        whole = all(own) and all(every for _some, every in inside)
        state = _CHECKED if whole else _PARTLY if some else _UNCHECKED
        if item.data(_NAME, _BOX) != state:
            item.setCheckState(_NAME, state)
        return some, whole

    def _names_in(self, item: QTreeWidgetItem) -> set[str]:
        """Of the folders in this branch."""
        numbers = (inside.data(_NAME, _FOLDER) for inside in _branch(item))
        return {self._names[number] for number in numbers if number is not None}

    def _tops(self) -> list[QTreeWidgetItem]:
        found = (self.tree.topLevelItem(index) for index in range(self.tree.topLevelItemCount()))
        return [item for item in found if item is not None]

    def _filter(self, text: str) -> None:
        for top in self._tops():
            self._show_matching(top, text.casefold())

    def _show_matching(self, item: QTreeWidgetItem, text: str) -> bool:
        """A folder stays while it or one inside it matches, by its own name under a mask, too."""
        inside = [
            self._show_matching(item.child(index), text) for index in range(item.childCount())
        ]
        number = item.data(_NAME, _FOLDER)
        own = "" if number is None else self._names[number].rpartition("/")[2]
        shown = any(text in name.casefold() for name in (item.text(_NAME), own)) or any(inside)
        if item.isHidden() is shown:
            item.setHidden(not shown)
        return shown


def _branch(item: QTreeWidgetItem) -> Iterator[QTreeWidgetItem]:
    """The folder and all inside it."""
    yield item
    for index in range(item.childCount()):
        yield from _branch(item.child(index))


def _expand(item: QTreeWidgetItem) -> None:
    """In its tree, with all inside it."""
    if item.childCount():
        item.setExpanded(True)
        for index in range(item.childCount()):
            _expand(item.child(index))
