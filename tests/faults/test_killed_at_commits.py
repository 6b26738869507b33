"""Killed at every commit of the ledger of a small copy: nothing is lost and nothing is doubled."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from tests.journeys.command import CommandLine
from tests.journeys.untouched import untouched
from tests.servers.account import TestAccount
from tests.servers.corpus import peculiar_messages
from tests.servers.mailbox import MailFolder, Message, load, snapshot

from .dying import doom
from .forked import fork
from .kills import AT_ONCE, Server, Trial, judged

SERVERS = ("telling_dovecot", "keyless_dovecot", "telling_cyrus", "keyless_cyrus")


def small_mailbox() -> list[MailFolder]:
    """Duplicates, and messages that a careless comparison takes for one another."""
    peculiar = [message for message in peculiar_messages() if message.name != "one-octet"]
    twice = [Message(one.body, frozenset({"\\Seen"})) for one in peculiar[:3]] * 2
    return [
        MailFolder(("INBOX",), peculiar + twice),
        MailFolder(("Envoyés",), twice[:2]),
        MailFolder(("Envoyés", "2019"), twice),
        MailFolder(("Vide",)),
    ]


@dataclass
class Dying:
    """Runs copies that die at one commit, before or after it, and counts what became of them."""

    source: TestAccount
    when: str
    died: int = 0
    survived: int = 0

    def run(self, at: int, command: CommandLine, plan: str, destination: TestAccount) -> None:
        copy = fork(command, plan, self.source, destination, partial(doom, at, self.when))
        if copy.ended().status == -signal.SIGKILL:
            self.died += 1
        else:
            self.survived += 1


@pytest.mark.timeout(900)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("kind", SERVERS)
def test_killed_at_every_commit(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    old_account: TestAccount,
    kind: str,
    when: str,
) -> None:
    server: Server = request.getfixturevalue(kind)
    load(old_account, small_mailbox())
    trial = Trial(old_account, server, tmp_path, snapshot(old_account))

    dying = Dying(old_account, when)

    def dead_at(number: int) -> Callable[[], str]:
        destination = server.add_user(f"{when}{number}")
        return partial(trial.outcome, destination, partial(dying.run, number))

    numbers = count(1)
    with untouched(old_account):
        while not dying.survived:
            assert judged(dead_at(next(numbers)) for _ in range(AT_ONCE)) == []
    assert dying.died > 10
