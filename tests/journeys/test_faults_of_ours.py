"""A fault of the program in any adapter ends in 51-01: no traceback, no name in the log."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest

from omm_desktop.model.account import EndpointKind
from tests.servers.ews.reached import mailbox_of
from tests.servers.mailbox import MailFolder, load

from .command import End, OnDisk
from .in_process import Computer
from .letters import letters

MARKER = "Zéphyrine Marqueur"
HERE = "omm_desktop.endpoints"
ADAPTERS = [
    ("imap", f"{HERE}.imap.reader:ImapSource.folders"),
    ("imap", f"{HERE}.imap.reader:ImapSource.refs"),
    ("imap", f"{HERE}.imap.reader:ImapSource.fetch"),
    ("imap", f"{HERE}.imap.writer:ImapDestination.ensure_folders"),
    ("imap", f"{HERE}.imap.writer:ImapDestination.store"),
    ("pop3", f"{HERE}.pop3.source:Pop3Source.fetch"),
    ("ews", f"{HERE}.ews.reader:EwsSource.fetch"),
    ("ews", f"{HERE}.ews.transport.connection:Connection.open"),
    ("file", f"{HERE}.any_file:open_file"),
    ("file", f"{HERE}.files.single_files:SingleFiles.refs"),
    ("file", f"{HERE}.files.saved_mailbox:SavedMailbox.store"),
]


@pytest.fixture
def ends(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> tuple[End, End]:
    """Two that work, the one of this kind holding three letters."""
    if kind == "file":
        (tmp_path / "lettres").mkdir()
        for number, one in enumerate(letters(0, 3)):
            (tmp_path / "lettres" / f"{number}.eml").write_bytes(one.body)
        return OnDisk(tmp_path / "lettres"), OnDisk(tmp_path / "saved", EndpointKind.FILES)
    if kind == "ews":
        exchange = request.getfixturevalue("exchange")
        account = mailbox_of(exchange, "anna@exchange.test")
        inbox = exchange.store.mailboxes["anna@exchange.test"].distinguished("inbox")
        exchange.deliver(inbox, letters(0, 1)[0].body)
        return account, OnDisk(tmp_path / "saved", EndpointKind.FILES)
    new = request.getfixturevalue("new_account")
    old = request.getfixturevalue("new_pop3_user" if kind == "pop3" else "new_dovecot_user")()
    load(old, [MailFolder(("INBOX",), letters(0, 3))])
    if kind == "pop3":
        old = request.getfixturevalue("pop3_dovecot").by_pop3(old)
    return old, new


def plant(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    module, _, path = where.partition(":")
    *owner, name = path.split(".")
    found: object = importlib.import_module(module)
    for part in owner:
        found = getattr(found, part)

    def fault(*_args: object, **_named: object) -> object:
        raise ValueError(f"cannot parse {MARKER}")

    assert hasattr(found, name)
    monkeypatch.setattr(found, name, fault)


@pytest.mark.parametrize(("kind", "where"), ADAPTERS, ids=[where for _, where in ADAPTERS])
def test_it_has_a_code_and_no_traceback(
    computer: Computer,
    ends: tuple[End, End],
    where: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    plant(monkeypatch, where)
    status, told, complained = computer.migrate(*ends)
    assert status in (3, 4)
    assert json.loads(told)["stopped_by"]["code"] == "51-01"
    assert complained.startswith("Code 51-01") or "\nCode 51-01" in complained
    for said in (told, complained, *capfd.readouterr()):
        assert "Traceback" not in said
        assert MARKER not in said
    assert "ValueError" in computer.log
    assert "test_faults_of_ours.py" in computer.log
    assert MARKER not in computer.log
