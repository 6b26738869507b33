"""The folders of a mailbox as a tree with boxes, counts, sizes and a filter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PySide6.QtCore import Qt, Signal
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
_ROWS_SHOWN = 8


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
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_COUNT, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_SIZE, QHeaderView.ResizeMode.ResizeToContents)
        layout.addLayout(row)
        layout.addWidget(self.tree)
        self.filter.textChanged.connect(self._filter)
        self.tree.itemChanged.connect(self._item_changed)
        self._painting = False
        self._names: list[str] = []
        self._chosen: set[str] = set()
        self._branches: list[tuple[QTreeWidgetItem, ItemKind]] = []
        self._kinds: frozenset[ItemKind] = frozenset()

    def fill(self, folders: Iterable[Folder], chosen: frozenset[str]) -> None:
        self._chosen = set(chosen)
        self._painting = True
        self._branches.clear()
        self._names.clear()
        self.tree.clear()
        known = tuple(folders)
        names = person.folders((folder.name, folder.role) for folder in known)
        kinds = [kind for kind in ItemKind if any(folder.kind is kind for folder in known)]
        for kind in kinds:
            items: dict[FolderPath, QTreeWidgetItem] = {}
            if len(kinds) > 1:
                items[()] = self._branch_of(kind)
            inside = [folder for folder in known if folder.kind is kind]
            for folder in sorted(inside, key=lambda one: (one.path != ("INBOX",), one.path)):
                items[folder.path] = self._item(folder, names[folder.name], items)
        self._kinds = frozenset(kinds)
        self._show_headers()
        self._painting = False
        self._show_states()
        self.tree.expandAll()
        row = max(32, self.fontMetrics().height() + 8)
        rows = min(_ROWS_SHOWN, len(known) + len(kinds))
        self.tree.setMinimumHeight(self.tree.header().sizeHint().height() + rows * row + 8)
        for top in self._tops()[:1]:
            self.tree.setCurrentItem(top)

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
        item = QTreeWidgetItem(self.tree)
        item.setText(_NAME, kind_title(kind))
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        self._branches.append((item, kind))
        return item

    def _item(
        self, folder: Folder, name: str, items: dict[FolderPath, QTreeWidgetItem]
    ) -> QTreeWidgetItem:
        parent = items.get(folder.path[:-1])
        item = QTreeWidgetItem(parent or items.get(()) or self.tree)
        is_inside = parent is not None and len(folder.path) > 1
        item.setText(_NAME, person.inside(folder, name) if is_inside else name)
        numbers = accounts.folder_counts(folder.count, folder.size)
        for column, text in zip((_COUNT, _SIZE), numbers, strict=True):
            item.setText(column, text)
            item.setTextAlignment(
                column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            )
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
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
            for item in _branch(top):
                item.setCheckState(_NAME, self._state(item))
        self._painting = False

    def _state(self, item: QTreeWidgetItem) -> Qt.CheckState:
        names = self._names_in(item)
        if names <= self._chosen:
            return Qt.CheckState.Checked
        mixed = names & self._chosen
        return Qt.CheckState.PartiallyChecked if mixed else Qt.CheckState.Unchecked

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
        item.setHidden(not shown)
        return shown


def _branch(item: QTreeWidgetItem) -> Iterator[QTreeWidgetItem]:
    """The folder and all inside it."""
    yield item
    for index in range(item.childCount()):
        yield from _branch(item.child(index))
