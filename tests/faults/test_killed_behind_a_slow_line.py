"""Killed while mail goes out at half a megabyte a second: what is under way may land late."""

from __future__ import annotations

import random
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from omm_desktop.model.plan import SETTLE_SECONDS
from tests.journeys.untouched import untouched
from tests.servers.account import TestAccount
from tests.servers.cyrus import Cyrus
from tests.servers.dovecot import Dovecot
from tests.servers.mailbox import MailFolder, Message, load
from tests.servers.relay import Relay

from .kills import Trial, judged, killer

SPEED = 500_000
MAILBOX_BYTES = 2_000_000
LETTERS = 100
SHARES = (0.1, 0.35, 0.6, 0.85)


def mailbox() -> list[MailFolder]:
    chance = random.Random(1)
    messages = [
        Message(
            b"From: a@example.test\r\nMessage-ID: <%d@example.test>\r\n\r\n" % number
            + b"\r\n".join([chance.randbytes(30).hex().encode()] * (MAILBOX_BYTES // LETTERS // 62))
        )
        for number in range(LETTERS)
    ]
    return [
        MailFolder(("INBOX",), messages[::2]),
        MailFolder(("Envoyés",), messages[1::2]),
    ]


@pytest.mark.timeout(900)
def test_killed_behind_a_slow_line(
    telling_dovecot: Dovecot,
    keyless_dovecot: Dovecot,
    telling_cyrus: Cyrus,
    keyless_cyrus: Cyrus,
    tmp_path: Path,
    old_account: TestAccount,
) -> None:
    load(old_account, mailbox())
    deaths: list[bool] = []
    with untouched(old_account) as before, ExitStack() as lines:
        outcomes = []
        for server in (telling_dovecot, keyless_dovecot, telling_cyrus, keyless_cyrus):
            relay = lines.enter_context(Relay(server.port, speed=SPEED))
            trial = Trial(old_account, server, tmp_path, before, SETTLE_SECONDS, relay.port)
            # Each folder has a connection of its own, and each connection that speed.
            kill = killer(trial, MAILBOX_BYTES / SPEED / 2, deaths)
            outcomes += [
                partial(trial.outcome, server.add_user(f"slow{index}"), partial(kill, share))
                for index, share in enumerate(SHARES)
            ]
        assert judged(outcomes, at_once=len(outcomes)) == []
    assert all(deaths)
