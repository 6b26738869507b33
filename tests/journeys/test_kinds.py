"""Kinds other than mail, by the command line: what cannot be carried is told first."""

from __future__ import annotations

from tests.servers.account import TestAccount
from tests.servers.ews import EwsServer
from tests.servers.ews.reached import mailbox_of as reached
from tests.servers.fixtures import NewUser
from tests.servers.mailbox import MailFolder, load

from .command import CommandLine
from .letters import letters

ALL = ["mail", "contacts", "events", "tasks"]
ANNA = "anna@exchange.test"


def test_an_imap_mailbox_has_mail_alone(
    command: CommandLine, new_dovecot_user: NewUser, exchange: EwsServer
) -> None:
    """Between two of them, and to Exchange: mail arrives, and what was asked for is told first."""
    old = new_dovecot_user()
    load(old, [MailFolder(("INBOX",), letters(0, 12))])
    for new in (new_dovecot_user(), reached(exchange, ANNA)):
        ended = command.migrate(old, new, kinds=ALL)
        assert (ended.status, ended.report["grade"]) == (0, "complete-with-notes")
        assert ended.totals["copied"] == 12
        assert list(ended.report["kinds"]) == ["mail"]
        told = [(n["problem"], n["concerns"]) for n in ended.report["notes"]]
        wanted = [("kind-not-found", kind) for kind in ALL[1:]]
        assert [one for one in told if one[0] == "kind-not-found"] == wanted
        lines = ended.errors.splitlines()
        first = next(n for n, line in enumerate(lines) if "Code 18-07" in line)
        assert first < lines.index("Copying")
    exchange.journal.assert_nothing_sent()


def test_a_french_computer_tells_it_in_french(
    command: CommandLine, old_account: TestAccount, new_dovecot_user: NewUser
) -> None:
    command.language = "fr"
    load(old_account, [MailFolder(("INBOX",), letters(0, 1))])
    ended = command.migrate(old_account, new_dovecot_user(), kinds=["mail", "tasks"])
    assert ended.status == 0
    told = "Tâches · Il n’y a rien de ce genre à copier. Code 18-07"
    assert told in ended.errors.splitlines()
