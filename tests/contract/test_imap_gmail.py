"""Gmail as a source: labels as folders, and the mail that no label shows."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from omm_desktop.endpoints.imap.connection import Connection
from omm_desktop.endpoints.imap.reader import ImapSource
from omm_desktop.endpoints.registry import open_source
from omm_desktop.model.items import Folder, FolderPath, FolderRole, Holds
from omm_desktop.model.problem import OwnerNeeded, Place, ProblemId
from tests.servers.account import TestAccount
from tests.servers.certificates import Authority
from tests.servers.gmail import Gmail, labelled
from tests.servers.mailbox import Message, load, snapshot
from tests.servers.scripted import ScriptedServer, Step

GMAIL = (rb"CAPABILITY", b"* CAPABILITY IMAP4rev1 X-GM-EXT-1 SPECIAL-USE\r\n{tag} OK done\r\n")
PLAIN = (rb"CAPABILITY", b"* CAPABILITY IMAP4rev1 SPECIAL-USE\r\n{tag} OK done\r\n")
FOLDERS = (
    rb'LIST "" "\*"',
    b'* LIST (\\HasNoChildren) "/" "INBOX"\r\n'
    b'* LIST (\\HasNoChildren) "/" "Clients (2)"\r\n'
    b'* LIST (\\HasNoChildren) "/" "&AMk-t&AOk-"\r\n'
    b'* LIST (\\HasChildren \\Noselect) "/" "[Gmail]"\r\n'
    b'* LIST (\\All \\HasNoChildren) "/" "[Gmail]/Tous les messages"\r\n'
    b'* LIST (\\Flagged \\HasNoChildren) "/" "[Gmail]/Suivis"\r\n'
    b'* LIST (\\HasNoChildren) "/" "[Gmail]/Chats"\r\n'
    b'* LIST (\\Trash \\HasNoChildren) "/" "[Gmail]/Corbeille"\r\n'
    b'* LIST (\\Sent \\HasNoChildren) "/" "[Gmail]/Messages envoy&AOk-s"\r\n'
    b"{tag} OK\r\n",
)
COUNTS = (rb'STATUS "([^"]*)" .*', lambda m: _count(m[1]))
ROWS = (
    (b'"\\\\Inbox" "\\\\Important"', "5"),
    (b"", "6"),
    (b'"\\\\Starred"', "7"),
    (b'"Clients (2)"', "8"),
    (b'"&AMk-t&AOk-"', "9"),
    (b'"\\\\Sent"', "10"),
    (b'"Hidden from IMAP" "\\\\Important"', "11"),
    (b"{5}\r\n(a\\b)", "12"),
    (b"\\Draft", "13"),
)


def _count(name: bytes) -> bytes:
    count = 1000 if name == b"Clients (2)" else len(ROWS) if b"Tous" in name else 3
    told = b"MESSAGES %d UIDNEXT 99 UIDVALIDITY 1" % count
    return b'* STATUS "' + name + b'" (' + told + b")\r\n{tag} OK\r\n"


def _fetched() -> bytes:
    return b"".join(
        b"* %d FETCH (X-GM-MSGID 12788742%b X-GM-LABELS (%b) UID %b FLAGS (\\Seen)"
        b" RFC822.SIZE 10)\r\n" % (number, uid.encode(), labels, uid.encode())
        for number, (labels, uid) in enumerate(ROWS, 1)
    )


STEPS: list[Step] = [
    FOLDERS,
    COUNTS,
    (rb'EXAMINE "?INBOX"?', b"* 1 EXISTS\r\n* OK [UIDVALIDITY 1]\r\n{tag} OK\r\n"),
    (rb"FETCH .* X-GM-MSGID\)", b"* 1 FETCH (UID 5 X-GM-MSGID 127887425)\r\n{tag} OK\r\n"),
    (
        rb'EXAMINE "\[Gmail\]/Tous les messages"',
        b"* %d EXISTS\r\n* OK [UIDVALIDITY 1]\r\n{tag} OK\r\n" % len(ROWS),
    ),
    (rb"FETCH .*X-GM-LABELS.*", _fetched() + b"{tag} OK\r\n"),
    (rb"FETCH .*", b"{tag} BAD\r\n"),
]


def by_role(folders: list[Folder], role: FolderRole) -> Folder:
    return next(folder for folder in folders if folder.role is role)


def test_mail_that_no_other_folder_shows_is_listed_and_no_other() -> None:
    with ScriptedServer([GMAIL, *STEPS]) as server:
        source = open_source(server.account.as_account, server.account.secret)
        everything = by_role(source.folders(), FolderRole.ALL)
        keys = {ref.key for window in source.refs(everything, None) for ref in window}
        source.close()
        assert not any(command.startswith((b"SELECT", b"UID STORE")) for command in server.commands)
    assert (everything.holds, everything.count) == (Holds.REST, None)
    # Drafts are not shown by this account's settings, no more than the label with parentheses.
    assert keys == {"6", "7", "11", "12", "13"}


def test_mail_is_told_apart_by_gmails_own_number_in_every_folder() -> None:
    with ScriptedServer([GMAIL, *STEPS]) as server:
        source = open_source(server.account.as_account, server.account.secret)
        refs = {
            ref.key: ref.object_id
            for role in (FolderRole.INBOX, FolderRole.ALL)
            for window in source.refs(by_role(source.folders(), role), None)
            for ref in window
        }
        source.close()
    assert refs == {key: f"12788742{key}" for key in ("5", "6", "7", "11", "12", "13")}


def test_gmail_tells_what_each_folder_shows() -> None:
    with ScriptedServer([GMAIL, *STEPS]) as server:
        source = open_source(server.account.as_account, server.account.secret)
        folders = {folder.name: folder for folder in source.folders() if folder.selectable}
        source.close()
    assert {name: folder.holds for name, folder in folders.items()} == {
        "INBOX": Holds.LABEL,
        "Clients (2)": Holds.LABEL,
        "Été": Holds.LABEL,
        "[Gmail]/Tous les messages": Holds.REST,
        "[Gmail]/Suivis": Holds.VIEW,
        "[Gmail]/Messages envoyés": Holds.LABEL,
        "[Gmail]/Chats": Holds.CHATS,
        "[Gmail]/Corbeille": Holds.OWN,
    }
    assert folders["[Gmail]/Tous les messages"].shows == len(ROWS)


def test_a_folder_that_ends_at_the_limit_of_the_settings_is_told() -> None:
    with ScriptedServer([GMAIL, *STEPS]) as server:
        source = open_source(server.account.as_account, server.account.secret)
        told = [(f.name, p.id, p.detail) for f in source.folders() for p in f.remarks]
        source.close()
    assert told == [("Clients (2)", ProblemId.FOLDER_CUT_SHORT, "1000 messages")]


@pytest.mark.parametrize("role", [FolderRole.ALL, FolderRole.FLAGGED])
def test_elsewhere_such_folders_are_views(role: FolderRole) -> None:
    with ScriptedServer([PLAIN, *STEPS]) as server:
        source = open_source(server.account.as_account, server.account.secret)
        folders = source.folders()
        source.close()
    assert by_role(folders, role).holds is Holds.VIEW
    assert all(folder.remarks == () for folder in folders)


@pytest.fixture
def real(needs_dovecot: None, authority: Authority) -> Iterator[TestAccount]:
    with Gmail(authority.good()) as server:
        yield server.add_user("claire@gmail.com", "abcdefghijklmnop", ordinary="Chat botte 7")


def signed_in(account: TestAccount) -> ImapSource:
    context = ssl.create_default_context(cafile=account.tls)
    return ImapSource(
        Connection.open(account.as_account, account.secret, Place.SOURCE, ssl_context=context)
    )


@pytest.mark.parametrize(
    ("password", "problem"),
    [("Chat botte 7", ProblemId.APP_PASSWORD_NEEDED), ("wrong", ProblemId.SIGN_IN_REFUSED)],
)
def test_the_ordinary_password_is_told_from_a_wrong_one(
    real: TestAccount, password: str, problem: ProblemId
) -> None:
    with pytest.raises(OwnerNeeded) as told:
        signed_in(replace(real, password=password))
    assert told.value.problem.id is problem


def test_each_letter_is_listed_under_its_labels_or_as_the_rest(real: TestAccount) -> None:
    """Of many letters: windows are asked for while others are answered."""
    inbox, label = ("INBOX",), ("Clients", "Été (2)")
    kinds: dict[str, list[FolderPath]] = {"both": [inbox, label], "one": [label], "none": []}
    letters = [
        (Message(f"Subject: {kind} {n}\r\n\r\n".encode()), labels)
        for n in range(100)
        for kind, labels in kinds.items()
    ]
    load(real, labelled(letters))
    before = snapshot(real)
    rest = ("[Gmail]", "All Mail")
    with closing(signed_in(real)) as source:
        folders = {folder.path: folder for folder in source.folders() if folder.selectable}
        found = {
            path: [ref for window in source.refs(folder, None) for ref in window]
            for path, folder in folders.items()
            if folder.holds in (Holds.LABEL, Holds.REST)
        }
        items = list(source.fetch(folders[rest], found[rest]))
    ids = {path: {ref.object_id for ref in refs} for path, refs in found.items() if refs}
    assert {path: len(numbers) for path, numbers in ids.items()} == {
        inbox: 100,
        label: 200,
        rest: 100,
    }
    assert ids[inbox] < ids[label]
    assert not ids[rest] & ids[label]
    assert len(items) == 100
    assert snapshot(real) == before
