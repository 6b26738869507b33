"""Two people copy the same mailbox to the same place: neither program knows of the other."""

from __future__ import annotations

from pathlib import Path

from tests.servers.account import TestAccount
from tests.servers.dovecot import Dovecot
from tests.servers.mailbox import MailFolder, Message, compare, load, snapshot
from tests.servers.relay import Relay

from .command import LONGEST_RUN, CommandLine, Ended, plan_text

NUMBER = 1200
INBOX = ("INBOX",)
LINE = 400_000
"""Bytes per second."""


def mail(number: int) -> Message:
    text = b"Message-ID: <%d@example.test>\r\n\r\n" % number + b"x" * 3000 + b"\r\n"
    return Message(text, frozenset(), None)


def test_it_is_told_and_mended_by_taking_both_back(
    old_account: TestAccount, new_account: TestAccount, dovecot: Dovecot, tmp_path: Path
) -> None:
    load(old_account, [MailFolder(INBOX, [mail(number) for number in range(NUMBER)])])
    first, second = CommandLine(tmp_path / "first"), CommandLine(tmp_path / "second")
    with Relay(dovecot.port, speed=LINE) as line:
        far = new_account.through(line.port)
        copying = first.start(plan_text(old_account, far), old_account, far)
        while not snapshot(new_account).get(INBOX):
            assert copying.poll() is None
        later = second.migrate(old_account, new_account)
        line.change(speed=None)
        output, errors = copying.communicate(timeout=LONGEST_RUN)
        sooner = Ended(copying.returncode, output, errors)
        assert len(snapshot(new_account)[INBOX]) > NUMBER
        assert [note["code"] for note in sooner.report["notes"]] == ["25-21"]
        for command, end, ended in ((first, far, sooner), (second, new_account, later)):
            undone = command.undo(1, end, ended.totals["copied"])
            assert undone.status == 0, undone
        assert INBOX not in snapshot(new_account) or not snapshot(new_account)[INBOX]
        again = second.migrate(old_account, new_account)
    assert (again.status, again.totals["copied"]) == (0, NUMBER)
    assert compare(snapshot(old_account), {INBOX: snapshot(new_account)[INBOX]}) == []
