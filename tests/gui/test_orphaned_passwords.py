"""Passwords go with a copy that came to nothing, unless another copy needs them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from omm_desktop import desktop
from omm_desktop.copies import Copies
from omm_desktop.model.plan import MigrationPlan, Options
from omm_desktop.model.report import Grade
from omm_desktop.model.secret import Secrets
from omm_desktop.store import credentials as kept
from omm_desktop.store.credentials import Credentials
from omm_desktop.ui.services import Services
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId
from tests.guards import MemoryKeyring

from .hands import Hands
from .mailboxes import NEW, OLD, PASSWORD


@pytest.fixture
def system_keyring(memory_keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch) -> MemoryKeyring:
    """It stands for the system's."""
    monkeypatch.setattr(kept, "_SAFE_BACKENDS", {MemoryKeyring.__module__})
    return memory_keyring


@pytest.fixture
def services(copies: Copies, system_keyring: MemoryKeyring, tmp_path: Path) -> Services:
    credentials = Credentials(system_keyring)
    return desktop.services(copies, credentials, tmp_path / "preferences.json", search_seconds=0)


def stopped_at_once(window: Window) -> None:
    """A copy from `OLD` to `NEW` that the person stops before anything was done."""
    window.draft.source.prefill(OLD, PASSWORD)
    window.draft.destination.prefill(NEW, PASSWORD)
    window.result.retry_wanted.emit()
    window.copying.stop()


def left_unfinished(copies: Copies) -> None:
    """An earlier copy of the same mailboxes, stopped while it waited for its time."""
    later = Options(start_at=datetime.now().astimezone() + timedelta(days=1))
    waiting = copies.open(
        MigrationPlan(OLD, NEW, options=later), Secrets(PASSWORD, PASSWORD), attended=True
    )
    waiting.stop()
    waiting.run()


def test_of_a_copy_that_never_began(
    window: Window, hands: Hands, system_keyring: MemoryKeyring
) -> None:
    stopped_at_once(window)
    hands.wait_for(PageId.RESULT)
    assert window.result.report.grade is Grade.NOT_STARTED
    assert not system_keyring.entries


def test_not_those_that_an_unfinished_copy_needs(
    copies: Copies, window: Window, hands: Hands, system_keyring: MemoryKeyring
) -> None:
    left_unfinished(copies)
    stopped_at_once(window)
    hands.wait_for(PageId.RESULT)
    assert window.result.report.grade is Grade.NOT_STARTED
    assert len(system_keyring.entries) == 2


def test_of_a_planned_copy_that_is_called_off(
    window: Window, hands: Hands, system_keyring: MemoryKeyring
) -> None:
    window.draft.source.prefill(OLD, PASSWORD)
    window.draft.destination.prefill(NEW, PASSWORD)
    window.draft.options.start_at = datetime.now().astimezone() + timedelta(days=1)
    window.result.retry_wanted.emit()
    hands.until(lambda: window.progress.is_scheduled)
    assert len(system_keyring.entries) == 2
    hands.tab_to(window.progress.stop_button)
    hands.press(Qt.Key.Key_Space)
    hands.answer("Arrêter")
    hands.wait_for(PageId.REVIEW)
    hands.until(lambda: not system_keyring.entries)
    assert not window.services.history.listed()
