"""Everybody can use every window: the criteria, and what proves each.

`access`, `keyboard_walk` and `painted` hold the rules. Every scene goes through them in test_pages
(test_pictures), every other window and every question here.

| | criterion | proof |
|---|---|---|
| A1 | every control has a name and a role | access; the bridge to the desktop: test_screen_reader |
| A2 | the name holds what is written | access |
| A3 | Tab as one reads, ends on the buttons, no trap | keyboard_walk, looks |
| A4 | each journey by keys alone | test_real_*, test_behaviour, test_undo; access: reach |
| A5 | the focus is seen | keyboard_walk |
| A6 | contrast of texts and marks, in every scheme | painted, test_colours |
| A7 | nothing clipped at 200 % | looks, test_stretched |
| A8 | nothing told by colour alone | access |
| A9 | faults in words, tied to their field | access, test_behaviour |
| A10 | status is announced | here, test_behaviour, test_finding, test_screen_reader |
| A11 | at most every five seconds in a copy | here |
| A12 | targets of 32 px | looks |
| A13 | a letter means one thing | looks, test_languages; questions: here |
| A14 | nothing by hovering or dragging alone | access |
| A15 | no time limit | here |
| A16 | languages switch live and are declared | test_pictures, access |
| A17 | whole translations, typography | tests/house/test_translations |
| A18 | the mask leaves no name | test_pictures, test_masked |
| A19 | short titles, sentences, blocks | tests/house/test_translations, unit/test_catalogue |
| A20 | never frozen | a benchmark |
| A21 | Stop takes effect | tests/faults |
| A22 | closed, killed, resumed | tests/faults, test_real_journeys |
| A23 | a journey with NVDA, VoiceOver and Orca | people, at each release |
| A24 | five people without help | people, once for each major change |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from omm_desktop.language import LANGUAGES
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.progress import Mood, Phase
from omm_desktop.ui import about, newer_version, report_version
from omm_desktop.ui.reading_window import ReadingWindow
from omm_desktop.ui.task import Task
from omm_desktop.ui.theme import Appearance, Theme
from omm_desktop.ui.widgets import announcer
from omm_desktop.ui.window import Window
from tests.unit.reports import report

from . import access, keyboard_walk, looks, painted, scenes
from .conftest import PATIENCE_MS
from .copy_scenes import copy_showing
from .scripted import snapshot
from .seen import MNEMONIC
from .undo_scenes import undo_running

QUIET_SECONDS = 5.0


def to_read(window: Window) -> Iterator[ReadingWindow]:
    """Every window beside the wizard that one reads."""
    window.beside.open_differences()
    window.source.open_exports()
    window.help_desk.open_card()
    window.help_desk.open_codes()
    window.help_desk.open_support()
    window.manual.open_at("afterwards")
    Task.wait_for_all(PATIENCE_MS)
    codes = window.help_desk.codes
    assert codes is not None
    codes.code.setText("11-09")
    for one in (
        window.beside.differences, window.source.exports, window.help_desk.card,
        codes, window.help_desk.support, window.manual.window,
    ):  # fmt: skip
        assert one is not None
        yield one


def test_windows_to_read(window: Window, appearance: Appearance) -> None:
    for shown in to_read(window):
        looks.settle(shown)
        assert access.faults(shown) == []
        assert painted.faults(shown, shown.page.widget(), appearance.colours) == []
        assert keyboard_walk.faults(shown, shown.page.widget(), shown.bar) == []
        shown.close()


def test_settings_and_domain(window: Window, appearance: Appearance) -> None:
    window.beside.open_reference()
    window.beside.show_domain("", "")
    reference, domain = window.beside.reference, window.beside.domain
    assert reference is not None
    assert domain is not None
    domain.check()
    for shown, page in ((reference, reference.view), (domain, domain.page)):
        looks.settle(shown)
        assert access.faults(shown) == []
        assert painted.faults(shown, page.widget(), appearance.colours) == []
        assert keyboard_walk.faults(shown, page.widget(), shown.bar) == []
        shown.close()


def stop_a_copy(window: Window) -> None:
    copy_showing(window)
    window.progress.stop_button.click()


def quit_a_copy(window: Window) -> None:
    copy_showing(window)
    window.closing.ask()


def stop_removing(window: Window) -> None:
    undo_running(window)
    window.undo.stop_button.click()


def save_masked(window: Window) -> None:
    window.menus.mask.trigger()
    report_version.choose(window, report(), lambda _report: pytest.fail("nothing was chosen"))


def choose_masked(window: Window) -> None:
    window.menus.mask.trigger()
    window.source.file_list.choose_files.click()


QUESTIONS: dict[str, tuple[Callable[[Window], object], str]] = {
    "about": (about.show, ""),
    "newer": (lambda window: newer_version.show(window, "https://example.com/"), ""),
    "stop": (stop_a_copy, "Continuer la copie"),
    "quit": (quit_a_copy, "Réduire la fenêtre"),
    "stop-removing": (stop_removing, "Continuer"),
    "report": (save_masked, "Sans les noms"),
    "files": (choose_masked, "Annuler"),
}
"""Each with the button that Enter presses, where a wrong one would do harm."""


@pytest.mark.parametrize("name", QUESTIONS)
def test_questions(window: Window, appearance: Appearance, name: str) -> None:
    ask, harmless = QUESTIONS[name]
    for language in LANGUAGES if not harmless else ("fr",):
        window.use_language(language)
        ask(window)
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        assert box.windowTitle()
        assert access.faults(box) == []
        assert painted.faults(box, box, appearance.colours) == []
        texts = [button.text() for button in box.buttons()]
        letters = [found[1].casefold() for text in texts if (found := MNEMONIC.search(text))]
        assert len(letters) == len(set(letters)), texts
        assert "OK" not in texts
        if harmless:
            assert box.focusWidget().text().replace("&", "") == harmless
        met = []
        for _button in box.buttons():
            met.append(box.focusWidget())
            QTest.keyClick(box.focusWidget(), Qt.Key.Key_Tab)
        assert set(met) == set(box.buttons())
        QTest.keyClick(box, Qt.Key.Key_Escape)
        assert not box.isVisible()


@pytest.mark.parametrize("theme", [Theme.DARK, Theme.CONTRAST])
def test_texts_are_painted_in_the_colours_of_the_scheme(
    window: Window, appearance: Appearance, theme: Theme
) -> None:
    scenes.SCENES["source-faults"](window)
    window.show_problem(Problem(ProblemId.SIGN_IN_REFUSED, Place.SOURCE))
    appearance.use(theme=theme)
    looks.settle(window)
    assert painted.faults(window, window.page.widget(), appearance.colours) == []
    assert keyboard_walk.faults(window, window.page.widget(), window.frame.buttons) == []


class Clock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


def test_a_copy_tells_phases_waits_and_tenths_and_never_chatters(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    heard: list[tuple[float, str]] = []
    monkeypatch.setattr(announcer, "time", clock)
    copy = copy_showing(window, phase=Phase.COUNTING, items_done=0, bytes_done=0, folders=())
    window.progress.timer.stop()
    window.announcer.announced.connect(lambda text: heard.append((clock.now, text)))

    def sample(seconds: float, **shown: object) -> None:
        clock.now += seconds
        copy.shown = snapshot(**shown)  # type: ignore[arg-type]
        window.progress.sample()

    for done in range(0, 8301, 83):
        sample(1.0, items_done=done, bytes_total=0)
    assert heard[0][1] == "Copie en cours"
    assert heard[-1][1].startswith("100")
    assert 10 <= len(heard) <= 12
    slow = Problem(ProblemId.ASKED_TO_SLOW_DOWN, Place.DESTINATION)
    for _time in range(10):
        sample(1.0, mood=Mood.WAITING, waiting_for=slow, waiting_until=1_773_321_600.0)
    assert "27-01" in heard[-1][1]
    for _time in range(10):
        sample(1.0, mood=Mood.PAUSED)
    assert [text.split(".")[0] for _at, text in heard[-2:]] == ["En attente du serveur", "En pause"]
    apart = [later - before for (before, _text), (later, _next) in pairwise(heard)]
    assert min(apart) >= QUIET_SECONDS
    refused = Problem(ProblemId.SIGN_IN_REFUSED, Place.SOURCE)
    sample(0.1, mood=Mood.PAUSED, owner_needed=refused)
    assert "11-01" in heard[-1][1]
    copy.stop()


def test_a_removal_tells_its_waits(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    heard: list[str] = []
    monkeypatch.setattr(announcer, "time", clock)
    undo = undo_running(window)
    window.announcer.announced.connect(heard.append)
    clock.now += QUIET_SECONDS
    slow = Problem(ProblemId.ASKED_TO_SLOW_DOWN, Place.DESTINATION)
    undo.shown = replace(
        undo.shown, mood=Mood.WAITING, waiting_for=slow, waiting_until=1_773_321_600.0
    )
    window.undo.sample()
    assert len(heard) == 1
    assert "27-01" in heard[0]
    assert window.undo.waiting.text().startswith("…")


def timers(of: QObject) -> list[QTimer]:
    return [one for one in of.findChildren(QTimer) if one.isActive()]


def test_nothing_has_a_time_limit(window: Window) -> None:
    """Whatever is due comes at once: page, problem, question and what was typed are still there."""
    scenes.SCENES["progress-password"](window)
    answer = window.progress.answer.password.edit
    answer.setText("à moitié")
    window.progress.stop_button.setEnabled(True)
    window.progress.ask_to_stop()
    box, page, code = QApplication.activeModalWidget(), window.page, window.panel.code.text()
    due = [*timers(window), *timers(QApplication.instance())]
    assert window.progress.timer in due
    for timer in due:
        timer.timeout.emit()
    assert QApplication.activeModalWidget() is box
    assert (window.page, window.panel.code.text(), answer.text()) == (page, code, "à moitié")
    QTest.keyClick(box, Qt.Key.Key_Escape)
