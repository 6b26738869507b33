"""Mails about a copy, and a copy that begins later, as whoever wrote the plan meets them."""

from __future__ import annotations

import signal
from datetime import datetime, timedelta

from omm_desktop.model.account import Security
from tests.servers.account import TestAccount
from tests.servers.mailbox import MailFolder, load
from tests.servers.process import free_ports
from tests.servers.smtp_server import SmtpServer

from .command import CommandLine, plan_text
from .letters import letters

PATIENCE = 60.0


def asking(plan: str, port: int) -> str:
    return f"""{plan}
[notify]
address = "ailleurs@exemple.net"
host = "localhost"
port = {port}
security = "none"
"""


def test_the_beginning_and_the_end_are_told_by_mail(
    command: CommandLine, old_account: TestAccount, new_account: TestAccount
) -> None:
    load(old_account, [MailFolder(("INBOX",), letters(0, 3))])
    with SmtpServer(Security.NONE) as there:
        plan = asking(plan_text(old_account, new_account), there.port)
        ended = command.run(plan, old_account, new_account)
    assert (ended.status, ended.report["grade"]) == (0, "complete")
    assert [mail["Subject"] for mail in there.taken] == [
        "OMM Desktop: the copy has begun",
        "OMM Desktop: the copy has ended",
    ]
    last = there.taken[-1]
    assert "Everything is copied." in last.get_content()
    assert last["Auto-Submitted"] == "auto-generated"
    assert (last["From"], last["To"]) == (new_account.login, "ailleurs@exemple.net")
    for mail in there.taken:
        assert old_account.login not in mail.as_string()
        assert "INBOX" not in mail.as_string()


def test_a_mail_that_does_not_go_out_is_noted_and_costs_nothing_else(
    command: CommandLine, old_account: TestAccount, new_account: TestAccount
) -> None:
    load(old_account, [MailFolder(("INBOX",), letters(0, 3))])
    (closed,) = free_ports(1)
    plan = asking(plan_text(old_account, new_account), closed)
    ended = command.run(plan, old_account, new_account)
    assert (ended.status, ended.totals["copied"]) == (0, 3)
    assert ended.report["grade"] == "complete-with-notes"
    assert [note["code"] for note in ended.report["notes"]] == ["29-01"]


def test_a_copy_begins_at_its_time_and_may_be_stopped_before(
    command: CommandLine, old_account: TestAccount, new_account: TestAccount
) -> None:
    load(old_account, [MailFolder(("INBOX",), letters(0, 3))])
    tomorrow = datetime.now().astimezone() + timedelta(days=1)
    plan = plan_text(old_account, new_account, start_at=tomorrow)
    child = command.start(plan, old_account, new_account)
    assert child.stderr is not None
    assert child.stderr.readline().startswith("The copy starts on ")
    child.send_signal(signal.SIGINT)
    child.communicate(timeout=PATIENCE)
    assert child.returncode == 3
    soon = datetime.now().astimezone() + timedelta(seconds=2)
    plan = plan_text(old_account, new_account, start_at=soon)
    ended = command.run(plan, old_account, new_account)
    assert (ended.status, ended.totals["copied"]) == (0, 3)
    assert datetime.now().astimezone() > soon
