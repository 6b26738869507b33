"""Languages switched live: what Qt says itself, and fields of days."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QTime
from PySide6.QtWidgets import QMenu, QMessageBox

from omm_desktop.language import LANGUAGES, Language, own_name
from omm_desktop.ui.window import Window
from omm_desktop.wording import date_time

from .looks import MNEMONIC
from .mailboxes import FOUND
from .scenes import SCENES

DAY = QDate(2026, 3, 2)


def test_every_language_is_in_the_menu_by_its_own_name(window: Window) -> None:
    for language in LANGUAGES:
        window.menus.language_actions[language].trigger()
        named = [action.text() for action in window.menus.language_actions.values()]
        assert named == [own_name(one) for one in LANGUAGES]
        assert window.menus.language_actions[language].isChecked()
        assert window.services.preferences.language == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_letter_is_taken_twice_in_a_menu(window: Window, language: Language) -> None:
    window.use_language(language)
    menus = [menu for menu in window.menuBar().findChildren(QMenu) if menu.actions()]
    assert len(menus) >= 5
    for menu in menus:
        texts = [action.text() for action in menu.actions()]
        keys = [found[1].casefold() for text in texts if (found := MNEMONIC.search(text))]
        assert len(keys) == len(set(keys)), texts


@pytest.mark.parametrize(
    ("language", "cancel", "copy"),
    [("fr", "Annuler", "Cop&ier"), ("de", "Abbrechen", "&Kopieren"), ("en", "Cancel", "&Copy")],
)
def test_qt_speaks_it_too(window: Window, language: Language, cancel: str, copy: str) -> None:
    for before in LANGUAGES:
        window.use_language(before)
        window.use_language(language)
        box = QMessageBox()
        assert box.addButton(QMessageBox.StandardButton.Cancel).text().replace("&", "") == cancel
        assert QCoreApplication.translate("QLineEdit", "&Copy") == copy


def test_the_choice_of_folders_is_the_same_in_every_language(window: Window) -> None:
    SCENES["options-exchange"](window)
    chosen = window.options.folder_list.chosen()
    assert any(FOUND.folders[0].name == name for name in chosen)
    for language in LANGUAGES:
        window.use_language(language)
        assert window.options.folder_list.chosen() == chosen


@pytest.mark.parametrize(
    ("language", "day", "moment", "sentence"),
    [
        ("fr", "02/03/2026", "02/03/2026 22:00", "2 mars 2026 à 22\u202fh\u202f00"),
        ("de", "02.03.2026", "02.03.2026 22:00", "2. März 2026 um 22:00 Uhr"),
        ("en", "2 Mar 2026", "2 Mar 2026 22:00", "2 March 2026 at 22:00"),
    ],
)
def test_fields_and_sentences_tell_days_in_one_order(
    window: Window, language: Language, day: str, moment: str, sentence: str
) -> None:
    first, later = window.options.day, window.options.start_later.moment
    later.clearMinimumDateTime()
    first.setDate(DAY)
    later.setDateTime(QDateTime(DAY, QTime(22, 0)))
    for before in LANGUAGES:
        window.use_language(before)
        window.use_language(language)
        assert (first.text(), later.text()) == (day, moment)
        assert date_time(datetime(2026, 3, 2, 22, 0).astimezone()) == sentence
        assert first.calendarWidget().locale().name()[:2] == language
        assert first.date() == DAY
