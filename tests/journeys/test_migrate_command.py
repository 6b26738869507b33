"""`omm-desktop migrate` as a script runs it: a process of its own, between real servers."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from omm_desktop.model.account import Security
from tests.servers.account import TestAccount
from tests.servers.certificates import Authority
from tests.servers.dovecot import Dovecot, DovecotOptions
from tests.servers.fixtures import NewUser
from tests.servers.mailbox import MailFolder, Message, compare, load, snapshot
from tests.servers.process import free_ports

ROOT = Path(__file__).parents[2]
LONG_AGO = datetime(2003, 4, 5, 6, 7, 8, tzinfo=UTC)

StartDovecot = Callable[[DovecotOptions], Dovecot]


@dataclass
class Ended:
    """How the command ended."""

    status: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


@dataclass
class Side:
    """One part of a plan file."""

    host: str
    port: int
    login: str
    password: str
    security: Security = Security.NONE

    def toml(self, name: str) -> str:
        return (
            f'[{name}]\nkind = "imap"\nhost = "{self.host}"\nport = {self.port}\n'
            f'security = "{self.security}"\nlogin = "{self.login}"\n'
        )


class Command:
    """Runs the command in a home of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "HOME": str(folder / "home"),
            "XDG_DATA_HOME": str(folder / "data"),
            "XDG_STATE_HOME": str(folder / "logs"),
            "LC_ALL": "fr_FR.UTF-8",
            "PYTHONPATH": str(ROOT),
        }

    def __call__(self, source: Side, destination: Side, *more: str) -> Ended:
        return ended(self.start(source, destination, *more))

    def start(self, source: Side, destination: Side, *more: str) -> subprocess.Popen[str]:
        plan = self.folder / "plan.toml"
        options = "[options]\nsettle_seconds = 1\n"
        plan.write_text(source.toml("source") + destination.toml("destination") + options)
        process = subprocess.Popen(
            [
                *(sys.executable, "-W", "error", "-m", "omm_desktop", "migrate", plan),
                *("--secrets-stdin", "--state", self.folder / "state", *more),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=self.environment,
        )
        passwords = {"source": source, "destination": destination}
        assert process.stdin
        with process.stdin as stdin:
            json.dump(
                {name: {"password": side.password} for name, side in passwords.items()}, stdin
            )
        process.stdin = None
        return process


def ended(process: subprocess.Popen[str], already_said: str = "") -> Ended:
    out, err = process.communicate(timeout=250)
    err = already_said + err
    assert "Traceback" not in out + err, err
    return Ended(process.returncode, out, err)


@pytest.fixture
def migrate(tmp_path: Path) -> Command:
    return Command(tmp_path)


def side(account: TestAccount) -> Side:
    return Side(account.host, account.port, account.login, account.password)


def mail(number: int, size: int = 500) -> Message:
    text = (
        f"From: Zoé <zoe@example.test>\r\nSubject: {number}\r\n"
        f"Message-ID: <{number}@example.test>\r\n\r\n"
    )
    body = text.encode() + b"x" * 70 + b"\r\n" + (b"y" * 70 + b"\r\n") * (size // 72)
    return Message(body, frozenset({"\\Seen"}), LONG_AGO)


MAILBOX = (
    MailFolder(("INBOX",), [mail(number) for number in range(5)]),
    MailFolder(("Envoyés", "Été 2019"), [mail(number) for number in range(5, 9)]),
)


@pytest.fixture
def filled(old_account: TestAccount) -> TestAccount:
    assert not load(old_account, MAILBOX)
    return old_account


def test_everything_arrives_once_and_a_second_run_copies_nothing(
    migrate: Command, filled: TestAccount, new_account: TestAccount
) -> None:
    before = snapshot(filled)
    first = migrate(side(filled), side(new_account), "--json")
    assert first.status == 0, first.err
    assert first.report["grade"] == "complete"
    assert {folder["folder"]: folder["copied"] for folder in first.report["folders"]} == {
        "INBOX": 5,
        "Envoyés/Été 2019": 4,
    }
    assert (
        "Envoyés/Été 2019 – copiés\u202f: 4, déjà présents\u202f: 0, non copiés\u202f: 0"
        in first.err
    )
    assert not compare(before, snapshot(new_account))
    second = migrate(side(filled), side(new_account), "--json")
    assert second.status == 0, second.err
    assert second.report["totals"]["copied"] == 0
    assert not compare(before, snapshot(new_account))
    assert snapshot(filled) == before


def test_without_json_the_summary_is_french_here(
    migrate: Command, filled: TestAccount, new_account: TestAccount
) -> None:
    run = migrate(side(filled), side(new_account))
    assert run.status == 0
    assert run.out.startswith("Tout est copié.\ncopiés\u202f: 9 (")


@pytest.mark.parametrize(("which", "code"), [("source", "11-01"), ("destination", "21-01")])
def test_a_wrong_password(
    migrate: Command, filled: TestAccount, new_account: TestAccount, which: str, code: str
) -> None:
    sides = {"source": side(filled), "destination": side(new_account)}
    sides[which].password = "marker-4711"
    run = migrate(sides["source"], sides["destination"], "--json")
    assert_not_started(run, code, "Le serveur refuse l’adresse ou le mot de passe.")
    assert "marker-4711" not in run.out + run.err
    written = [file for file in migrate.folder.rglob("*") if file.is_file()]
    assert written
    assert not [file for file in written if b"marker-4711" in file.read_bytes()]


def test_an_unknown_host(migrate: Command, filled: TestAccount, new_account: TestAccount) -> None:
    lost = Side("imap.nowhere.invalid", 993, "a@example.test", "x", Security.TLS)
    assert_not_started(
        migrate(lost, side(new_account), "--json"), "12-01", "Aucun serveur ne porte ce nom."
    )


def test_a_wrong_port(migrate: Command, filled: TestAccount, new_account: TestAccount) -> None:
    wrong = side(new_account)
    (wrong.port,) = free_ports(1)
    run = migrate(side(filled), wrong, "--json")
    assert_not_started(run, "22-03", "La connexion est refusée sur ce port.")


def test_a_plain_server_on_a_tls_port(
    migrate: Command, filled: TestAccount, new_account: TestAccount
) -> None:
    plain = side(filled)
    plain.security = Security.TLS
    run = migrate(plain, side(new_account), "--json")
    assert run.status == 4
    assert run.report["stopped_by"]["code"] in {"12-05", "13-04"}
    assert run.report["stopped_by"]["code"] in run.err


@pytest.mark.parametrize(
    ("kind", "trusted", "code"),
    [
        ("good", True, None),
        ("good", False, "23-01"),
        ("wrong_name", True, "23-02"),
        ("expired", True, "23-03"),
    ],
)
def test_certificates(
    migrate: Command,
    filled: TestAccount,
    start_dovecot: StartDovecot,
    authority: Authority,
    other_authority: Authority,
    kind: str,
    trusted: bool,
    code: str | None,
) -> None:
    server = start_dovecot(DovecotOptions(certificate=getattr(authority, kind)()))
    account = server.add_user("new@example.test")
    migrate.environment["SSL_CERT_FILE"] = str((authority if trusted else other_authority).path)
    tls = Side("localhost", server.tls_port, account.login, account.password, Security.TLS)
    run = migrate(side(filled), tls, "--json")
    if code is None:
        assert run.status == 0, run.err
        return
    assert_not_started(run, code, "")


def test_the_same_mailbox_twice(migrate: Command, filled: TestAccount) -> None:
    before = snapshot(filled)
    run = migrate(side(filled), side(filled), "--json")
    assert run.status == 2
    assert "Code 28-05 · Les deux boîtes sont la même." in run.err
    assert snapshot(filled) == before


def test_a_destination_without_room_is_told_before_the_first_byte(
    migrate: Command, filled: TestAccount, new_dovecot_user: NewUser
) -> None:
    small = new_dovecot_user(quota_kib=2)
    run = migrate(side(filled), side(small), "--json")
    assert_not_started(run, "26-01", "La nouvelle boîte est pleine.")
    assert not any(snapshot(small).values())


def test_a_message_that_is_refused_does_not_stop_the_others(
    migrate: Command, old_account: TestAccount, start_dovecot: StartDovecot
) -> None:
    large = mail(9, size=30_000)
    inbox = MailFolder(("INBOX",), [mail(1), large, mail(2)])
    assert not load(old_account, [inbox])
    strict = start_dovecot(DovecotOptions(settings="plugin {\n  quota_max_mail_size = 20k\n}"))
    new = strict.add_user("new@example.test")
    run = migrate(side(old_account), side(new), "--json")
    assert run.status == 1, run.err
    assert run.report["grade"] == "incomplete"
    (failed,) = run.report["failed"]
    assert failed["folder"] == "INBOX"
    assert failed["subject"] == "9"
    assert failed["code"] == "25-03"
    assert len(snapshot(new)[("INBOX",)]) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="a console event, not a signal, on Windows")
def test_ctrl_c_ends_soon_and_resumable_even_if_a_server_is_silent(
    migrate: Command, filled: TestAccount
) -> None:
    before = snapshot(filled)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        process = migrate.start(side(filled), Side("127.0.0.1", port, "a", "b"), "--json")
        assert process.stderr
        first_line = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        run = ended(process, first_line)
    assert run.status == 3, run.err
    assert run.report["grade"] == "interrupted"
    assert snapshot(filled) == before


def assert_not_started(run: Ended, code: str, title: str) -> None:
    assert run.status == 4, run.err
    assert run.report["grade"] == "not-started"
    assert run.report["stopped_by"]["code"] == code
    assert f"Code {code} · {title}" in run.err
