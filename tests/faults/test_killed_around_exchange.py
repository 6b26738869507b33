"""Two thousand mails by way of two Exchanges, each copy killed again and again on its way."""

from __future__ import annotations

import os
import random
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from omm_desktop.model.items import FolderPath
from tests.journeys.command import CommandLine, plan_text
from tests.journeys.letters import FIRST_DAY, letters
from tests.servers.account import TestAccount
from tests.servers.dovecot import Dovecot
from tests.servers.ews import EwsServer
from tests.servers.ews.checks import at_most, mail_is_no_draft
from tests.servers.ews.journal import Entry
from tests.servers.ews.reached import mailbox_of
from tests.servers.ews.snapshot import snapshot_of
from tests.servers.ews.soap import Element
from tests.servers.mailbox import MailFolder, Message, compare, load, snapshot

KILLS = int(os.environ.get("OMM_KILLS", "1"))
"""For each of the three copies."""

ANNA, BORIS = "anna@exchange.test", "boris@exchange.test"
BEFORE_THE_LAST = 40
"""Requests that no copy of these mails can do without."""

FLAGS = (
    {"\\Seen"},
    {"\\Seen", "\\Answered", "Projekt-7"},
    {"\\Flagged"},
    {"$Forwarded", "$label1"},
    set[str](),
)


def two_thousand() -> list[MailFolder]:
    """With duplicates, and twins that differ in nothing but their bodies."""
    sent = [
        Message(one.body, frozenset(FLAGS[number % 5]), one.received)
        for number, one in enumerate(letters(0, 1960))
    ]
    twins = [Message(one.body + b"PS\r\n", one.flags, one.received) for one in sent[:20]]
    return [
        MailFolder(("INBOX",), sent[:1200] + twins + sent[:10]),
        MailFolder(("Clients 2019",), sent[1200:] + sent[:10]),
    ]


class Killer:
    """Kills a copy at one of its requests to Exchange, of which the answer then comes too late."""

    def __init__(self, exchange: EwsServer, seed: str) -> None:
        self._chance = random.Random(seed)
        self._child: subprocess.Popen[str] | None = None
        self._left = 0
        self.deaths = 0
        exchange.journal.checks.append(self._heard)

    def _heard(self, entry: Entry, body: Element) -> list[str]:
        self._left -= 1
        if self._child is not None and self._left == 0:
            self._child.kill()
        return []

    def play(self, start: Callable[[], subprocess.Popen[str]]) -> None:
        """Start a copy, and kill it somewhere on its way."""
        self._left = self._chance.randint(8, BEFORE_THE_LAST)
        self._child = start()
        self._child.communicate(timeout=250)
        self.deaths += self._child.returncode < 0
        self._child = None


def flags_and_dates(account: TestAccount) -> dict[FolderPath, Counter[object]]:
    return {
        path: Counter((m.flags, m.received) for m in messages)
        for path, messages in snapshot(account).items()
        if messages
    }


@pytest.mark.timeout(900 + 60 * KILLS)
def test_each_comes_once_with_its_flags_and_its_date(
    tmp_path: Path, telling_dovecot: Dovecot, exchange: EwsServer
) -> None:
    old, new = (telling_dovecot.add_user(f"around-{which}") for which in ("old", "new"))
    exchange.add_mailbox(BORIS)
    exchange.journal.checks += [mail_is_no_draft, at_most(50, 6 << 20)]
    anna, boris = mailbox_of(exchange, ANNA), mailbox_of(exchange, BORIS)
    load(old, two_thousand())
    before = snapshot(old)
    assert sum(map(len, before.values())) == 2000
    killer = Killer(exchange, "around")
    for turn, (source, destination) in enumerate(((old, anna), (anna, boris), (boris, new))):
        command = CommandLine(tmp_path / f"{turn}")
        plan = plan_text(source, destination, connections=3, settle_seconds=1)
        for _ in range(KILLS):
            killer.play(lambda: command.start(plan, source, destination))  # noqa: B023
        ended = command.run(plan, source, destination)
        assert (ended.status, ended.report["failed"]) == (0, [])
    assert killer.deaths == 3 * KILLS
    assert compare(before, snapshot_of(exchange, ANNA)) == []
    labels = [
        {
            path: Counter((m.label, m.flags, m.received) for m in messages)
            for path, messages in snapshot_of(exchange, who).items()
        }
        for who in (ANNA, BORIS)
    ]
    assert labels[0] == labels[1]
    assert flags_and_dates(new) == flags_and_dates(old)
    assert min(m.received for m in snapshot(new)[("INBOX",)]) == FIRST_DAY
    exchange.journal.assert_nothing_sent()
