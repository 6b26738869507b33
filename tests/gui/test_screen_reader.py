"""The real program on a desktop of its own, worked by a screen reader alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from .screen_reader import FOCUSABLE, PATIENCE_SECONDS, ScreenReader

NO_ROLES = {"", "filler", "invalid", "panel", "unknown"}
WAY = (
    ("Where does your mail come from?", "Check and continue"),
    ("Where does your mail go?", "Check and continue"),
    ("What do you want to copy?", "Continue"),
    ("Everything is ready", "Start the copy"),
)


@pytest.fixture
def program(reader: ScreenReader) -> Iterator[None]:
    settings = {
        **os.environ,
        "LC_ALL": "C.UTF-8",
        "QT_QPA_PLATFORM": "xcb",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
    }
    command = [sys.executable, "-m", "omm_desktop", "--demo"]
    with subprocess.Popen(command, env=settings) as running:
        yield
        running.kill()


@pytest.mark.usefixtures("program")
def test_a_whole_copy_is_read_and_worked_over_at_spi(reader: ScreenReader, qtbot: QtBot) -> None:
    """Each page is announced, has its title and nameless nothing; so has the end of the copy."""

    def is_read(title: str) -> bool:
        return any(one.name == title and one.role == "label" for one in reader.seen())

    # What is announced before the window stands is heard by nobody.
    qtbot.waitUntil(lambda: is_read(WAY[0][0]), timeout=PATIENCE_SECONDS * 1000)
    for number, (title, button) in enumerate(WAY):
        if number:
            reader.listen_for(f". {title}")
        everything = list(reader.seen())
        assert [one.name for one in everything if one.name == title and one.role == "label"]
        stops = [one for one in everything if FOCUSABLE in one.states]
        assert len(stops) > 3
        assert [one for one in stops if not (one.name or one.labels)] == []
        assert [one for one in stops if one.role in NO_ROLES] == []
        reader.press(button)
    reader.listen_for("Step 4 of 4 – Copy")
    reader.listen_for("Everything is copied")
    moved = [reader.look_at(one) for one in set(reader.moved)]
    assert ("progress bar", "Progress of the copy") in [(one.role, one.name) for one in moved]
