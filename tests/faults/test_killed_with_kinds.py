"""Contacts, events and tasks from one Exchange mailbox to another, killed again and again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.command import CommandLine, plan_text
from tests.journeys.test_ews_whole_items import ALL, ANNA, BORIS, entries, fill, there
from tests.servers.ews import EwsServer
from tests.servers.ews.reached import mailbox_of

from .test_killed_around_exchange import KILLS, Killer

OF_EACH_KIND = 100


@pytest.mark.timeout(900 + 60 * KILLS)
def test_each_comes_once_and_whole(tmp_path: Path, exchange: EwsServer) -> None:
    exchange.add_mailbox(BORIS)
    fill(exchange, entries(OF_EACH_KIND))
    old, new = mailbox_of(exchange, ANNA), mailbox_of(exchange, BORIS)
    killer = Killer(exchange, "kinds")
    command = CommandLine(tmp_path)
    plan = plan_text(old, new, kinds=ALL, connections=3, settle_seconds=1)
    for _ in range(3 * KILLS):
        killer.play(lambda: command.start(plan, old, new))
    ended = command.run(plan, old, new)
    assert (ended.status, ended.report["failed"]) == (0, []), ended.errors
    assert killer.deaths == 3 * KILLS
    assert there(exchange, BORIS) == there(exchange, ANNA)
    exchange.journal.assert_nothing_sent()
