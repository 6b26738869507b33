"""What is seen of a copy while its window is closed or another one is looked at."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.progress import Mood
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId

from .copy_scenes import copy_showing
from .hands import Hands

REFUSED = Problem(ProblemId.SIGN_IN_REFUSED, Place.SOURCE)


@pytest.fixture
def told(window: Window, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The notifications of a window that nobody looks at."""
    told: list[str] = []
    monkeypatch.setattr(window, "isActiveWindow", lambda: False)
    monkeypatch.setattr(window.tray, "notify", lambda _title, text: told.append(text))
    return told


def test_the_icon_tells_the_state_and_pauses_and_resumes(window: Window, hands: Hands) -> None:
    copy, tray = copy_showing(window), window.tray
    assert tray.icon.toolTip() == "OMM Desktop – Copie en cours 38\u202f%"
    hands.until(lambda: window.windowTitle() == "Copie en cours 38\u202f% – OMM Desktop")
    assert [one.text() for one in tray.menu.actions()] == [
        "Ouvrir la fenêtre",
        "&Mettre en pause",
        "Quitter",
    ]
    tray.pause_action.trigger()
    copy.shown = replace(copy.shown, mood=Mood.PAUSED)
    hands.until(lambda: tray.icon.toolTip() == "OMM Desktop – En pause 38\u202f%")
    assert tray.pause_action.text() == "Repre&ndre"
    tray.pause_action.trigger()
    assert copy.asked == ["pause", "resume"]
    window.use_language("en")
    assert tray.open_action.text() == "Open the window"


def test_whoever_is_needed_is_told_once_each_time(
    window: Window, hands: Hands, told: list[str]
) -> None:
    copy = copy_showing(window)
    for time in (1, 2):
        copy.shown = replace(copy.shown, mood=Mood.PAUSED, owner_needed=REFUSED)
        hands.until(lambda time=time: len(told) == time)
        assert not window.tray.pause_action.isVisible()
        window.progress.sample()
        copy.shown = replace(copy.shown, mood=Mood.RUNNING, owner_needed=None)
        hands.until(window.tray.pause_action.isVisible)
    assert told == ["Le serveur refuse l’adresse ou le mot de passe."] * 2


@pytest.mark.parametrize("wanted", [True, False])
def test_the_end_is_told_to_whoever_wants_it(
    window: Window, hands: Hands, told: list[str], wanted: bool
) -> None:
    copy = copy_showing(window)
    window.draft.options.notify = wanted
    copy.end()
    hands.wait_for(PageId.RESULT)
    assert told == ([window.result.headline.text()] if wanted else [])
    assert not window.tray.pause_action.isVisible()


@pytest.mark.qt_log_ignore("systemTrayWindowChanged", extend=True)
def test_an_icon_that_carried_a_notification_goes_when_the_window_is_looked_at(
    window: Window, qapp: QApplication
) -> None:
    window.tray.show()
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    assert window.tray.icon.isVisible()
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert not window.tray.icon.isVisible()
    window.hide()
    window.tray.show()
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert window.tray.icon.isVisible()


def test_a_desktop_without_icons_is_told_by_its_own_program(
    window: Window, hands: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, file = tmp_path / "notify-send", tmp_path / "said"
    program.write_text(f'#!/bin/sh\nprintf "%s|" "$@" > {file}.part\nmv {file}.part {file}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(window.tray, "is_available", lambda: False)
    window.tray.notify("OMM Desktop", "Tout est copié.")
    hands.until(file.exists)
    assert file.read_text() == "--app-name|OMM Desktop|--|OMM Desktop|Tout est copié.|"
