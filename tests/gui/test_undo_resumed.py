"""Taking a copy back, killed in its midst, and gone on with in the window by the person."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId
from tests.journeys.command import CommandLine
from tests.servers.account import TestAccount
from tests.servers.dovecot import Dovecot
from tests.servers.mailbox import MailFolder, Message, Snapshot, append, load, snapshot
from tests.servers.relay import Relay

from .hands import PATIENCE_MS, Hands
from .test_undo import with_menu

NUMBER, MINE = 900, 7
FAR = 0.5
"""Seconds to the server and back while some are removed."""


def mail(number: int) -> Message:
    text = b"From: a@example.test\r\nMessage-ID: <%d@example.test>\r\n\r\nhello\r\n" % number
    return Message(text, frozenset(), None)


def bodies(found: Snapshot) -> Counter[str]:
    return Counter(one.sha256 for messages in found.values() for one in messages)


def in_trash(account: TestAccount) -> int:
    """By what the server counts: nothing can be read while it moves."""
    with account.client() as client:
        if not client.folder_exists("Trash"):
            return 0
        return int(client.folder_status("Trash", ["MESSAGES"])[b"MESSAGES"])


def test_nothing_goes_twice_and_nothing_of_the_person(
    request: pytest.FixtureRequest,
    old_account: TestAccount,
    new_account: TestAccount,
    dovecot: Dovecot,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    load(old_account, [MailFolder(("INBOX",), [mail(n) for n in range(NUMBER)])])
    # Equal to some of what is copied.
    load(new_account, [MailFolder(("INBOX",), [mail(n) for n in range(MINE)])])
    command = CommandLine(tmp_path)
    with Relay(dovecot.port) as line:
        far = new_account.through(line.port)
        brought = command.migrate(old_account, far).totals["copied"]
        assert brought == NUMBER - MINE
        with new_account.client() as client:
            append(client, "INBOX", mail(-1))
        there = snapshot(new_account)["INBOX",]
        mine = bodies({(): [*there[:MINE], there[-1]]})
        line.change(rtt=FAR)
        with command.start_undo(1, far, brought) as running:
            qtbot.waitUntil(lambda: in_trash(new_account) > 0, timeout=PATIENCE_MS)
            running.kill()
        assert 0 < in_trash(new_account) < brought
        line.change(rtt=0.0)
        window: Window = request.getfixturevalue("window")
        hands: Hands = request.getfixturevalue("hands")
        hands.until(lambda: bool(with_menu(window)))
        (run,) = window.services.history.runs()
        assert run.undoing
        window.home.copies[0].undo_wanted.emit()
        hands.wait_for(PageId.UNDO)
        hands.type_into(window.undo.question.password.edit, far.password)
        hands.type_into(window.undo.question.number, str(run.removable))
        hands.enter()
        hands.until(lambda: window.undo.result.isVisible())
    assert "Tout ce que la copie" in window.undo.result.headline.text()
    found = snapshot(new_account)
    trash = found.pop(("Trash",))
    assert len({one.sha256 for one in trash}) == len(trash) == brought
    assert bodies(found) == mine
