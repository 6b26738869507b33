"""A mailbox read by POP3 and copied by the command line; the source is looked at by IMAP."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest

from tests.servers.account import TestAccount
from tests.servers.certificates import Authority
from tests.servers.dovecot import Dovecot
from tests.servers.fixtures import NewUser
from tests.servers.mailbox import MailFolder, Message, Snapshot, load, snapshot
from tests.servers.relay import Relay
from tests.servers.scripted_pop3 import ScriptedPop3

from .command import CommandLine, plan_text
from .letters import letters

INBOX = ("INBOX",)
LETTERS = [
    b"From: a@example.test\r\nTo: b@example.test\r\nSubject: %d\r\nMessage-ID: <%d@x>\r\n"
    b"Date: Tue, 5 Mar 2019 10:00:00 +0000\r\n\r\n.Letter %d\r\n" % (n, n, n)
    for n in range(1, 41)
]


@contextmanager
def only_read(server: Dovecot, account: TestAccount) -> Iterator[Snapshot]:
    """The mailbox is the same after the block, and nothing was sent that could change it.

    That mail is no longer recent cannot be helped: whoever opens a mailbox by POP3 has seen it.
    """
    before = snapshot(account)
    record = server.home(account.login) / "rawlog"
    for file in record.iterdir():
        file.unlink()
    yield before
    verbs = {line.split(" ")[0].upper() for line in server.commands(account.login)}
    assert snapshot(account) == before
    assert "TOP" in verbs
    assert verbs <= {"CAPA", "STAT", "LIST", "UIDL", "TOP", "NOOP"}


def bodies(mailbox: Snapshot) -> Counter[str]:
    return Counter(message.sha256 for message in mailbox[INBOX])


@pytest.fixture
def old(new_pop3_user: NewUser) -> TestAccount:
    return new_pop3_user()


@pytest.fixture
def new(new_pop3_user: NewUser) -> TestAccount:
    return new_pop3_user()


def test_the_collection_byte_for_byte_and_nothing_the_second_time(
    pop3_dovecot: Dovecot,
    command: CommandLine,
    old: TestAccount,
    new: TestAccount,
    corpus: list[Message],
) -> None:
    load(old, [MailFolder(INBOX, corpus), MailFolder(("Elsewhere",), corpus[:3])])
    source = pop3_dovecot.by_pop3(old)
    with only_read(pop3_dovecot, old) as before:
        first = command.migrate(source, new)
        assert (first.status, first.report["grade"]) == (0, "complete")
        assert first.totals["copied"] == len(before[INBOX])
        copied = snapshot(new)
        assert copied.keys() == {INBOX}
        assert bodies(copied) == bodies(before)
    load(old, [MailFolder(INBOX, letters(0, 2))])
    with only_read(pop3_dovecot, old) as now:
        again = command.migrate(source, new)
        reads = [line for line in pop3_dovecot.commands(old.login) if line.startswith("TOP")]
    assert (again.status, again.totals["copied"]) == (0, 2)
    assert again.totals["present"] == len(before[INBOX])
    assert len(reads) == 2
    assert bodies(snapshot(new)) == bodies(now)


@pytest.mark.timeout(900)
def test_ten_thousand_messages_twice(
    pop3_dovecot: Dovecot, command: CommandLine, old: TestAccount, new: TestAccount
) -> None:
    load(old, [MailFolder(INBOX, letters(0, 10_000))])
    source = pop3_dovecot.by_pop3(old)
    first, again = command.migrate(source, new), command.migrate(source, new)
    assert (first.status, first.totals["copied"]) == (0, 10_000)
    assert (again.status, again.totals["copied"], again.totals["present"]) == (0, 0, 10_000)
    assert bodies(snapshot(new)) == bodies(snapshot(old))


def test_what_came_by_pop_is_known_when_imap_brings_the_rest(
    pop3_dovecot: Dovecot,
    command: CommandLine,
    old: TestAccount,
    new: TestAccount,
    corpus: list[Message],
) -> None:
    elsewhere = ("Elsewhere",)
    load(old, [MailFolder(INBOX, corpus), MailFolder(elsewhere, corpus[:3])])
    assert command.migrate(pop3_dovecot.by_pop3(old), new).status == 0
    later = command.migrate(old, new)
    assert (later.status, later.totals["copied"], later.totals["present"]) == (0, 3, len(corpus))
    assert bodies(snapshot(new)) == bodies(snapshot(old))


def test_the_date_of_receipt_is_that_of_the_newest_received_line(
    pop3_dovecot: Dovecot, command: CommandLine, old: TestAccount, new: TestAccount
) -> None:
    lines = [f"Received: from x; {day} Mar 2019 10:00:00 +0000\r\n" for day in (5, 4)]
    message = Message("".join([*lines, "Subject: a\r\n\r\nb\r\n"]).encode())
    load(old, [MailFolder(INBOX, [message])])
    assert command.migrate(pop3_dovecot.by_pop3(old), new, since=date(2019, 3, 5)).status == 0
    (copied,) = snapshot(new)[INBOX]
    assert copied.received.date() == date(2019, 3, 5)
    later = replace(command, folder=command.folder / "later")
    ended = later.migrate(pop3_dovecot.by_pop3(old), new, since=date(2019, 3, 6))
    assert (ended.status, ended.totals["listed"]) == (0, 0)


def test_what_imap_brought_from_another_computer_is_recognised(
    pop3_dovecot: Dovecot, command: CommandLine, old: TestAccount, new: TestAccount
) -> None:
    load(old, [MailFolder(INBOX, letters(0, 30))])
    assert command.migrate(old, new).status == 0
    elsewhere = replace(command, folder=command.folder / "elsewhere")
    by_pop = elsewhere.migrate(pop3_dovecot.by_pop3(old), new)
    assert (by_pop.status, by_pop.totals["copied"], by_pop.totals["present"]) == (0, 0, 30)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_killed_and_resumed(
    share: float,
    pop3_dovecot: Dovecot,
    command: CommandLine,
    old: TestAccount,
    new: TestAccount,
) -> None:
    load(old, [MailFolder(INBOX, letters(0, 60, size=20_000))])
    before = snapshot(old)
    with Relay(pop3_dovecot.pop3_port, speed=600_000) as slow:
        source = old.by_pop3(slow.port)
        child = command.start(plan_text(source, new), source, new)
        total = 60 * 20_000
        while slow.traffic().down < share * total:
            assert child.poll() is None
        child.kill()
        child.communicate()
        assert child.returncode == -signal.SIGKILL
        slow.change(speed=None)
        ended = command.migrate(source, new)
    assert ended.status == 0
    assert bodies(snapshot(new)) == bodies(before)
    assert snapshot(old) == before


@pytest.mark.parametrize("place", [0.1, 0.6])
def test_a_broken_line_is_made_anew(
    place: float,
    pop3_dovecot: Dovecot,
    command: CommandLine,
    old: TestAccount,
    new: TestAccount,
) -> None:
    load(old, [MailFolder(INBOX, letters(0, 40, size=20_000))])
    before = snapshot(old)
    with Relay(pop3_dovecot.pop3_port) as line:
        line.cut_after(int(place * 40 * 20_000), "down")
        ended = command.migrate(old.by_pop3(line.port), new)
    assert ended.status == 0
    assert "12-04" in ended.errors
    assert bodies(snapshot(new)) == bodies(before)
    assert snapshot(old) == before


ODD_IDS = {
    "none": None,
    "the numbers": [str(n) for n in range(1, 41)],
    "all the same": ["id"] * 40,
    "shared": [f"id{n // 2}" for n in range(40)],
}


@pytest.mark.parametrize("ids", ODD_IDS)
def test_without_lasting_ids_nothing_is_lost_and_nothing_doubled(
    ids: str, command: CommandLine, new: TestAccount
) -> None:
    """Twins are counted; mail that came or went meanwhile moves all numbers."""
    messages = [*LETTERS[:39], LETTERS[7]]
    without = [(rb"UIDL", b"-ERR not here\r\n")] if ODD_IDS[ids] is None else []
    with ScriptedPop3(messages, without, ids=ODD_IDS[ids]) as server:
        assert command.migrate(server.account, new).totals["copied"] == 40
        again = command.migrate(server.account, new)
        assert (again.status, again.totals["copied"], again.totals["present"]) == (0, 0, 40)
        del server.messages[3], server.messages[0]
        server.messages += [LETTERS[39], LETTERS[10]]
        third = command.migrate(server.account, new)
        assert (third.status, third.totals["copied"], third.totals["present"]) == (0, 2, 38)
    twins = Counter(bodies(snapshot(new)).values())
    assert twins == Counter({1: 38, 2: 2})


def test_ids_that_all_change_double_nothing(command: CommandLine, new: TestAccount) -> None:
    with ScriptedPop3(LETTERS) as server:
        assert command.migrate(server.account, new).totals["copied"] == 40
        server.ids = [f"{10**30 + n}" for n in range(41)]
        server.messages.append(LETTERS[0] + b"changed\r\n")
        moved = command.migrate(server.account, new)
        assert (moved.status, moved.totals["copied"], moved.totals["present"]) == (0, 1, 40)
        read = len(server.sent("TOP"))
        last = command.migrate(server.account, new)
        assert (last.status, last.totals["copied"], last.totals["present"]) == (0, 0, 41)
        assert len(server.sent("TOP")) == read


def test_what_was_deleted_in_the_new_mailbox_stays_away_when_ids_change(
    command: CommandLine, new: TestAccount
) -> None:
    with ScriptedPop3(LETTERS) as server:
        assert command.migrate(server.account, new).totals["copied"] == 40
        with new.client() as client:
            client.select_folder("INBOX")
            client.delete_messages(client.search("ALL")[:5])
            client.expunge()
        server.ids = [f"moved{n}" for n in range(40)]
        assert command.migrate(server.account, new).totals["copied"] == 0
    assert len(snapshot(new)[INBOX]) == 35


def test_one_unreadable_message_is_named_and_stops_no_other(
    command: CommandLine, new: TestAccount
) -> None:
    refusal = (rb"(TOP 7 \d\d+|RETR 7)", b"-ERR cannot read it\r\n")
    with ScriptedPop3(LETTERS, [refusal]) as server:
        ended = command.migrate(server.account, new)
    assert ended.status == 1
    assert ended.totals["copied"] == 39
    (failed,) = ended.report["failed"]
    assert (failed["code"], failed["subject"], failed["key"]) == ("15-01", "7", "id7")


def test_a_mailbox_that_another_program_holds(command: CommandLine, new: TestAccount) -> None:
    """Whoever holds it leaves after a while: a phone, or what was just killed."""
    held = (rb"PASS .*", b"-ERR [IN-USE] maildrop is locked\r\n")
    with ScriptedPop3(LETTERS, once=[held]) as server:
        ended = command.migrate(server.account, new)
        assert len(server.sent("PASS")) == 2
    assert (ended.status, ended.totals["copied"]) == (0, 40)


def test_nothing_can_be_copied_into_a_pop3_mailbox(
    pop3_dovecot: Dovecot, command: CommandLine, old: TestAccount, new: TestAccount
) -> None:
    ended = command.migrate(old, pop3_dovecot.by_pop3(new))
    assert ended.status == 2
    assert "28-04" in ended.errors


def test_over_tls(
    pop3_dovecot: Dovecot,
    command: CommandLine,
    old: TestAccount,
    new: TestAccount,
    authority: Authority,
) -> None:
    load(old, [MailFolder(INBOX, letters(0, 20))])
    command.environment = {"SSL_CERT_FILE": str(authority.path)}
    secure = replace(
        old.by_pop3(pop3_dovecot.pop3_tls_port), host="localhost", tls=str(authority.path)
    )
    ended = command.migrate(secure, new)
    assert (ended.status, ended.totals["copied"]) == (0, 20)
    assert bodies(snapshot(new)) == bodies(snapshot(old))
