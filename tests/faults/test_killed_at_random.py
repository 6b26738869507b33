"""Killed at random instants of a copy of the whole collection, with three writers."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.journeys.command import CommandLine
from tests.journeys.untouched import untouched
from tests.servers.account import TestAccount
from tests.servers.corpus import mailbox_of
from tests.servers.mailbox import Message, load, snapshot

from .forked import fork
from .kills import Server, Trial, instants, judged, killer_midway

INSTANTS = int(os.environ.get("OMM_KILLS", "6"))
"""One in each part of a copy; every commit of a smaller one has its turn elsewhere."""
SERVERS = (
    "telling_dovecot",
    "keyless_dovecot",
    "plain_dovecot",
    "telling_cyrus",
    "keyless_cyrus",
)


@pytest.mark.timeout(900 + 60 * INSTANTS)
@pytest.mark.parametrize("kind", SERVERS)
def test_killed_at_random_instants(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    old_account: TestAccount,
    corpus: list[Message],
    kind: str,
) -> None:
    server: Server = request.getfixturevalue(kind)
    load(old_account, mailbox_of(corpus))
    with untouched(old_account) as before:
        whole = server.add_user("whole")
        trial = Trial(old_account, server, tmp_path, before)
        copy = fork(CommandLine(tmp_path / "whole"), trial.plan(whole), old_account, whole)
        assert copy.ended().status == 0
        # Cyrus gives back some of it changed, always in the same way.
        trial = Trial(old_account, server, tmp_path, snapshot(whole))
        deaths: list[bool] = []

        kill = killer_midway(trial, deaths)
        outcomes: list[Callable[[], str]] = [
            partial(trial.outcome, server.add_user(f"at{number}"), partial(kill, share))
            for number, share in enumerate(instants(INSTANTS, kind))
        ]
        assert judged(outcomes) == []
    assert sum(deaths) > INSTANTS / 2
