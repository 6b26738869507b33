"""Somebody at the screen, who knows of the program what a screen reader says."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pytestqt.exceptions import TimeoutError as QtTimeout
from pytestqt.qtbot import QtBot

from tests.servers.account import TestAccount

if TYPE_CHECKING:
    from .screen_reader import ScreenReader

PATIENCE_MS = 120_000
"""What was under way at a kill is left alone for half a minute."""


class Person:
    """Reads the screen, types and presses, whatever program is on it just now."""

    def __init__(self, reader: ScreenReader, qtbot: QtBot) -> None:
        self._reader, self._qtbot = reader, qtbot

    @contextmanager
    def starts(self, *arguments: str) -> Iterator[None]:
        """The program, killed at the end."""
        settings = {
            **os.environ,
            "LC_ALL": "C.UTF-8",
            "QT_QPA_PLATFORM": "xcb",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        }
        command = [sys.executable, "-m", "omm_desktop", *arguments]
        with subprocess.Popen(command, env=settings) as running:
            try:
                yield
                assert running.poll() is None, "it was still there to be killed"
            finally:
                running.kill()

    def until(self, holds: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(holds, timeout=PATIENCE_MS)

    def waits_for(self, text: str) -> None:
        try:
            self.until(lambda: self._reader.reads(text))
        except QtTimeout as error:
            screen = [one.name for one in self._reader.seen() if one.name]
            raise AssertionError(f"never “{text}”; the screen shows {screen}") from error

    def sees(self, text: str) -> bool:
        """Anywhere within what is on the screen just now."""
        return any(text in one.name for one in self._reader.seen())

    def presses(self, name: str) -> None:
        self._reader.press(name)

    def gives_the_passwords(self, old: TestAccount, new: TestAccount) -> None:
        pages = {"Where does your mail come from?": old, "Where does your mail go?": new}
        for title, account in pages.items():
            self.waits_for(title)
            self.waits_for(f"{account.host}, by IMAP")
            self._reader.type("Password", account.password)
            self.presses("Check and continue")
