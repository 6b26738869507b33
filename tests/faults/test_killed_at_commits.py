"""Killed at every commit of the ledger of a small copy: nothing is lost and nothing is doubled."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest

from tests.journeys.command import CommandLine, Ended
from tests.journeys.untouched import untouched
from tests.servers.account import TestAccount
from tests.servers.corpus import peculiar_messages
from tests.servers.mailbox import MailFolder, Message, load, snapshot

from .kills import Server, Trial, judged

SERVERS = ("telling_dovecot", "keyless_dovecot", "telling_cyrus", "keyless_cyrus")
DYING = (sys.executable, "-m", "tests.faults.dying")


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
    """Runs a copy that dies at one commit, before or after it; `died` counts the deaths."""

    source: TestAccount
    when: str
    died: int = 0

    def run(self, at: int, command: CommandLine, plan: str, destination: TestAccount) -> Ended:
        program = (*DYING, str(at), self.when)
        ended = replace(command, program=program).run(plan, self.source, destination)
        self.died += ended.status == -signal.SIGKILL
        return ended


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

    with untouched(old_account):
        whole = server.add_user(f"{when}0")
        survived = dying.run(0, CommandLine(tmp_path / "whole"), trial.plan(whole), whole)
        commits = int(survived.errors.splitlines()[-1])
        assert commits > 10
        assert judged(dead_at(number) for number in range(1, commits + 1)) == []
    # How many batches there are depends a little on chance.
    assert dying.died > commits * 0.8
