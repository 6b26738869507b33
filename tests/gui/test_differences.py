"""The manual's page on what Exchange changes: reached from the window, read in both languages."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from omm_desktop.language import LANGUAGES
from omm_desktop.model.items import ItemKind
from omm_desktop.model.report import Grade
from omm_desktop.report.differences import differences, of_kind
from omm_desktop.ui.theme import Appearance
from omm_desktop.ui.window import Window
from tests.unit.reports import report

from . import looks, scenes
from .seen import visible
from .test_pictures import look_beside


def test_it_looks_right(window: Window, appearance: Appearance) -> None:
    window.beside.open_differences()
    shown = window.beside.differences
    assert shown is not None
    look_beside(window, appearance, shown, "differences", looks.reading_faults)


def test_it_has_every_entry_in_both_languages(window: Window) -> None:
    window.beside.open_differences()
    assert window.beside.differences is not None
    for language in LANGUAGES:
        window.use_language(language)
        looks.settle(window.beside.differences)
        shown = visible(window.beside.differences)
        said = [one.text().replace("\u200b", "") for one in shown if isinstance(one, QLabel)]
        for one in differences():
            assert said.count(one.text(language)) == len(one.kinds), one.name
            assert any(text.endswith(f": {one.exchange}") for text in said), one.name
    window.beside.differences.close()


def test_the_arrow_keys_scroll_it(window: Window, qtbot: QtBot) -> None:
    window.beside.open_differences()
    shown = window.beside.differences
    assert shown is not None
    looks.settle(shown)
    bar = shown.page.verticalScrollBar()
    assert bar.value() == 0
    qtbot.keyClick(shown.page, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    qtbot.keyClick(shown, Qt.Key.Key_Escape)
    assert not shown.isVisible()


def test_the_options_lead_there_where_more_than_mail_is_copied(window: Window) -> None:
    scenes.options_exchange(window)
    window.options.differences.click()
    assert window.beside.differences is not None
    assert window.beside.differences.isVisible()
    window.beside.differences.close()
    for box in (window.options.kinds.boxes[kind] for kind in ItemKind if kind is not ItemKind.MAIL):
        if box.isChecked():
            box.click()
    assert window.options.differences.isHidden()


def test_a_remark_about_it_leads_there(window: Window) -> None:
    scenes.result_losses(window)
    looks.settle(window)
    buttons = [one for one in window.result.findChildren(QPushButton) if one.isVisible()]
    _of_notes, of_losses = [one for one in buttons if one.text() == "Ce qu’Exchange change"]
    of_losses.click()
    assert window.beside.differences is not None
    assert window.beside.differences.isVisible()
    window.beside.differences.close()


def test_other_remarks_do_not(window: Window) -> None:
    window.result.show_report(report(Grade.COMPLETE_WITH_NOTES, failed=()))
    texts = [one.text() for one in window.result.findChildren(QPushButton)]
    assert "Ce qu’Exchange change" not in texts


def test_each_kind_has_its_own() -> None:
    assert not of_kind(ItemKind.MAIL)
    assert all(of_kind(kind) for kind in (ItemKind.CONTACTS, ItemKind.EVENTS, ItemKind.TASKS))
