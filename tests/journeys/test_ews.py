"""Mail to, from and between Exchange servers, by the command line."""

from __future__ import annotations

import sys
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from omm_desktop.model.account import Access
from omm_desktop.model.items import FolderPath
from tests.servers.account import TestAccount
from tests.servers.corpus import mailbox_of
from tests.servers.ews import EwsServer, Fault, FaultKind
from tests.servers.ews.checks import at_most, mail_is_no_draft
from tests.servers.ews.journal import Entry
from tests.servers.ews.reached import mailbox_of as reached
from tests.servers.ews.snapshot import snapshot_of
from tests.servers.ews.soap import Element
from tests.servers.fixtures import NewUser
from tests.servers.mailbox import (
    MailFolder,
    Message,
    Snapshot,
    StoredMessage,
    compare,
    load,
    snapshot,
)

from .command import CommandLine
from .letters import FIRST_DAY, letter, letters
from .untouched import untouched

ANNA, BORIS = "anna@exchange.test", "boris@exchange.test"
READING = {"", "GetFolder", "FindFolder", "FindItem", "GetItem"}
WITHOUT_A_PLACE = {"\\deleted", "nonjunk", "$mdnsent"}
LARGEST_REQUEST = 7 << 20
MOST_GROWTH_KIB = 40 << 10
PASSING = (
    FaultKind.UNAVAILABLE,
    FaultKind.BUSY,
    FaultKind.DROPPED,
    FaultKind.CUT,
    FaultKind.LOST,
    FaultKind.SLOW,
    FaultKind.CROWDED,
    FaultKind.INTERNAL,
    FaultKind.UNAUTHORIZED,
    FaultKind.TOO_LARGE,
)


@pytest.fixture
def old(new_dovecot_user: NewUser) -> TestAccount:
    return new_dovecot_user()


@pytest.fixture(autouse=True)
def nothing_sent(exchange: EwsServer) -> Iterator[None]:
    """Every request to Exchange saves alone; those for new mail are as new mail needs them."""
    exchange.journal.checks += [mail_is_no_draft, at_most(50, LARGEST_REQUEST)]
    exchange.add_mailbox(BORIS)
    yield
    exchange.journal.assert_nothing_sent()


def as_exchange_keeps(mailbox: Snapshot) -> Snapshot:
    """What the manual says about flags without a place there."""

    def flags_of(message: StoredMessage) -> frozenset[str]:
        flags = message.flags - WITHOUT_A_PLACE
        return flags - {"$forwarded"} if "\\answered" in flags else flags

    return {
        path: [StoredMessage(m.sha256, flags_of(m), m.received, m.label, m.size) for m in messages]
        for path, messages in mailbox.items()
        if messages or path not in {("INBOX",), ("Sent",)}
    }


def fail_from_here_on(exchange: EwsServer, seed: int) -> None:
    """Faults once the folders are known: a server that fails from the start is told at once."""

    journal = exchange.journal

    def begin(entry: Entry, body: Element) -> list[str]:
        if entry.operation in ("FindItem", "CreateItem"):
            journal.checks.remove(begin)
            exchange.faults.draw(seed, 0.1, PASSING, seconds=0.2)
        return []

    journal.checks.append(begin)


def fill(exchange: EwsServer, folder: FolderPath, messages: list[Message]) -> None:
    """Mail that came in, below the top of Anna's mailbox."""
    mailbox = exchange.store.mailboxes[ANNA]
    here = mailbox.distinguished("msgfolderroot")
    for name in folder:
        here = here.child(name) or mailbox.add_folder(here, name, "IPF.Note")
    for message in messages:
        read = "\\Seen" in message.flags
        exchange.deliver(here, message.body, received=message.received, read=read)


def test_the_collection_goes_to_exchange_once(
    command: CommandLine, old: TestAccount, exchange: EwsServer, corpus: list[Message]
) -> None:
    load(old, mailbox_of(corpus))
    new = reached(exchange, ANNA)
    with untouched(old) as before:
        first = command.migrate(old, new)
        total = sum(map(len, before.values()))
        assert (first.status, first.report["grade"]) == (0, "complete-with-notes")
        assert first.totals["copied"] == total
        kept = snapshot_of(exchange, ANNA)
        repaired = sum(n["count"] for n in first.report["notes"] if n["problem"] == "item-repaired")
        changed = compare(as_exchange_keeps(before), kept)
        assert [line for line in changed if "differ" in line] == []
        # What was repaired is missing as it was, and there is something else in its place.
        missing = [line for line in changed if ": missing or changed: " in line]
        others = [line for line in changed if ": not expected: " in line]
        assert 0 < len(missing) == len(others) <= repaired
        above = {line for line in changed if line.endswith("folder not expected (0 messages)")}
        assert len(changed) == len(missing) + len(others) + len(above)
        again = command.migrate(old, new)
        assert (again.status, again.totals["copied"]) == (0, 0)
        assert snapshot_of(exchange, ANNA) == kept


def test_another_computer_copies_nothing_twice(
    command: CommandLine, old: TestAccount, exchange: EwsServer
) -> None:
    load(old, [MailFolder(("INBOX",), letters(0, 30) + letters(0, 3))])
    new = reached(exchange, ANNA)
    assert command.migrate(old, new).totals["copied"] == 33
    other = CommandLine(command.folder / "other")
    load(old, [MailFolder(("INBOX",), letters(50, 2))])
    again = other.migrate(old, new)
    assert (again.totals["copied"], again.totals["present"]) == (2, 33)
    assert len(snapshot_of(exchange, ANNA)[("INBOX",)]) == 35


def test_mail_that_others_put_there_is_known_by_headers_and_date(
    command: CommandLine, old: TestAccount, exchange: EwsServer
) -> None:
    there = letters(0, 10)
    fill(exchange, ("Inbox",), there)
    load(old, [MailFolder(("INBOX",), letters(0, 12))])
    ended = command.migrate(old, reached(exchange, ANNA))
    assert (ended.totals["copied"], ended.totals["present"]) == (2, 10)


def test_exchange_is_read_and_left_as_it_was(
    command: CommandLine, old: TestAccount, exchange: EwsServer
) -> None:
    fill(exchange, ("Inbox",), letters(0, 130))
    fill(exchange, ("Sent Items",), letters(200, 5))
    fill(exchange, ("Clients/2019", "Été"), letters(300, 20))
    before = snapshot_of(exchange, ANNA)
    first = command.migrate(reached(exchange, ANNA), old)
    assert (first.status, first.report["grade"]) == (0, "complete-with-notes")
    assert {n["problem"] for n in first.report["notes"]} == {"folder-renamed"}
    copied = snapshot(old)
    assert {path: len(messages) for path, messages in copied.items() if messages} == {
        ("INBOX",): 130,
        ("Sent Items",): 5,
        ("Clients-2019", "Été"): 20,
    }
    assert {m.received for m in copied[("INBOX",)]} == {
        FIRST_DAY + timedelta(days=number) for number in range(130)
    }
    assert Counter(m.flags for m in copied[("INBOX",)]) == {
        frozenset({"\\seen"}): 65,
        frozenset(): 65,
    }
    again = command.migrate(reached(exchange, ANNA), old)
    assert (again.status, again.totals["copied"]) == (0, 0)
    assert snapshot_of(exchange, ANNA) == before
    assert set(exchange.journal.operations()) <= READING


def test_from_exchange_to_exchange_and_on_to_imap(
    command: CommandLine, old: TestAccount, new_account: TestAccount, exchange: EwsServer
) -> None:
    """Flags, keywords and dates stay through two mailboxes on Exchange."""
    flags = [
        {"\\Seen"},
        {"\\Flagged", "\\Answered"},
        {"$Forwarded", "Projekt-7"},
        {"\\Seen", "$label1", "Travail"},
        set(),
    ]
    sent = [
        Message(letter.body, frozenset(flags[number % 5]), letter.received)
        for number, letter in enumerate(letters(0, 100))
    ]
    load(
        old,
        [
            MailFolder(("INBOX",), sent),
            MailFolder(("Drafts",), [Message(sent[0].body, frozenset({"\\Draft"}), FIRST_DAY)]),
        ],
    )
    anna, boris = reached(exchange, ANNA), reached(exchange, BORIS)
    for source, destination in ((old, anna), (anna, boris), (boris, new_account)):
        ended = command.migrate(source, destination)
        assert (ended.status, ended.report["notes"]) == (0, [])
        assert ended.totals["copied"] == 101

    def flags_and_dates(account: TestAccount) -> dict[FolderPath, Counter[object]]:
        return {
            path: Counter((m.flags, m.received) for m in messages)
            for path, messages in snapshot(account).items()
            if messages
        }

    assert flags_and_dates(new_account) == flags_and_dates(old)


@pytest.mark.parametrize("seed", range(3))
def test_faults_lose_nothing_and_double_nothing(
    command: CommandLine, old: TestAccount, exchange: EwsServer, seed: int
) -> None:
    load(
        old,
        [
            MailFolder(("INBOX",), letters(0, 120) + letters(0, 4)),
            MailFolder(("Clients",), letters(200, 60, size=30_000)),
        ],
    )
    anna, boris = reached(exchange, ANNA), reached(exchange, BORIS)
    for source, destination in ((old, anna), (anna, boris)):
        fail_from_here_on(exchange, seed)
        ended = command.migrate(source, destination, connections=3, settle_seconds=0.2)
        exchange.faults.stop()
        assert (ended.status, ended.totals["copied"]) == (0, 184), (
            str(ended.report["stopped_by"]),
            str(ended.report["failed"][:3]),
        )
    assert compare(snapshot(old), snapshot_of(exchange, ANNA)) == []
    between = [
        Counter((m.label, m.flags, m.received) for m in snapshot_of(exchange, who)[("INBOX",)])
        for who in (ANNA, BORIS)
    ]
    assert between[0] == between[1]
    assert exchange.faults.happened


def test_a_server_that_asks_for_patience_costs_no_more_than_that(
    command: CommandLine, old: TestAccount, exchange: EwsServer
) -> None:
    """Nothing was done, so that nothing has to settle."""
    load(old, [MailFolder(("INBOX",), letters(0, 40))])
    exchange.faults.plan(*(Fault(FaultKind.BUSY, "CreateItem", seconds=0.2) for _ in range(3)))
    began = time.monotonic()
    ended = command.migrate(old, reached(exchange, ANNA), settle_seconds=90)
    assert (ended.status, ended.totals["copied"]) == (0, 40)
    assert time.monotonic() - began < 90


def test_the_mailbox_of_another_person(
    command: CommandLine, old: TestAccount, exchange: EwsServer
) -> None:
    load(old, [MailFolder(("INBOX",), letters(0, 5)), MailFolder(("Clients",), letters(9, 2))])
    exchange.allow(ANNA, BORIS)
    exchange.allow_impersonation(ANNA)
    for access in Access:
        new = reached(exchange, ANNA, mailbox=BORIS, access=access)
        ended = command.migrate(old, new)
        assert ended.status == 0
        kept = snapshot_of(exchange, BORIS)
        assert {path: len(messages) for path, messages in kept.items()} == {
            ("INBOX",): 5,
            ("Clients",): 2,
        }
    assert snapshot_of(exchange, ANNA) == {}


def test_without_rights_nothing_is_opened(
    command: CommandLine, old: TestAccount, exchange: EwsServer
) -> None:
    for access in Access:
        new = reached(exchange, ANNA, mailbox=BORIS, access=access)
        ended = command.migrate(old, new)
        assert (ended.status, ended.code) == (4, "28-06")


def test_memory_does_not_grow_with_the_mail(
    command: CommandLine, old: TestAccount, new_account: TestAccount, exchange: EwsServer
) -> None:
    """50 MB on the way to Exchange and back, beside a letter."""
    measured = replace(command, program=(sys.executable, "-m", "tests.journeys.measured"))
    new = reached(exchange, ANNA)
    peaks = []
    for size in (300, 50_000_000):
        load(old, [MailFolder(("INBOX",), [letter(size % 1000, size)])])
        for source, destination in ((old, new), (new, new_account)):
            ended = measured.migrate(source, destination)
            assert ended.totals["copied"] == 1
            peaks.append(int(ended.errors.splitlines()[-1]))
    small, large = max(peaks[:2]), max(peaks[2:])
    assert large - small < MOST_GROWTH_KIB


@pytest.mark.parametrize("scheme", ["Basic", "NTLM", "Digest"])
def test_passwords_are_written_nowhere(
    command: CommandLine,
    old: TestAccount,
    exchange: EwsServer,
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
) -> None:
    """Neither as they are nor as they travel, whether they are right or wrong."""
    marker = "marker-4711-of-exchange"
    exchange.schemes = (scheme,)
    believed = command.folder.parent / "passwords"
    believed.write_text(f":{ANNA}:{marker}\n", encoding="utf-8")
    monkeypatch.setenv("NTLM_USER_FILE", str(believed))
    exchange.store.mailboxes[ANNA].password = marker
    load(old, [MailFolder(("INBOX",), letters(0, 3))])
    exchange.faults.plan(Fault(FaultKind.BUSY, "CreateItem", seconds=0.1))
    right = command.migrate(old, reached(exchange, ANNA, password=marker))
    wrong = command.migrate(old, reached(exchange, ANNA, password=f"{marker}!"))
    assert (right.status, wrong.status, wrong.code) == (0, 4, "21-01")
    coded = b64encode(f"{ANNA}:{marker}".encode())[:-4]
    written = [file for file in command.folder.rglob("*") if file.is_file()]
    assert {file.suffix for file in written} >= {".log", ".db", ".toml"}
    told = [right.output, right.errors, wrong.output, wrong.errors]
    for content in (*(file.read_bytes() for file in written), *map(str.encode, told)):
        assert marker.encode() not in content
        assert coded not in content
        assert b"TlRMTVNTUAA" not in content
