"""More folders than the window shows at once: they come by and by, and nothing is forgotten."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from omm_desktop.model.items import Folder, FolderRole, ItemKind
from omm_desktop.ui.widgets.folder_list import FolderList
from omm_desktop.ui.widgets.table import Table
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.probe_result import ProbeResult

from .hands import PATIENCE_MS, Hands
from .mailboxes import NEW, OLD, ROOMY, checked

MANY = 1_200
INBOX = Folder(("INBOX",), "INBOX", FolderRole.INBOX, 3, 900)
FOLDERS = (
    INBOX,
    *(Folder(("INBOX", f"Dossier {n:04}"), f"key {n}", None, 1, 300) for n in range(1, MANY)),
)
PEOPLE = Folder(("Contacts",), "people", FolderRole.CONTACTS, 4, 80, kind=ItemKind.CONTACTS)
CHECKED, PARTLY, UNCHECKED = (
    Qt.CheckState.Checked, Qt.CheckState.PartiallyChecked, Qt.CheckState.Unchecked,
)  # fmt: skip


def test_a_branch_of_many_is_ticked_and_filtered_whole(qtbot: QtBot) -> None:
    folders = FolderList()
    qtbot.addWidget(folders)
    names = frozenset(folder.name for folder in (*FOLDERS, PEOPLE))
    folders.fill((*FOLDERS, PEOPLE), names)
    tree = folders.tree
    mail = tree.topLevelItem(0)
    inbox = mail.child(0)
    qtbot.waitUntil(lambda: tree.topLevelItemCount() == 2, timeout=PATIENCE_MS)
    assert inbox.childCount() == MANY - 1
    assert inbox.isExpanded()
    inbox.child(MANY - 2).setCheckState(0, UNCHECKED)
    assert [one.checkState(0) for one in (mail, inbox, inbox.child(0))] == [PARTLY, PARTLY, CHECKED]
    assert names - folders.chosen() == {FOLDERS[-1].name}
    mail.setCheckState(0, UNCHECKED)
    assert folders.chosen() == {PEOPLE.name}
    assert {inbox.child(n).checkState(0) for n in range(MANY - 1)} == {UNCHECKED}
    folders.filter.setText(f"{MANY - 1}")
    hidden = [inbox.child(n).isHidden() for n in range(MANY - 1)]
    assert hidden == [True] * (MANY - 2) + [False]
    assert not inbox.isHidden()
    assert tree.topLevelItem(1).isHidden()
    folders.filter.setText("")
    assert not tree.topLevelItem(1).isHidden()


def test_a_review_of_many_is_made_before_the_copy_may_start(window: Window, hands: Hands) -> None:
    checked(window.draft.source, OLD, ProbeResult(FOLDERS))
    checked(window.draft.destination, NEW, replace(ROOMY, folders=(INBOX,)))
    window.review.change_wanted.emit(PageId.REVIEW)
    assert not window.review.links
    hands.enter()
    assert window.current_page_id is PageId.REVIEW
    hands.until(lambda: bool(window.review.links))
    assert any("1\u202f200" in link.accessibleName() for link in window.review.links)


def test_rows_come_by_and_by_and_the_last_told_are_shown(qtbot: QtBot) -> None:
    table = Table(2, numbers=1)
    qtbot.addWidget(table)
    table.show_rows([(f"row {n}", "1") for n in range(MANY)])
    told = [(f"row {n}", "2") for n in range(MANY + 300)]
    table.show_rows(told)
    qtbot.waitUntil(lambda: table.topLevelItemCount() == len(told), timeout=PATIENCE_MS)
    shown = [table.topLevelItem(n) for n in range(len(told))]
    assert [(one.text(0), one.text(1)) for one in shown] == told
    changed = [(name, "3") for name, _number in told]
    table.show_rows(changed)
    last = table.topLevelItem(len(told) - 1)
    qtbot.waitUntil(lambda: last.text(1) == "3", timeout=PATIENCE_MS)
    assert {one.text(1) for one in shown} == {"3"}
    table.show_rows(told[:2])
    assert table.topLevelItemCount() == 2
