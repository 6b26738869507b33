"""The program started twice: by the same person, by another, and after a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from omm_desktop import app, paths
from omm_desktop.copies import Copies
from omm_desktop.model.problem import CannotGoOn, ProblemId
from omm_desktop.support.redact import Redactor
from omm_desktop.ui import one_window
from omm_desktop.ui.one_window import OneWindow
from omm_desktop.ui.window import Window

from .copy_scenes import copy_showing

PATIENCE_MS = 60_000

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Short, since the path of a socket may not be long."""
    with tempfile.TemporaryDirectory(prefix="omm") as folder:
        monkeypatch.setenv("XDG_DATA_HOME", folder)
        yield Path(folder)


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts the program as a person with that home does."""
    with ExitStack() as stack:

        def begin(home: Path, *arguments: str) -> subprocess.Popen[bytes]:
            settings = {
                **os.environ,
                "XDG_DATA_HOME": str(home),
                "XDG_STATE_HOME": str(home),
                "QT_QPA_PLATFORM": "offscreen",
            }
            command = [sys.executable, "-m", "omm_desktop", *arguments]
            process = stack.enter_context(subprocess.Popen(command, env=settings))
            stack.callback(process.kill)
            return process

        yield begin


@pytest.mark.qt_log_ignore("systemTrayWindowChanged", "does not support raise", extend=True)
def test_a_second_start_opens_the_window_behind_the_icon(
    window: Window, home: Path, start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = Copies(Redactor())
    monkeypatch.setattr(window.tray, "is_available", lambda: True)
    copy = copy_showing(window)
    window.close()
    assert not window.isVisible()
    OneWindow(paths.user_data(), window).called.connect(window.come_back)
    second = start(home)
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=PATIENCE_MS)
    assert second.returncode == 0
    assert window.isVisible()
    assert copy.asked == []
    records.close()


def test_a_second_start_with_a_plan_opens_it_in_the_window(
    window: Window, home: Path, start: Start, qtbot: QtBot
) -> None:
    records = Copies(Redactor())
    OneWindow(paths.user_data(), window).called.connect(window.come_back)
    plan = home / "été\u00a0.toml"
    plan.write_text("[source]\n", "utf-8")
    second = start(home, str(plan))
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=PATIENCE_MS)
    assert second.returncode == 0
    assert window.panel.code.text() == "Code 48-03"
    records.close()


def test_what_a_killed_program_left_stands_in_nobodys_way(
    home: Path, start: Start, qtbot: QtBot
) -> None:
    folder = paths.user_data()
    first = start(home)
    qtbot.waitUntil(lambda: one_window.call(folder), timeout=PATIENCE_MS)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert (folder / "window").exists()
    assert not one_window.call(folder)
    start(home)
    qtbot.waitUntil(lambda: one_window.call(folder), timeout=PATIENCE_MS)


def test_another_person_has_a_window_of_their_own(window: Window, home: Path) -> None:
    mine, theirs = home / "mine", home / "theirs"
    mine.mkdir()
    theirs.mkdir()
    OneWindow(mine, window)
    assert not one_window.call(theirs)


def test_records_in_the_hands_of_a_command_are_told(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "_TRIES", 2)
    held = Copies(Redactor())
    asked: list[str] = []
    with pytest.raises(CannotGoOn) as told:
        app._records(Redactor(), lambda: bool(asked.append("shown?")))
    assert told.value.problem.id is ProblemId.ALREADY_OPEN
    assert len(asked) == 2
    held.close()
    found = app._records(Redactor(), lambda: False)
    assert found is not None
    found.close()
