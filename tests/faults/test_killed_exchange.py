"""A copy to Exchange, killed at every commit of a small one and at random instants of a larger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.journeys.command import CommandLine
from tests.journeys.letters import letters
from tests.journeys.untouched import untouched
from tests.servers.account import TestAccount
from tests.servers.ews import EwsServer
from tests.servers.ews.reached import mailbox_of
from tests.servers.ews.snapshot import snapshot_of
from tests.servers.mailbox import MailFolder, Message, Snapshot, load, snapshot

from .kills import Trial, instants, judged, killer, started
from .test_killed_at_commits import Dying
from .test_killed_at_random import INSTANTS

IN_THE_WAY = b"From: a@far.test\r\nSubject: there before\r\n\r\nold mail\r\n"


@dataclass(frozen=True, slots=True)
class Users:
    """Fresh mailboxes that hold somebody else's mail already."""

    server: EwsServer

    @property
    def port(self) -> int:
        return self.server.port

    def add_user(self, name: str) -> TestAccount:
        address = f"{name}@exchange.test"
        mailbox = self.server.add_mailbox(address)
        self.server.deliver(mailbox.distinguished("inbox"), IN_THE_WAY)
        return mailbox_of(self.server, address)

    def look(self, account: TestAccount) -> Snapshot:
        """Without what was there before."""
        found = snapshot_of(self.server, account.login)
        found[("INBOX",)] = [m for m in found[("INBOX",)] if m.label != "there before"]
        return found


@pytest.fixture
def users(exchange: EwsServer) -> Iterator[Users]:
    yield Users(exchange)
    exchange.journal.assert_nothing_sent()


def some_mail(number: int) -> list[MailFolder]:
    """With duplicates, and twins that differ in nothing but their bodies."""
    sent = letters(0, number)
    twins = [Message(one.body + b"PS\r\n", one.flags, one.received) for one in sent[:4]]
    return [
        MailFolder(("INBOX",), sent + twins + sent[:3]),
        MailFolder(("Clients",), letters(1000, number // 3) + sent[:2] * 2),
    ]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_every_commit(
    tmp_path: Path, old_account: TestAccount, users: Users, when: str
) -> None:
    load(old_account, some_mail(12))
    trial = Trial(old_account, users, tmp_path, snapshot(old_account), look=users.look)
    dying = Dying(old_account, when)

    def dead_at(number: int) -> Callable[[], str]:
        return partial(trial.outcome, users.add_user(f"{when}{number}"), partial(dying.run, number))

    with untouched(old_account):
        whole = users.add_user(f"{when}0")
        survived = dying.run(0, CommandLine(tmp_path / "whole"), trial.plan(whole), whole)
        commits = int(survived.errors.splitlines()[-1])
        assert commits > 10
        assert judged(dead_at(number) for number in range(1, commits + 1)) == []
    assert dying.died > commits * 0.8


@pytest.mark.timeout(900)
def test_killed_at_random_instants(tmp_path: Path, old_account: TestAccount, users: Users) -> None:
    load(old_account, some_mail(400))
    users.server.pace = 0.05
    with untouched(old_account) as before:
        whole = users.add_user("whole")
        trial = Trial(old_account, users, tmp_path, before, look=users.look)
        copy = started(CommandLine(tmp_path / "whole"), trial.plan(whole), trial, whole)
        deaths: list[bool] = []
        kill = killer(trial, copy.seconds(), deaths)
        outcomes = [
            partial(trial.outcome, users.add_user(f"at{number}"), partial(kill, share))
            for number, share in enumerate(instants(INSTANTS, "exchange"))
        ]
        assert judged(outcomes) == []
    assert sum(deaths) > INSTANTS / 2
