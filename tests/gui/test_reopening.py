"""The entry that opens the program after a restart: there while a copy is unfinished, if wanted."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from omm_desktop import desktop
from omm_desktop.at_login import linux
from omm_desktop.at_login.reopening import Reopening
from omm_desktop.copies import Copies
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.report import Grade
from omm_desktop.store import report_json
from omm_desktop.store.credentials import Credentials
from omm_desktop.ui.services import Services
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId
from tests.unit.reports import report

from .copy_scenes import copy_showing
from .hands import Hands
from .mailboxes import NEW, OLD
from .undo_scenes import undo_running


@pytest.fixture
def services(copies: Copies, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Services:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return desktop.services(
        copies,
        Credentials.in_memory(),
        tmp_path / "preferences.json",
        search_seconds=0,
        at_login=Reopening(linux, ["/usr/bin/omm-desktop"]),
    )


def begun(copies: Copies) -> int:
    """A copy that was cut off."""
    plan, ledger = MigrationPlan(OLD, NEW), copies.ledger
    ends = [ledger.account(account.identity) for account in (OLD, NEW)]
    return ledger.begin_run(plan, *ends, 1_773_321_600.0)


@pytest.fixture
def cut_off(copies: Copies) -> int:
    return begun(copies)


def test_it_is_there_until_the_person_does_not_want_it(
    cut_off: int, window: Window, hands: Hands
) -> None:
    hands.until(linux.file().is_file)
    assert window.current_page_id is PageId.HOME
    assert window.home.reopen.isChecked()
    for is_wanted in (False, True):
        hands.tab_to(window.home.reopen)
        hands.press(Qt.Key.Key_Space)
        hands.until(lambda is_wanted=is_wanted: linux.file().is_file() is is_wanted)
        assert window.services.preferences.reopen is is_wanted


def test_it_goes_with_the_copy_that_is_forgotten(
    cut_off: int, window: Window, hands: Hands
) -> None:
    hands.until(linux.file().is_file)
    hands.tab_to(window.home.copies[0].forget)
    hands.press(Qt.Key.Key_Space)
    hands.answer("Oublier")
    hands.until(lambda: not linux.file().exists())
    assert not window.services.history.listed()


def test_it_comes_with_a_copy_and_goes_with_its_end(
    window: Window, copies: Copies, hands: Hands
) -> None:
    copy = copy_showing(window)
    run = begun(copies)
    window.next_login.settle()
    hands.until(linux.file().is_file)
    copies.ledger.end_run(run, 0.0, Grade.COMPLETE, report_json.to_json(report(Grade.COMPLETE)))
    copy.stop()
    hands.wait_for(PageId.RESULT)
    hands.until(lambda: not linux.file().exists())


class Wish:
    """Whether the computer is to stay awake, each time it changed."""

    def __init__(self) -> None:
        self.told = [False]

    def keep(self, wanted: bool) -> None:
        if wanted is not self.told[-1]:
            self.told.append(wanted)


def test_the_computer_is_kept_awake_while_a_copy_is_taken_back(
    window: Window, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish = Wish()
    monkeypatch.setattr(window.outside, "awake", wish)
    undo_running(window)
    assert wish.told == [False, True]
    hands.press(Qt.Key.Key_Space)
    assert wish.told == [False, True, False]
    hands.press(Qt.Key.Key_Space)
    window.undo.stop()
    hands.until(lambda: not window.undo.is_running)
    assert wish.told == [False, True, False, True, False]
