"""An undo killed at commits of its records, on real servers: nothing goes twice or wrongly."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.journeys.command import CommandLine
from tests.servers.account import TestAccount
from tests.servers.dovecot import Dovecot, DovecotOptions
from tests.servers.mailbox import MailFolder, Message, Snapshot, load, snapshot

DYING = (sys.executable, "-m", "tests.faults.dying")
BARE = "IMAP4rev1 NAMESPACE CHILDREN UNSELECT LITERAL+ UIDPLUS"
TRASH = ("Trash",)
STRIDE = 1 if "OMM_KILLS" in os.environ else 5
"""From one kill to the next, in commits: every one when somebody asks for it."""


def plain(number: int) -> Message:
    return Message(b"From: a@example.test\r\nMessage-ID: <%d@x>\r\n\r\nhello\r\n" % number)


MINE = [plain(1), plain(9)]
COPIED = [
    MailFolder(("INBOX",), [plain(n) for n in (1, 1, 2, 3)]),
    MailFolder(("Made",), [plain(4)]),
]


def bodies(found: Snapshot) -> Counter[str]:
    return Counter(one.sha256 for messages in found.values() for one in messages)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("capability", [None, BARE], ids=["moves", "copies"])
def test_killed_at_its_commits(
    tmp_path: Path,
    old_account: TestAccount,
    start_dovecot: Callable[[DovecotOptions], Dovecot],
    capability: str | None,
) -> None:
    server = start_dovecot(DovecotOptions(capability=capability))
    load(old_account, COPIED)
    whole = bodies(snapshot(old_account))
    number, commits, died = 0, 0, 0
    while number <= commits:
        new = server.add_user(f"new{number}")
        load(new, [MailFolder(("INBOX",), MINE)])
        before = snapshot(new)
        command = CommandLine(tmp_path / str(number))
        copied = command.migrate(old_account, new).totals["copied"]
        assert copied == 4
        when = "after" if number % 2 else "before"
        program = (*DYING, str(number), when)
        killed = replace(command, program=program).undo(1, new, copied)
        died += killed.status == -signal.SIGKILL
        if not number:
            commits = int(killed.errors.splitlines()[-1])
        left = re.search(r"--yes-remove (\d+)", command.undo(1, new).output)
        ended = command.undo(1, new, int(left[1])) if left else None
        assert ended is None or ended.status == 0, ended
        after = snapshot(new)
        removed = Counter(one.sha256 for one in after.pop(TRASH))
        assert removed.total() == 4, (number, when)
        assert bodies(after) == bodies(before), (number, when)
        assert bodies(after) + removed == whole + bodies(before) - Counter(
            {one.sha256: 1 for one in before[("INBOX",)] if one.sha256 in whole}
        )
        shutil.rmtree(command.folder)
        number += STRIDE
    assert died >= commits // STRIDE - 1
