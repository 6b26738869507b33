"""The manual's window: every chapter in both languages, its order, and the windows it leads to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from omm_desktop.guide import manual as guide
from omm_desktop.guide.manual import Other, manual
from omm_desktop.language import DATA_LANGUAGES, LANGUAGES
from omm_desktop.ui.manual_window import ManualWindow
from omm_desktop.ui.theme import Appearance
from omm_desktop.ui.window import Window

from . import looks, scenes
from .test_pictures import dressed, wrong_with

PAGES = [None, *manual().chapters]
TITLES = {section.title.en for chapter in manual().chapters for section in chapter.sections}
MOST_SEEN = 100

NAMES = [chapter.id if chapter else "contents" for chapter in PAGES]

each_page = pytest.mark.parametrize("chapter", PAGES, ids=NAMES)


def opened(window: Window) -> ManualWindow:
    window.menus.manual.trigger()
    shown = window.manual.window
    assert shown is not None
    assert shown.isVisible()
    return shown


def test_every_chapter_looks_right(window: Window, appearance: Appearance) -> None:
    shown = opened(window)
    wrong: list[str] = []
    for look in dressed(window, appearance, shown):
        # Of other languages there is the window alone.
        english = set() if look[0] in DATA_LANGUAGES else TITLES
        for name, chapter in zip(NAMES, PAGES, strict=True):
            shown.turn_to(chapter)
            looks.settle(shown)
            wrong += wrong_with(
                shown, look, f"manual-{name}", looks.reading_faults, untranslated=english
            )
    shown.close()
    assert not wrong, "\n".join(wrong)


@each_page
def test_every_word_of_a_chapter_is_there(window: Window, chapter: guide.Chapter | None) -> None:
    shown = opened(window)
    shown.turn_to(chapter)
    for language in LANGUAGES:
        window.use_language(language)
        looks.settle(shown)
        said = "\n".join(looks.texts(shown))
        if chapter is None:
            wanted = [w for one in manual().chapters for w in (one.title, one.summary)]
        else:
            blocks = [block.words for section in chapter.sections for block in section.blocks]
            wanted = [chapter.title, *(section.title for section in chapter.sections), *blocks]
        for wording in wanted:
            assert wording.text(language).replace("`", "") in said
    shown.close()


def test_it_is_read_from_one_end_to_the_other_by_keys(window: Window, qtbot: QtBot) -> None:
    shown = opened(window)
    first = next(b for b in links(shown) if b.text() == manual().chapters[0].title.text())
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Space)
    seen = []
    while shown.next.isEnabled():
        assert shown.chapter is not None
        seen.append(shown.chapter)
        qtbot.keyClick(shown.next, Qt.Key.Key_Space)
        assert len(seen) < MOST_SEEN
    assert [*seen, shown.chapter] == list(manual().chapters)
    qtbot.keyClick(shown.previous, Qt.Key.Key_Space)
    assert shown.chapter == manual().chapters[-2]
    qtbot.keyClick(shown.contents, Qt.Key.Key_Space)
    assert shown.chapter is None
    assert shown.contents.isHidden()
    qtbot.keyClick(shown, Qt.Key.Key_Escape)
    assert not shown.isVisible()


def links(shown: ManualWindow) -> list[QPushButton]:
    looks.settle(shown)
    found = [button for button in shown.findChildren(QPushButton) if button.objectName() == "link"]
    return [button for button in found if button.isVisible()]


OPENED: dict[Other, Callable[[Window], QWidget | None]] = {
    Other.EXPORTS: lambda window: window.source.exports,
    Other.READERS: lambda window: window.destination.readers,
    Other.REFERENCE: lambda window: window.beside.reference,
    Other.DOMAIN: lambda window: window.beside.domain,
    Other.DIFFERENCES: lambda window: window.beside.differences,
    Other.CARD: lambda window: window.help_desk.card,
    Other.CODES: lambda window: window.help_desk.codes,
    Other.SUPPORT: lambda window: window.help_desk.support,
}


@pytest.mark.parametrize("other", Other)
def test_a_section_leads_to_other_windows(window: Window, other: Other) -> None:
    shown = opened(window)
    chapter, section = next(
        (chapter, section)
        for chapter in manual().chapters
        for section in chapter.sections
        if section.opens is other
    )
    shown.turn_to(chapter)
    leading = [one for one in chapter.sections if one.opens is not None]
    links(shown)[leading.index(section)].click()
    found = OPENED[other](window)
    assert found is not None
    assert found.isVisible()
    found.close()
    shown.close()


def test_a_picture_is_shown_once_it_has_been_taken(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guide, "picture", lambda name, language=None: tmp_path / f"{name}.png")
    shown = opened(window)
    shown.turn_to(manual().chapter("source"))
    assert pictures(shown) == []
    taken = QPixmap(900, 640)
    taken.fill(QColor("teal"))
    assert taken.save(str(tmp_path / "source.png"))
    shown.retranslate()
    for size in ((900, 640), (520, 480)):
        shown.resize(*size)
        (one,) = pictures(shown)
        assert one.accessibleName() == "Image\u202f: L’adresse et le mot de passe"
        assert one.pixmap().width() == min(640, one.width())
        assert one.pixmap().width() * 640 == pytest.approx(one.pixmap().height() * 900, rel=0.01)
        assert one.height() >= one.pixmap().height()
        assert looks.reading_faults(shown) == []
    shown.close()


def test_the_result_leads_to_why_outlook_counts_otherwise(window: Window) -> None:
    scenes.result_losses(window)
    looks.settle(window)
    window.result.counts_link.click()
    shown = window.manual.window
    assert shown is not None
    assert shown.chapter == manual().chapter("result")
    looks.settle(shown)
    assert "Outlook affiche un autre nombre" in looks.texts(shown)
    shown.close()


def pictures(shown: ManualWindow) -> list[QLabel]:
    looks.settle(shown)
    return [one for one in shown.findChildren(QLabel) if one.isVisible() and one.pixmap().width()]


def test_without_any_chapter_shown_it_says_what_the_program_never_does(window: Window) -> None:
    shown = opened(window)
    assert shown.windowTitle() == "Manuel – OMM Desktop"
    assert shown.promise.text() == manual().promise.fr
    shown.close()
