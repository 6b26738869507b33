"""What a help desk meets: the card to read out, the search for a code."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZipFile

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel, QPlainTextEdit

from omm_desktop import __version__
from omm_desktop.language import LANGUAGES
from omm_desktop.ui.reading_window import ReadingWindow
from omm_desktop.ui.support_window import SupportWindow
from omm_desktop.ui.task import Task
from omm_desktop.ui.theme import Appearance
from omm_desktop.ui.window import Window

from . import looks, scenes
from .conftest import PATIENCE_MS
from .hands import Hands
from .test_pictures import LOOKS, USUAL, dressed, wear, wrong_with


def card(window: Window) -> ReadingWindow:
    scenes.source_problem(window)
    window.menus.card.trigger()
    assert window.help_desk.card is not None
    return window.help_desk.card


def gathered(window: Window) -> SupportWindow:
    shown = window.help_desk.support
    assert shown is not None
    Task.wait_for_all(PATIENCE_MS)
    looks.settle(shown)
    assert shown.parts
    return shown


def code(window: Window) -> ReadingWindow:
    window.menus.codes.trigger()
    assert window.help_desk.codes is not None
    window.help_desk.codes.code.setText("11-01")
    return window.help_desk.codes


def near_codes(window: Window) -> ReadingWindow:
    shown = code(window)
    window.help_desk.codes.code.setText("11-09")  # type: ignore[union-attr]
    return shown


def support(window: Window) -> ReadingWindow:
    scenes.SCENES["result-incomplete"](window)
    window.menus.support.trigger()
    return gathered(window)


SHOWN = {"card": card, "code": code, "code-near": near_codes, "support": support}


def test_they_look_right(window: Window, appearance: Appearance) -> None:
    wrong: list[str] = []
    for look in (one for one in LOOKS if one[-1] == USUAL):
        language, theme, percent, _size = look
        wear(appearance, theme, percent)
        for name, open_it in SHOWN.items():
            shown = open_it(window)
            window.use_language(language)
            Task.wait_for_all(PATIENCE_MS)
            for _ in dressed(window, appearance, shown, [look]):
                wrong += wrong_with(shown, look, f"help-{name}", looks.reading_faults)
            shown.close()
    assert not wrong, "\n".join(wrong)


def said(shown: ReadingWindow) -> list[str]:
    looks.settle(shown)
    return [one.text() for one in shown.findChildren(QLabel) if one.isVisible()]


def test_f1_tells_where_one_is_and_nothing_personal(hands: Hands, window: Window) -> None:
    scenes.source_problem(window)
    hands.press(Qt.Key.Key_F1)
    shown = window.help_desk.card
    assert shown is not None
    told = said(shown)
    assert f"OMM Desktop {__version__}" in told
    assert "Étape 1 sur 4 – Source · D’où viennent vos e-mails\u202f?" in told
    assert "11-01" in told
    assert "Le serveur refuse l’adresse ou le mot de passe." in told
    assert not any("claire" in text for text in looks.texts(shown))
    shown.copy_button.click()
    copied = QGuiApplication.clipboard().text()
    assert "11-01" in copied
    assert "imap.gmail.com" not in copied
    shown.close()


def test_the_card_tells_how_far_a_copy_is(window: Window) -> None:
    scenes.progress_copying(window)
    window.menus.card.trigger()
    shown = window.help_desk.card
    assert shown is not None
    (state,) = [text for text in said(shown) if "38" in text]
    assert re.fullmatch(r"Copie en cours 38\u202f% · copie n°\s12", state)
    shown.close()


def test_a_code_is_read_in_either_language(window: Window) -> None:
    shown = code(window)
    codes = window.help_desk.codes
    assert codes is not None
    assert "Le serveur refuse l’adresse ou le mot de passe." in said(shown)
    codes.other_language.click()
    assert "The server refuses the address or the password." in said(shown)
    for language in LANGUAGES:
        window.use_language(language)
        assert codes.entry is not None
        assert codes.entry.title in said(shown)
    shown.close()


def test_a_wrong_code_leads_to_the_near_ones(window: Window) -> None:
    shown = near_codes(window)
    codes = window.help_desk.codes
    assert codes is not None
    (wanted,) = [one for one in codes.near_buttons if one.text().startswith("11-01")]
    wanted.click()
    assert "Le serveur refuse l’adresse ou le mot de passe." in said(shown)
    codes.code.setText("passe")
    assert "Ce code n’existe pas." in said(shown)
    shown.close()


def test_the_support_file_is_shown_and_saved_as_it_is_shown(
    window: Window, hands: Hands, tmp_path: Path
) -> None:
    support(window)
    shown = gathered(window)
    texts = [one.toPlainText() for one in shown.findChildren(QPlainTextEdit)]
    assert texts == [part.text for part in shown.parts]
    assert any("passwords" in text or "mots de passe" in text for text in said(shown))
    shown.save_button.click()
    dialog = shown.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    (proposed,) = dialog.selectedFiles()
    assert re.fullmatch(r"omm-desktop-assistance-\d{4}-\d\d-\d\d(-\d+)?\.zip", Path(proposed).name)
    dialog.selectFile(str(tmp_path / "assistance.zip"))
    dialog.accept()
    with ZipFile(tmp_path / "assistance.zip") as archive:
        assert [archive.read(name).decode() for name in archive.namelist()] == texts
        assert archive.namelist() == ["summary.txt", "report.json", "environment.json",
                                      "settings.json"]  # fmt: skip
        assert "25-03" in archive.read("summary.txt").decode()
    shown.save_to(tmp_path / "nowhere" / "assistance.zip")
    assert window.panel.code.text() == "Code 46-02"
    shown.close()
