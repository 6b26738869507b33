"""Two thousand items to, from and between Exchanges, killed on their way: complete, and once."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from math import inf
from pathlib import Path
from threading import Lock, local

import pytest

from tests.journeys import lived_in
from tests.journeys.command import CommandLine, Ended, plan_text
from tests.journeys.untouched import untouched
from tests.servers.account import TestAccount
from tests.servers.ews import EwsServer
from tests.servers.ews.checks import at_most, mail_is_no_draft
from tests.servers.ews.holding import Holding, differences, holding_of, unfinished_of
from tests.servers.ews.journal import Entry
from tests.servers.ews.reached import mailbox_of
from tests.servers.ews.server import Answer
from tests.servers.ews.snapshot import snapshot_of
from tests.servers.ews.soap import Element
from tests.servers.ews.soap import local as name_of
from tests.servers.mailbox import Snapshot, compare, load, snapshot

from .dying import doom
from .forked import Forked, fork

KILLS = int(os.environ.get("OMM_KILLS", "2"))
"""At random instants, for each copy."""

ANNA, BORIS = "anna@exchange.test", "boris@exchange.test"
EVERY_KIND = ["mail", "contacts", "events", "tasks"]
AS_USUAL: dict[str, object] = {"kinds": EVERY_KIND, "connections": 3, "settle_seconds": 0.2}
READING = {"", "GetFolder", "FindFolder", "FindItem", "GetItem", "GetAttachment"}
ITEMS = ("Message", "Contact", "DistributionList", "CalendarItem", "Task")
INSTEAD: Answer = (503, {}, b"")
"""Of a request that is not heard; nobody is there to read it."""
NUMBER = 2000
ASKED = ("GetFolder", "FindFolder", "FindItem", "GetItem")
WRITTEN = (
    "CreateFolder",
    "CreateItem Message",
    "CreateItem Contact",
    "CreateItem CalendarItem",
    "CreateItem Task",
    "CreateAttachment",
    "UpdateItem Contact",
    "UpdateItem CalendarItem",
    "DeleteItem",
)
"""Kinds of requests no copy of these items can do without."""


@pytest.fixture
def boris(exchange: EwsServer) -> Iterator[TestAccount]:
    """An empty mailbox, beside Anna's; in the end nothing was sent to anybody."""
    exchange.add_mailbox(BORIS)
    exchange.journal.checks += [mail_is_no_draft, at_most(50, 6 << 20)]
    yield mailbox_of(exchange, BORIS)
    exchange.journal.assert_nothing_sent()


class Reaper:
    """Kills copies at their requests: one before each kind is heard, one before its answer.

    A kind of request is who asks for which operation on which kinds of items.
    """

    def __init__(self, exchange: EwsServer) -> None:
        self._lock = Lock()
        self._here = local()
        self._living: Forked | None = None
        self.deaths: set[str] = set()
        exchange.journal.checks.append(self._heard)
        exchange.instead = self._before
        exchange.rewrite = self._after

    def play(self, copy: Forked) -> Ended:
        """Let the copy run until it is killed or ends by itself."""
        self._living = copy
        ended = copy.ended()
        self._living = None
        return ended

    def _heard(self, entry: Entry, body: Element) -> list[str]:
        kinds = {name_of(one) for one in body.iter("{*}*")} & set(ITEMS)
        self._here.request = " ".join([str(entry.user), entry.operation, *sorted(kinds)])
        self._here.writes = entry.operation not in READING
        return []

    def _before(self, entry: Entry) -> Answer | None:
        # What only reads leaves nothing behind, whether it was heard or not.
        return INSTEAD if self._here.writes and self._kills("before") else None

    def _after(self, operation: str, reply: bytes) -> bytes:
        self._kills("after")
        return reply

    def _kills(self, when: str) -> bool:
        moment = f"{when} {self._here.request}"
        with self._lock:
            if moment in self.deaths:
                return False
            self.deaths.add(moment)
            # What was under way beside the request at which it was killed died there, too.
            if self._living is not None:
                self._living.kill()
                self._living = None
        return True


def hurried(copy: Forked, progress: Callable[[], int], until: float) -> Ended:
    """Let the copy run, but kill it when it has come so far."""
    while copy.goes_on(0.01):
        if progress() >= until:
            copy.kill()
            break
    return copy.ended()


def killed_and_resumed(
    command: CommandLine,
    old: TestAccount,
    new: TestAccount,
    progress: Callable[[], int],
    **options: object,
) -> None:
    """Copy two thousand items, killed at random instants; then once more, which adds nothing."""
    chance = random.Random(f"{old.login} {new.login}")
    plan = plan_text(old, new, **AS_USUAL | options)
    for until in sorted(chance.uniform(0, 0.95) * NUMBER for _ in range(KILLS)):
        killed = hurried(fork(command, plan, old, new), progress, until)
        assert killed.status == -signal.SIGKILL, killed.errors
    for copied in (None, 0):
        ended = hurried(fork(command, plan, old, new), progress, inf)
        assert (ended.status, ended.report["failed"]) == (0, []), ended.errors
        assert (ended.totals["listed"], ended.totals["unsure"]) == (NUMBER, 0)
        assert copied in (None, ended.totals["copied"])
        assert progress() == NUMBER


def items_of(exchange: EwsServer, address: str) -> int:
    with exchange.turn:
        return sum(1 for _ in exchange.store.mailboxes[address].items())


def mails_of(account: TestAccount) -> int:
    with account.client() as client:
        names = [str(name) for _, _, name in client.list_folders()]
        return sum(client.folder_status(name, ["MESSAGES"])[b"MESSAGES"] for name in names)


def assert_the_same(exchange: EwsServer, held: Holding, there: str) -> None:
    """Everything came, once and whole."""
    assert differences(held, holding_of(exchange, there)) == []
    assert unfinished_of(exchange, there) == []


@contextmanager
def only_read(exchange: EwsServer, address: str) -> Iterator[Holding]:
    """What the mailbox holds, before and after the block alike, as nobody wrote to it."""
    held = holding_of(exchange, address)
    yield held
    assert holding_of(exchange, address) == held
    asked = {one.operation for one in exchange.journal.entries if one.user == address}
    assert asked <= READING


@pytest.mark.timeout(600)
def test_all_kinds_between_exchanges(
    tmp_path: Path, exchange: EwsServer, boris: TestAccount
) -> None:
    assert lived_in.live_in(exchange, ANNA) == NUMBER
    anna = mailbox_of(exchange, ANNA)
    with only_read(exchange, ANNA) as held:
        killed_and_resumed(CommandLine(tmp_path), anna, boris, lambda: items_of(exchange, BORIS))
    assert_the_same(exchange, held, BORIS)


@pytest.mark.timeout(600)
def test_mail_from_imap(
    tmp_path: Path, old_account: TestAccount, exchange: EwsServer, boris: TestAccount
) -> None:
    mailbox = lived_in.mail(NUMBER)
    load(old_account, mailbox)
    with untouched(old_account) as before:
        killed_and_resumed(
            CommandLine(tmp_path),
            old_account,
            boris,
            lambda: items_of(exchange, BORIS),
            kinds=["mail"],
        )
    assert compare(filled(before), snapshot_of(exchange, BORIS)) == []
    lived_in.receive(exchange, ANNA, mailbox)
    assert_the_same(exchange, holding_of(exchange, ANNA), BORIS)


@pytest.mark.timeout(600)
def test_mail_to_imap(tmp_path: Path, new_account: TestAccount, exchange: EwsServer) -> None:
    lived_in.receive(exchange, ANNA, lived_in.mail(NUMBER))
    anna = mailbox_of(exchange, ANNA)
    with only_read(exchange, ANNA):
        killed_and_resumed(
            CommandLine(tmp_path),
            anna,
            new_account,
            lambda: mails_of(new_account),
            kinds=["mail"],
        )
    expected = snapshot_of(exchange, ANNA, as_given_back=True)
    found = filled(snapshot(new_account))
    assert compare(expected, found, {("Sent",): ("Sent Items",)}) == []


def filled(mailbox: Snapshot) -> Snapshot:
    return {path: messages for path, messages in mailbox.items() if messages}


@pytest.mark.timeout(600)
def test_killed_at_every_kind_of_request(
    tmp_path: Path, exchange: EwsServer, boris: TestAccount
) -> None:
    number = lived_in.live_in(exchange, ANNA, shrunk=8)
    anna, command = mailbox_of(exchange, ANNA), CommandLine(tmp_path)
    reaper = Reaper(exchange)
    plan = plan_text(anna, boris, **AS_USUAL)
    with only_read(exchange, ANNA) as held:
        while (ended := reaper.play(fork(command, plan, anna, boris))).status == -signal.SIGKILL:
            pass
    assert (ended.status, ended.totals["listed"], ended.report["failed"]) == (0, number, [])
    assert_the_same(exchange, held, BORIS)
    assert reaper.deaths >= {f"after {BORIS} {one}" for one in (*ASKED, *WRITTEN)}
    assert reaper.deaths >= {f"before {BORIS} {one}" for one in WRITTEN}
    assert reaper.deaths >= {f"after {ANNA} {one}" for one in (*ASKED, "GetAttachment")}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_commits(
    tmp_path: Path, exchange: EwsServer, boris: TestAccount, when: str
) -> None:
    """Each run at one commit later than the run before."""
    number = lived_in.live_in(exchange, ANNA, shrunk=20)
    anna, command = mailbox_of(exchange, ANNA), CommandLine(tmp_path)
    plan = plan_text(anna, boris, **AS_USUAL)
    with only_read(exchange, ANNA) as held:
        for at in count(1):
            copy = fork(command, plan, anna, boris, partial(doom, at, when))
            ended = copy.ended()
            if ended.status != -signal.SIGKILL:
                break
    assert (ended.status, ended.totals["listed"], ended.report["failed"]) == (0, number, [])
    assert at > 10
    assert_the_same(exchange, held, BORIS)
