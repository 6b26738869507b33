"""Passwords: in the system's keyring when there is a real one, else in memory and said so."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.backends.null import Keyring as NullKeyring
from keyring.backends.SecretService import Keyring as SecretServiceKeyring
from keyring.errors import KeyringLocked, PasswordDeleteError

from omm_desktop.model.account import Account, EndpointKind, Security, Server
from omm_desktop.model.secret import Secret
from omm_desktop.store import credentials as kept
from omm_desktop.store.credentials import Credentials
from tests.guards import MemoryKeyring

ROOT = Path(__file__).parents[2]


def account(
    login: str = "moi@exemple.fr", host: str = "imap.exemple.fr", port: int = 993
) -> Account:
    return Account(EndpointKind.IMAP, login, Server(host, port, Security.TLS))


class PlainFile:
    """Stands for the backends that write passwords in the clear."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise AssertionError("a password would have been written in the clear")

    def get_password(self, service: str, username: str) -> str | None:
        raise AssertionError("not to be asked")


class Locked:
    """A real kind of keyring whose owner does not unlock it."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked("dismissed")

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("dismissed")

    def delete_password(self, service: str, username: str) -> None:
        raise KeyringLocked("dismissed")


class RefusesAsIfNothingWereThere(Locked):
    """As KWallet and macOS do when the person does not let them."""

    def delete_password(self, service: str, username: str) -> None:
        raise PasswordDeleteError("Cancelled by user")


for kind in (Locked, RefusesAsIfNothingWereThere):
    kind.__module__ = SecretServiceKeyring.__module__


@pytest.fixture
def system_keyring(memory_keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch) -> MemoryKeyring:
    """It stands for the system's."""
    monkeypatch.setattr(kept, "_SAFE_BACKENDS", {MemoryKeyring.__module__})
    return memory_keyring


def keyring(backend: object) -> KeyringBackend:
    """The stand-ins are no subclasses, since every subclass registers itself with the library."""
    return cast(KeyringBackend, backend)


@pytest.mark.parametrize("backend", [PlainFile(), NoKeyring(), NullKeyring(), ChainerBackend()])
def test_only_the_systems_keyrings_count_as_safe(backend: object) -> None:
    credentials = Credentials(keyring(backend))
    assert not credentials.is_safe_place
    credentials.store(account(), Secret("hunter2"))
    assert credentials.recall(account()) == Secret("hunter2")
    assert Credentials(keyring(backend)).recall(account()) is None


def test_each_mailbox_has_its_own_entry() -> None:
    credentials = Credentials(NoKeyring())
    credentials.store(account(), Secret("old"))
    credentials.store(account(host="imap.exemple.com"), Secret("new"))
    assert credentials.recall(account()) == Secret("old")
    credentials.forget(account())
    assert credentials.recall(account()) is None
    assert credentials.recall(account(host="imap.exemple.com")) == Secret("new")
    credentials.forget(account())


def test_two_servers_of_one_host_have_an_entry_each(system_keyring: MemoryKeyring) -> None:
    credentials = Credentials(system_keyring)
    credentials.store(account(), Secret("old"))
    credentials.store(account(port=1993), Secret("new"))
    assert credentials.recall(account()) == Secret("old")
    assert credentials.recall(account(port=1993)) == Secret("new")
    credentials.forget(account())
    assert credentials.recall(account()) is None
    assert credentials.recall(account(port=1993)) == Secret("new")


def test_an_entry_without_a_port_is_found_and_forgotten(system_keyring: MemoryKeyring) -> None:
    """As they were called before the port was part of their names."""
    system_keyring.set_password("omm-desktop", "imap moi@exemple.fr imap.exemple.fr", "earlier")
    credentials = Credentials(system_keyring)
    assert credentials.recall(account()) == Secret("earlier")
    credentials.store(account(), Secret("newer"))
    assert credentials.recall(account()) == Secret("newer")
    credentials.forget(account())
    assert credentials.recall(account()) is None
    assert not system_keyring.entries


def test_a_keyring_that_stays_locked_is_replaced_by_memory() -> None:
    credentials = Credentials(keyring(Locked()))
    assert credentials.is_safe_place
    credentials.store(account(), Secret("hunter2"))
    assert not credentials.is_safe_place
    assert credentials.recall(account()) == Secret("hunter2")


def test_asking_or_forgetting_in_a_locked_keyring_never_fails() -> None:
    assert Credentials(keyring(Locked())).recall(account()) is None
    for locked in (Locked(), RefusesAsIfNothingWereThere()):
        assert not Credentials(keyring(locked)).forget(account())


def test_what_never_came_into_a_locked_keyring_is_gone_when_it_is_forgotten() -> None:
    credentials = Credentials(keyring(Locked()))
    credentials.store(account(), Secret("hunter2"))
    assert credentials.forget(account())
    assert credentials.recall(account()) is None


def test_what_was_kept_before_a_keyring_was_locked_goes_once_it_is_open_again(
    system_keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    credentials = Credentials(system_keyring)
    credentials.store(account(), Secret("hunter2"))
    with monkeypatch.context() as locked:
        for method in ("get_password", "set_password", "delete_password"):
            locked.setattr(system_keyring, method, getattr(Locked(), method))
        assert not credentials.forget(account())
    assert credentials.forget(account())
    assert not system_keyring.entries


@pytest.mark.parametrize("found_by", ["asking", "storing"])
def test_what_a_locked_keyring_may_hold_from_before_is_not_told_gone(
    system_keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch, found_by: str
) -> None:
    """Neither by a session that could not read it, nor by one that put it there itself."""
    if found_by == "asking":
        Credentials(system_keyring).store(account(), Secret("hunter2"))
    credentials = Credentials(system_keyring)
    if found_by == "storing":
        credentials.store(account(), Secret("hunter2"))
    with monkeypatch.context() as locked:
        for method in ("get_password", "set_password", "delete_password"):
            locked.setattr(system_keyring, method, getattr(Locked(), method))
        if found_by == "asking":
            assert credentials.recall(account()) is None
        credentials.store(account(), Secret("typed anew"))
        assert credentials.recall(account()) == Secret("typed anew")
        assert not credentials.forget(account())
        assert not credentials.forget(account())
    assert credentials.forget(account())
    assert not system_keyring.entries


REAL = """
import json, keyring
from omm_desktop.model.secret import Secret
from omm_desktop.store.credentials import Credentials
from omm_desktop.model.account import Account, EndpointKind, Security, Server

def account():
    server = Server("imap.exemple.fr", 993, Security.TLS)
    return Account(EndpointKind.IMAP, "moi@exemple.fr", server)

first = Credentials()
first.store(account(), Secret("été 2026"))
found = Credentials().recall(account())
entry = keyring.get_password("omm-desktop", "imap moi@exemple.fr imap.exemple.fr:993")
first.forget(account())
first.forget(account())
print(json.dumps({
    "safe": first.is_safe_place,
    "found": found.reveal() if found else None,
    "entry": entry,
    "after": Credentials().recall(account()) is None,
}))
"""
SESSION = """
printf 'test\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
exec "$PYTHON" -c "$REAL"
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the Secret Service is Linux's keyring")
def test_a_real_keyring(tmp_path: Path) -> None:
    if not (shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")):
        assert "CI" not in os.environ, "gnome-keyring and dbus-run-session are needed here"
        pytest.skip("gnome-keyring or dbus-run-session is not installed")
    private = {name: str(tmp_path) for name in ("HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR")}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DBUS")}
    answer = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", SESSION],
        cwd=ROOT,
        env={**kept, **private, "PYTHON": sys.executable, "REAL": REAL},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == {
        "safe": True,
        "found": "été 2026",
        "entry": "été 2026",
        "after": True,
    }
    written = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert written
    assert not [file for file in written if "été 2026".encode() in file.read_bytes()]
