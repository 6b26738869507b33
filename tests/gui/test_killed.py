"""The real program with its window, killed with no warning, and started again by the person."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytestqt.exceptions import TimeoutError as QtTimeout
from pytestqt.qtbot import QtBot

from tests.servers.account import TestAccount
from tests.servers.mailbox import compare, snapshot
from tests.servers.relay import Relay

if TYPE_CHECKING:
    from tests.servers.fixtures import NewUser

    from .screen_reader import ScreenReader

PATIENCE_MS = 120_000
"""What was under way at a kill is left alone for half a minute."""
CRAWL = 1_000


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

    def presses(self, name: str) -> None:
        self._reader.press(name)

    def gives_the_passwords(self, old: TestAccount, new: TestAccount) -> None:
        pages = {"Where does your mail come from?": old, "Where does your mail go?": new}
        for title, account in pages.items():
            self.waits_for(title)
            self.waits_for(f"{account.host}, by IMAP")
            self._reader.type("Password", account.password)
            self.presses("Check and continue")


@pytest.fixture
def person(reader: ScreenReader, qtbot: QtBot) -> Person:
    return Person(reader, qtbot)


def plan_between(old: TestAccount, new: TestAccount, file: Path) -> str:
    sides = (
        f'[{side}]\nkind = "imap"\nhost = "{account.host}"\nport = {account.port}\n'
        f'security = "none"\nlogin = {json.dumps(account.login)}\n'
        for side, account in (("source", old), ("destination", new))
    )
    file.write_text("".join(sides), "utf-8")
    return str(file)


def arrived(account: TestAccount) -> int:
    return sum(map(len, snapshot(account).values()))


def test_before_the_copy_in_its_midst_and_after_it(
    person: Person,
    heavy: TestAccount,
    new_dovecot_user: NewUser,
    slow_line: Relay,
    tmp_path: Path,
) -> None:
    old, new = heavy.through(slow_line.port), new_dovecot_user()
    before = snapshot(heavy)
    plan = plan_between(old, new, tmp_path / "plan.toml")
    with person.starts(plan):
        person.gives_the_passwords(old, new)
        person.waits_for("Everything is ready")
    assert arrived(new) == 0
    with person.starts(plan):
        person.gives_the_passwords(old, new)
        person.waits_for("Everything is ready")
        person.presses("Start the copy")
        person.until(lambda: arrived(new) > 0)
        slow_line.change(speed=CRAWL)
    midway = arrived(new)
    assert 0 < midway < arrived(heavy)
    slow_line.change(speed=None)
    with person.starts():
        person.waits_for("The copy of")
        person.presses("Resume")
        person.gives_the_passwords(old, new)
        person.waits_for("Everything is copied")
    assert compare(before, snapshot(new)) == []
    with person.starts():
        person.waits_for("Your copies")
        person.presses("Copy the new messages")
        person.gives_the_passwords(old, new)
        person.waits_for("Everything is copied")
    assert compare(before, snapshot(new)) == []
    assert compare(before, snapshot(heavy)) == []
