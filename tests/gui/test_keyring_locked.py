"""A keyring that takes passwords and is locked when they are to go."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from keyring.backend import KeyringBackend
from keyring.backends.SecretService import Keyring as SecretServiceKeyring
from keyring.errors import KeyringLocked
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from omm_desktop import desktop, paths
from omm_desktop.copies import Copies
from omm_desktop.model.plan import MigrationPlan, Options
from omm_desktop.model.problem import ProblemId
from omm_desktop.model.report import Grade, Report
from omm_desktop.model.secret import Secrets
from omm_desktop.report.as_html import as_html
from omm_desktop.store.credentials import Credentials
from omm_desktop.store.history import History
from omm_desktop.support.catalogue import Catalogue
from omm_desktop.ui.migration_thread import MigrationThread
from omm_desktop.ui.services import Services
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.present.result import result
from tests.servers.account import TestAccount
from tests.servers.mailbox import MailFolder, Message, load

from .hands import Hands

PATIENCE_MS = 60_000


class TakesAndKeeps:
    """Counts as the system's, see below."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[username] = password

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(username)

    def delete_password(self, service: str, username: str) -> None:
        raise KeyringLocked("dismissed")


TakesAndKeeps.__module__ = SecretServiceKeyring.__module__


@pytest.fixture
def credentials() -> Credentials:
    return Credentials(cast(KeyringBackend, TakesAndKeeps()))


@pytest.fixture
def services(copies: Copies, credentials: Credentials, tmp_path: Path) -> Services:
    return desktop.services(copies, credentials, tmp_path / "preferences.json", search_seconds=0)


def copied(
    copies: Copies, credentials: Credentials, old: TestAccount, new: TestAccount, qtbot: QtBot
) -> Report:
    load(old, [MailFolder(("INBOX",), [Message(b"Subject: one\r\n\r\ntext\r\n")])])
    plan = MigrationPlan(old.as_account, new.as_account, options=Options(settle_seconds=0.5))
    secrets = Secrets(old.secret, new.secret)
    migration = copies.open(plan, secrets, attended=True)
    thread = MigrationThread(
        migration, plan, secrets, credentials, History(copies.ledger), forget=True
    )
    with qtbot.waitSignal(thread.ended, timeout=PATIENCE_MS) as ended:
        thread.start()
    thread.wait()
    assert ended.args is not None
    report = ended.args[0]
    assert isinstance(report, Report)
    return report


def test_the_copy_tells_that_its_passwords_may_be_left(
    copies: Copies,
    credentials: Credentials,
    old_account: TestAccount,
    new_account: TestAccount,
    qtbot: QtBot,
) -> None:
    report = copied(copies, credentials, old_account, new_account, qtbot)
    assert (report.grade, report.copied) == (Grade.COMPLETE_WITH_NOTES, 1)
    assert [note.problem.id for note in report.notes] == [ProblemId.PASSWORD_STAYS]
    catalogue = Catalogue.load(paths.resources() / "problems.toml")
    (group,) = result(report, catalogue).notes
    assert group.code_line == "Code 41-02"
    assert group.lines == ()
    table = as_html(report, catalogue.entry).partition("41-02")[2].partition("</article>")[0]
    assert "<table" not in table


def test_so_does_forgetting_a_copy(
    copies: Copies,
    credentials: Credentials,
    window: Window,
    hands: Hands,
    old_account: TestAccount,
    new_account: TestAccount,
    qtbot: QtBot,
) -> None:
    copied(copies, credentials, old_account, new_account, qtbot)
    window._finish()
    hands.wait_for(PageId.HOME)
    # Listed anew once its items are counted.
    hands.until(lambda: [one.run.total for one in window.home.copies] == [1])
    hands.tab_to(window.home.copies[0].forget)
    hands.press(Qt.Key.Key_Space)
    hands.answer("Oublier")
    hands.until(lambda: "41-02" in window.panel.code.text())
    assert not window.services.history.listed()
