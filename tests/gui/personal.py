"""What is personal in a window's state, found in the model; and everything that a window tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QTreeView,
    QWidget,
)

from omm_desktop.model.account import Account
from omm_desktop.model.items import Folder, ItemLabel
from omm_desktop.model.plan import Notices
from omm_desktop.model.problem import Problem, ProblemId
from omm_desktop.model.progress import FolderProgress, TooBigItem
from omm_desktop.model.report import FailedItem, FolderResult, Note, Report, SettingResult
from omm_desktop.ui.window import Window
from omm_desktop.wizard.draft import AccountDraft
from omm_desktop.wizard.notice_draft import NoticeDraft

SHORTEST = 3
# Names of folders that are also words of the program.
WORDS = {"inbox", "contacts", "calendrier", "agenda", "tâches", "envoyés", "corbeille"}
# Concern a server, room, or what a field is called.
ABOUT_NOBODY = {
    ProblemId.SIGN_IN_REFUSED,
    ProblemId.SERVICE_RETIRED,
    ProblemId.EXCHANGE_NOT_FOUND,
    ProblemId.MAILBOX_FULL,
    ProblemId.SAVING_DISK_FULL,
    ProblemId.FIELD_IN_NOTES,
    ProblemId.FIELD_NOT_KEPT,
}
ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.EditRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.StatusTipRole,
    Qt.ItemDataRole.WhatsThisRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
    Qt.ItemDataRole.UserRole,
)
TOLD = (
    QAccessible.Text.Name,
    QAccessible.Text.Description,
    QAccessible.Text.Value,
    QAccessible.Text.Help,
    QAccessible.Text.Accelerator,
)


def names_in(window: Window) -> set[str]:
    """Local parts of addresses, logins, folders, files, senders, subjects, what problems quote."""
    held = [window.draft.source, window.draft.destination, window.draft.files, window.problem]
    held += [window.draft.options.notice]
    held += [window.draft.found, window.draft.destination.checked, window.result.report]
    held += [run.plan for run in window.services.history.runs()]
    if window.progress.snapshot is not None:
        snapshot = window.progress.snapshot
        held += [snapshot.folders, snapshot.too_big, snapshot.owner_needed]
    found = {name.strip() for one in held for name in _names(one)}
    shown = {window.draft.source.server.host, window.draft.destination.server.host}
    shown |= {name.partition("@")[2] for name in found}
    return {
        one
        for one in found - shown
        if len(one) >= SHORTEST and one.casefold() not in WORDS and not one.isdecimal()
    }


def _names(thing: object) -> Iterator[str]:
    if isinstance(thing, (Account, AccountDraft)):
        for name in (thing.address, thing.login, thing.mailbox):
            yield from (name, name.partition("@")[0])
        yield from _of_path(thing.path)
    elif isinstance(thing, Folder) and thing.role is None:
        yield from (thing.name, *thing.path)
    elif isinstance(thing, (FolderProgress, FolderResult)) and not thing.role:
        yield from (thing.source, *thing.source.split("/"))
    elif isinstance(thing, ItemLabel):
        yield from (thing.sender, thing.subject, *re.findall(r"[\w.]+(?=@)", thing.sender))
    elif isinstance(thing, Report):
        for ends in (thing.source, thing.destination):
            yield from (end.partition("@")[0] for end in ends.split(", "))
    elif isinstance(thing, SettingResult):
        yield thing.name
    elif isinstance(thing, (FailedItem, Note, TooBigItem)):
        yield from thing.folder.split("/")
    elif isinstance(thing, (Notices, NoticeDraft)):
        yield from (thing.address, thing.address.partition("@")[0])
    if isinstance(thing, Problem):
        if thing.id not in ABOUT_NOBODY:
            yield thing.subject
        yield from re.findall(r"[\w.]+(?=@)", f"{thing.subject} {thing.detail}")
    elif isinstance(thing, (list, tuple)):
        yield from (name for one in thing for name in _names(one))
    elif is_dataclass(thing):
        inside = (getattr(thing, field.name) for field in fields(thing))
        yield from (name for one in inside for name in _names(one))


def _of_path(path: Path | None) -> Iterator[str]:
    if path is not None:
        yield from (str(path), path.name, path.stem, str(path.parent))


def told() -> Iterator[str]:
    """Everything in every window of the program, seen or not, for the eye or a screen reader."""
    for widget in QApplication.allWidgets():
        yield from (widget.windowTitle(), widget.accessibleName(), widget.accessibleDescription())
        yield from (widget.toolTip(), widget.statusTip(), widget.whatsThis())
        yield from _of_kind(widget)
        for action in widget.actions():
            yield from (action.text(), action.toolTip(), action.iconText())
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is not None:
            yield from (interface.text(kind) for kind in TOLD)
    yield QApplication.clipboard().text()


def _of_kind(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, (QLabel, QAbstractButton)):
        yield widget.text()
    elif isinstance(widget, QLineEdit):
        yield from (widget.displayText(), widget.placeholderText())
    elif isinstance(widget, QComboBox):
        yield from (widget.itemText(index) for index in range(widget.count()))
    elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
        yield from _of_model(widget, QModelIndex())
    elif isinstance(widget, QMenu):
        yield widget.title()
    elif isinstance(widget, QMessageBox):
        yield from (widget.text(), widget.informativeText(), widget.detailedText())
    elif isinstance(widget, QPlainTextEdit):
        yield widget.toPlainText()


def _of_model(view: QAbstractItemView, parent: QModelIndex) -> Iterator[str]:
    model = view.model()
    columns = model.columnCount(parent) if isinstance(view, QTreeView) else 1
    for row in range(model.rowCount(parent)):
        for column in range(columns):
            index = model.index(row, column, parent)
            yield from (str(model.data(index, role) or "") for role in ROLES)
        if isinstance(view, QTreeView):
            yield from _of_model(view, model.index(row, 0, parent))


def leaks(names: set[str], heard: Sequence[str] = ()) -> list[str]:
    """Texts of windows, and texts heard, with one of these names in them as a word."""
    any_of_them = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names))
    return sorted(text for text in {*told(), *heard} if text and names and any_of_them.search(text))
