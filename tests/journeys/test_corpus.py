"""Every message of the collection, from server to server, by the command line."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import Any

from tests.servers.account import TestAccount
from tests.servers.corpus import EMPTY_FOLDER, mailbox_of
from tests.servers.dovecot import Dovecot
from tests.servers.fixtures import NewUser
from tests.servers.mailbox import (
    MailFolder,
    Message,
    RefusedMessage,
    Snapshot,
    compare,
    load,
    snapshot,
    subscriptions,
)
from tests.servers.pymap_server import PymapServer

from .command import CommandLine
from .originals import originals
from .untouched import changing, only_read, untouched

NEWS = b"From: new@example.test\r\nSubject: Came in later\r\n\r\nNews\r\n"


def test_dovecot_to_dovecot(
    dovecot: Dovecot,
    command: CommandLine,
    old_account: TestAccount,
    new_account: TestAccount,
    corpus: list[Message],
) -> None:
    load(old_account, mailbox_of(corpus))
    subscribed = subscriptions(old_account)
    with only_read(dovecot, old_account) as before:
        first = command.migrate(old_account, new_account, connections=3)
        total = sum(map(len, before.values()))
        assert (first.status, first.report["grade"]) == (0, "complete")
        assert first.totals["copied"] == total
        assert compare(before, snapshot(new_account)) == []
        assert before[EMPTY_FOLDER] == []
        assert subscriptions(new_account) >= subscribed

        again = command.migrate(old_account, new_account, connections=3)
        assert again.status == 0
        assert (again.totals["copied"], again.totals["present"]) == (0, total)
        assert compare(before, snapshot(new_account)) == []


def test_new_mail_alone_follows(
    dovecot: Dovecot,
    command: CommandLine,
    old_account: TestAccount,
    new_account: TestAccount,
    corpus: list[Message],
) -> None:
    load(old_account, mailbox_of(corpus[::20]))
    assert command.migrate(old_account, new_account).status == 0
    news = [MailFolder(("Archives", "2019"), [Message(NEWS, frozenset({"\\Flagged"}))] * 2)]
    load(old_account, [*news, MailFolder(("Nouveau",), [Message(NEWS)])])
    with only_read(dovecot, old_account) as now:
        third = command.migrate(old_account, new_account)
    assert (third.status, third.totals["copied"]) == (0, 3)
    assert compare(now, snapshot(new_account)) == []


def test_a_copy_without_records_finds_everything_present(
    command: CommandLine,
    old_account: TestAccount,
    new_account: TestAccount,
    corpus: list[Message],
) -> None:
    load(old_account, mailbox_of(corpus))
    with untouched(old_account) as before:
        assert command.migrate(old_account, new_account, connections=3).status == 0
        elsewhere = replace(command, folder=command.folder / "elsewhere")
        again = elsewhere.migrate(old_account, new_account, connections=3)
    assert (again.status, again.totals["copied"]) == (0, 0)
    assert compare(before, snapshot(new_account)) == []


def test_dovecot_to_cyrus(
    dovecot: Dovecot,
    command: CommandLine,
    old_account: TestAccount,
    new_cyrus_user: NewUser,
    corpus: list[Message],
) -> None:
    """Cyrus refuses some of it, and makes an X of each raw octet in a header.

    What it makes of the same bytes when another client brings them is what must be found.
    """
    load(old_account, mailbox_of(corpus))
    brought, copied = new_cyrus_user(), new_cyrus_user()
    refused = load(brought, originals(old_account))
    assert refused
    with only_read(dovecot, old_account) as before:
        ended = command.migrate(old_account, copied, connections=3)
    assert ended.status == 0
    assert ended.totals["copied"] == sum(map(len, before.values()))
    assert_repaired(refused, copied, ended.report["notes"])
    surplus = compare(snapshot(brought), snapshot(copied))
    assert len(surplus) == len(refused)
    assert [text for text in surplus if ": not expected: " not in text] == []
    assert command.migrate(old_account, copied).totals["copied"] == 0


def assert_repaired(
    refused: list[RefusedMessage], account: TestAccount, notes: list[dict[str, Any]]
) -> None:
    """Each refused message is there once, its text whole, and the report names it.

    A message that took two repairs is named with each.
    """
    assert {note["code"] for note in notes} == {"25-09"}
    named: dict[str, list[int]] = defaultdict(list)
    for note in notes:
        named[note["folder"]].append(note["count"])
        assert any(one.answer in note["detail"] for one in refused), note
    by_folder = Counter("/".join(one.path) for one in refused)
    assert named.keys() == by_folder.keys()
    assert all(max(named[name]) <= by_folder[name] <= sum(named[name]) for name in named)
    there = {folder.path: folder.messages for folder in originals(account)}
    for one in refused:
        original = one.message
        arrived = [
            message
            for message in there[one.path]
            if message.received == original.received and _lower(message) == _lower(original)
        ]
        assert len(arrived) == 1, original
        assert _text(original.body) in _text(arrived[0].body)


def _lower(message: Message) -> set[str]:
    return {flag.lower() for flag in message.flags}


def _text(message: bytes) -> bytes:
    """What a person reads of a message, whatever its line ends; all of it when it has no header."""
    lines = message.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    body = lines.partition(b"\n\n")[2] or lines
    return body.translate(None, b"\0\n")


def test_dovecot_to_pymap(
    dovecot: Dovecot,
    command: CommandLine,
    old_account: TestAccount,
    pymap: PymapServer,
    corpus: list[Message],
) -> None:
    """pymap permits no keywords; it drops the last line end of a header without a body."""
    load(old_account, mailbox_of(corpus))
    with only_read(dovecot, old_account) as before:
        ended = command.migrate(old_account, pymap.account, connections=3)
    assert ended.status == 0
    with PymapServer() as other:
        assert load(other.account, originals(old_account)) == []
        expected = without_keywords(snapshot(other.account))
        assert compare(expected, snapshot(pymap.account)) == []
    with_keywords = sum(has_keywords(one.flags) for folder in before.values() for one in folder)
    assert {note["code"] for note in ended.report["notes"]} == {"25-10"}
    assert sum(note["count"] for note in ended.report["notes"]) == with_keywords


def test_dovecot_to_courier(
    dovecot: Dovecot,
    command: CommandLine,
    old_account: TestAccount,
    new_courier_user: NewUser,
    corpus: list[Message],
) -> None:
    """What Courier makes of the same bytes when another client brings them must be found.

    Over one line: of several that write to a folder at once Courier forgets one now and then, until
    it is cut, and stores what it had of it then.
    """
    load(old_account, mailbox_of(corpus))
    brought, copied = new_courier_user(), new_courier_user()
    refused = load(brought, originals(old_account))
    with only_read(dovecot, old_account) as before:
        ended = command.migrate(old_account, copied, connections=1)
    assert ended.report["failed"] == []
    assert ended.status == 0
    assert ended.totals["copied"] == sum(map(len, before.values()))
    assert refused == []
    assert ended.report["notes"] == []
    assert compare(snapshot(brought), snapshot(copied)) == []
    assert subscriptions(copied) >= subscriptions(old_account)
    assert command.migrate(old_account, copied, connections=1).totals["copied"] == 0


def test_courier_to_dovecot(
    command: CommandLine,
    new_courier_user: NewUser,
    new_dovecot_user: NewUser,
    corpus: list[Message],
) -> None:
    old, brought, copied = new_courier_user(), new_dovecot_user(), new_dovecot_user()
    load(old, mailbox_of(corpus))
    with untouched(old) as before:
        ended = command.migrate(old, copied, connections=3)
        assert load(brought, without_prefix(originals(old))) == []
    assert (ended.status, ended.report["grade"]) == (0, "complete")
    assert ended.totals["copied"] == sum(map(len, before.values()))
    assert compare(snapshot(brought), snapshot(copied)) == []


def without_prefix(mailbox: list[MailFolder]) -> list[MailFolder]:
    """The folders that Courier shows below INBOX, beside it; parents first."""
    folders = [replace(folder, path=folder.path[1:] or folder.path) for folder in mailbox]
    return sorted(folders, key=lambda folder: folder.path)


def without_keywords(mailbox: Snapshot) -> Snapshot:
    return {
        path: [
            replace(one, flags=frozenset(flag for flag in one.flags if flag.startswith("\\")))
            for one in folder
        ]
        for path, folder in mailbox.items()
    }


def has_keywords(flags: frozenset[str]) -> bool:
    return any(not flag.startswith("\\") for flag in flags)


def test_pymap_to_dovecot(
    command: CommandLine,
    pymap: PymapServer,
    new_dovecot_user: NewUser,
    corpus: list[Message],
) -> None:
    """Dovecot gives back another line end for a bare one, whoever brings it."""
    load(pymap.account, mailbox_of(corpus))
    brought, copied = new_dovecot_user(), new_dovecot_user()
    assert load(brought, originals(pymap.account)) == []
    with untouched(pymap.account):
        ended = command.migrate(pymap.account, copied, connections=3)
    assert (ended.status, ended.report["grade"]) == (0, "complete")
    assert compare(snapshot(brought), snapshot(copied)) == []


def test_the_proof_would_notice_a_change() -> None:
    assert changing(["1 SELECT INBOX", "2 UID STORE 1 +FLAGS (\\Seen)", "3 EXPUNGE"])
    assert changing(["4 UID FETCH 1 (UID BODY[])"])
    assert changing(["5 UID FETCH 1 (RFC822)"])
    assert changing(["6 UID FETCH 1 (RFC822.SIZE BODY.PEEK[])", "7 EXAMINE INBOX"]) == []
