"""The line to a mailbox breaks on the way: the copy goes on by itself, and nothing comes twice."""

from __future__ import annotations

import random
from functools import partial
from pathlib import Path

import pytest

from tests.journeys.command import CommandLine, plan_text
from tests.journeys.untouched import untouched
from tests.servers.account import TestAccount
from tests.servers.corpus import mailbox_of
from tests.servers.mailbox import Message, Snapshot, compare, load, snapshot
from tests.servers.relay import Direction, Relay

from .kills import Server, judged

BREAKS = 4
EVERY = 5
"""One message of so many takes part."""


def outcome(
    name: str,
    source: TestAccount,
    server: Server,
    expected: Snapshot,
    folder: Path,
    cut: tuple[Direction, int],
) -> str:
    """What is wrong after a copy whose new mailbox was cut off after so many bytes, or fewer.

    Batches follow the speed of the line, and with them how much is said in all: where the line was
    not cut, because less was said, another mailbox is cut off earlier.
    """
    direction, number = cut
    while True:
        destination = server.add_user(f"{name}-{number}")
        with Relay(destination.port) as relay:
            reached = destination.through(relay.port)
            relay.cut_after(number, direction)
            plan = plan_text(source, reached, connections=3)
            ended = CommandLine(folder / f"{name}-{number}").run(plan, source, reached)
            broken = getattr(relay.traffic(), direction) > number
        wrong = compare(expected, snapshot(destination))
        if ended.status or wrong:
            told = f"{name} {direction} {number}: status {ended.status}"
            return "\n".join([told, ended.errors, *wrong])
        if broken:
            return ""
        number //= 2


@pytest.mark.timeout(900)
@pytest.mark.parametrize("direction", ["up", "down"])
@pytest.mark.parametrize("kind", ["telling_dovecot", "keyless_dovecot"])
def test_the_new_mailbox_is_cut_off(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    old_account: TestAccount,
    corpus: list[Message],
    kind: str,
    direction: Direction,
) -> None:
    """`up`: mail is lost on the way; `down`: mail arrives, and the answer is lost."""
    server: Server = request.getfixturevalue(kind)
    load(old_account, mailbox_of(corpus[::EVERY]))
    with untouched(old_account) as before:
        whole = server.add_user(f"unbroken-{direction}")
        with Relay(server.port) as relay:
            reached = whole.through(relay.port)
            assert CommandLine(tmp_path / "whole").migrate(old_account, reached).status == 0
            length = getattr(relay.traffic(), direction)
        chance = random.Random(f"{kind} {direction}")
        trials = [
            partial(
                outcome,
                f"cut-{direction}{index}",
                old_account,
                server,
                before,
                tmp_path,
                (direction, chance.randrange(length // 20, length * 9 // 10)),
            )
            for index in range(BREAKS)
        ]
        assert judged(trials) == []


@pytest.mark.timeout(900)
def test_the_old_mailbox_is_cut_off(
    tmp_path: Path,
    old_account: TestAccount,
    new_account: TestAccount,
    corpus: list[Message],
) -> None:
    load(old_account, mailbox_of(corpus[::EVERY]))
    with untouched(old_account) as before, Relay(old_account.port) as relay:
        relay.cut_after(sum(one.size for folder in before.values() for one in folder) // 2, "down")
        reached = old_account.through(relay.port)
        ended = CommandLine(tmp_path / "computer").migrate(reached, new_account, connections=3)
    assert ended.status == 0, ended.errors
    assert compare(before, snapshot(new_account)) == []
