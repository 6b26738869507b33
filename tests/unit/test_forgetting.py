"""Forgetting the passwords of past copies, as uninstallers offer it."""

from __future__ import annotations

from pathlib import Path

import pytest

from omm_desktop import app, paths
from omm_desktop.copies import Copies
from omm_desktop.model.account import Account, EndpointKind, Security, Server
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.secret import Secret
from omm_desktop.store import credentials
from omm_desktop.store.credentials import Credentials
from omm_desktop.support.redact import Redactor
from tests.guards import MemoryKeyring


def _account(login: str) -> Account:
    return Account(EndpointKind.IMAP, login, Server("imap.exemple.fr", 993, Security.TLS))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "user_data", lambda: tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


def test_what_copies_have_stored_goes_and_nothing_else(
    home: Path, memory_keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentials, "_SAFE_BACKENDS", {MemoryKeyring.__module__})
    plan = MigrationPlan(_account("old"), _account("new"))
    copies = Copies(Redactor())
    ledger = copies.ledger
    ends = [ledger.account(one.identity) for one in (plan.source, plan.destination)]
    ledger.begin_run(plan, *ends, now=0.0)
    copies.close()
    for end in (plan.source, plan.destination):
        Credentials().store(end, Secret("été"))
    memory_keyring.set_password("another program", "claire", "hers")
    assert len(memory_keyring.entries) == 3
    assert app.forget_passwords() == 0
    assert memory_keyring.entries == {("another program", "claire"): "hers"}


def test_whoever_never_copied_keeps_no_folder(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert app.forget_passwords() == 0
    assert capsys.readouterr().out.startswith("OMM Desktop keeps no password")
    assert not home.exists()


def test_without_a_keyring_or_beside_an_open_program_it_says_so(
    home: Path, memory_keyring: MemoryKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    copies = Copies(Redactor())
    assert app.forget_passwords() == 1
    copies.close()
    assert app.forget_passwords() == 1
    first, second = capsys.readouterr().out.splitlines()
    assert first == second
    assert first.startswith("Passwords may be left")
