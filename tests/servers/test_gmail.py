"""The Gmail of the tests has Gmail's habits, and otherwise is the Dovecot behind it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from .account import TestAccount
from .certificates import Authority
from .gmail import ALL, BIN, STARRED, Gmail, labelled
from .mailbox import MailFolder, Message, load, snapshot

INBOX, FAMILY, SUMMER = ("INBOX",), ("Famille (2)",), ("Clients", "Été")
BOTH = Message(b"Subject: Both\r\n\r\n* 1 FETCH (UID 1)\r\nO1 OK\r\n" + b"x" * 200_000)
STAR = Message(b"Subject: Star\r\n\r\n{5}\r\n", frozenset({"\\Flagged"}))
NONE = Message(b"Subject: None\r\n\r\nBody\r\n")
GONE = Message(b"Subject: Gone\r\n\r\nBody\r\n")


@pytest.fixture
def gmail(needs_dovecot: None, authority: Authority) -> Iterator[Gmail]:
    with Gmail(authority.good()) as server:
        yield server


@pytest.fixture
def account(gmail: Gmail) -> TestAccount:
    account = gmail.add_user("claire@gmail.com", "abcdefghijklmnop", ordinary="Chat botte 7")
    letters = labelled([(BOTH, [INBOX, SUMMER]), (STAR, [FAMILY]), (NONE, [])])
    assert load(account, [*letters, MailFolder(BIN, [GONE])]) == []
    return account


def number_of(message: Message) -> int:
    return int.from_bytes(hashlib.sha256(message.body).digest()[:8])


def rows(client: IMAPClient, folder: str, *wanted: str) -> dict[bytes, dict[bytes, Any]]:
    """By content; numbers and labels as asked for."""
    client.select_folder(folder, readonly=True)
    answer = client.fetch(client.search("ALL"), [*wanted, "BODY.PEEK[]"])
    return {data.pop(b"BODY[]"): data for data in answer.values()}


def test_what_is_stored_comes_back(account: TestAccount) -> None:
    sizes = {path: len(found) for path, found in snapshot(account).items() if found}
    assert sizes == {INBOX: 1, SUMMER: 1, FAMILY: 1, STARRED: 1, ALL: 3, BIN: 1}
    contents = {one.sha256 for one in snapshot(account)[ALL]}
    assert contents == {hashlib.sha256(one.body).hexdigest() for one in (BOTH, STAR, NONE)}


def test_a_letter_has_one_number_under_each_of_its_labels(account: TestAccount) -> None:
    with account.client() as client:
        assert client.has_capability("X-GM-EXT-1")
        for folder in ("INBOX", "Clients/Été", "[Gmail]/All Mail"):
            found = rows(client, folder, "X-GM-MSGID", "X-GM-THRID", "FLAGS")[BOTH.body]
            assert found[b"X-GM-MSGID"] == found[b"X-GM-THRID"] == number_of(BOTH)
            assert b"\\Flagged" not in found[b"FLAGS"]
            assert b"X-GM-LABELS" not in found


def test_labels_name_the_folders_but_for_the_open_one(account: TestAccount) -> None:
    with account.client() as client:
        everything = rows(client, "[Gmail]/All Mail", "X-GM-LABELS")
        assert {body: set(found[b"X-GM-LABELS"]) for body, found in everything.items()} == {
            BOTH.body: {b"\\Inbox", b"Clients/&AMk-t&AOk-"},
            STAR.body: {b"\\Starred", b"Famille (2)"},
            NONE.body: set(),
        }
        assert set(rows(client, "INBOX", "X-GM-LABELS")[BOTH.body][b"X-GM-LABELS"]) == {
            b"Clients/&AMk-t&AOk-"
        }
        assert set(rows(client, "[Gmail]/Bin", "X-GM-LABELS")) == {GONE.body}


def test_labels_are_those_of_this_moment(account: TestAccount) -> None:
    with account.client() as client:
        rows(client, "[Gmail]/All Mail", "X-GM-LABELS")
        client.delete_folder("Famille (2)")
        load(account, [MailFolder(("Neuf",), [NONE])])
        everything = rows(client, "[Gmail]/All Mail", "X-GM-LABELS")
    assert set(everything[STAR.body][b"X-GM-LABELS"]) == {b"\\Starred"}
    assert set(everything[NONE.body][b"X-GM-LABELS"]) == {b"Neuf"}


def test_sign_in_wants_a_password_for_programs(gmail: Gmail, account: TestAccount) -> None:
    for password, words in (
        ("Chat botte 7", "ALERT.*Application-specific password required"),
        ("wrong", "AUTHENTICATIONFAILED"),
    ):
        with pytest.raises(LoginError, match=words), replace(account, password=password).client():
            pass
    changed = gmail.change_password(account, "ponmlkjihgfedcba")
    assert len(snapshot(changed)[ALL]) == 3
