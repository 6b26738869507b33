"""Mail to, from and between Exchange servers, by the command line."""

from __future__ import annotations

import pytest

from tests.servers.account import TestAccount
from tests.servers.ews import EwsServer
from tests.servers.ews.checks import at_most, mail_is_no_draft
from tests.servers.ews.reached import mailbox_of
from tests.servers.fixtures import NewUser
from tests.servers.mailbox import MailFolder, load

from .command import CommandLine
from .letters import letters

ANNA, BORIS = "anna@exchange.test", "boris@exchange.test"


@pytest.fixture
def old(new_dovecot_user: NewUser) -> TestAccount:
    return new_dovecot_user()


def test_a_mailbox_goes_to_exchange_whole_once(
    command: CommandLine, old: TestAccount, exchange: EwsServer
) -> None:
    load(
        old,
        [
            MailFolder(("INBOX",), letters(0, 60)),
            MailFolder(("Sent",), letters(100, 20)),
            MailFolder(("Clients", "Été"), letters(200, 20)),
        ],
    )
    exchange.journal.checks += [mail_is_no_draft, at_most(50, 6 << 20)]
    new = mailbox_of(exchange, ANNA)
    first = command.migrate(old, new)
    assert (first.status, first.report["grade"]) == (0, "complete")
    mailbox = exchange.store.mailboxes[ANNA]
    assert {f.name: len(f.items) for f in mailbox.folders.values() if f.items} == {
        "Inbox": 60,
        "Sent Items": 20,
        "Été": 20,
    }
    again = command.migrate(old, new)
    assert (again.status, again.totals["copied"]) == (0, 0)
    assert len(list(mailbox.items())) == 100
    exchange.journal.assert_nothing_sent()
