"""One copy taken back by the command line, on real servers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import pytest

from tests.servers.account import TestAccount
from tests.servers.corpus import peculiar_messages
from tests.servers.courier import Courier
from tests.servers.dovecot import Dovecot, DovecotOptions
from tests.servers.ews import EwsServer
from tests.servers.ews.holding import holding_of
from tests.servers.ews.reached import mailbox_of as reached
from tests.servers.fixtures import NewUser
from tests.servers.mailbox import MailFolder, Message, Snapshot, append, load, snapshot
from tests.servers.relay import Relay

from . import lived_in
from .command import LONGEST_RUN, CommandLine, Ended

BARE = "IMAP4rev1 NAMESPACE CHILDREN UNSELECT LITERAL+"
ALL = ["mail", "contacts", "events", "tasks"]
ANNA, BORIS = "anna@exchange.test", "boris@exchange.test"
NUMBERS = re.compile(r"^(\d+) removed, (\d+) no longer there, (\d+) kept$", re.M)
MANY = 700
FAR = 0.4
"""Seconds to the server and back: several requests are needed for so many."""
TRASH, SENT = ("Trash",), ("Envoyés",)


def told(ended: Ended) -> tuple[int, ...]:
    found = NUMBERS.search(ended.output)
    assert found is not None, ended
    return tuple(map(int, found.groups()))


def plain(number: int, *flags: str) -> Message:
    text = f"From: a@example.test\r\nMessage-ID: <plain-{number}@example.test>\r\n\r\nhello\r\n"
    return Message(text.encode(), frozenset(flags))


def bodies(found: Snapshot) -> Counter[str]:
    return Counter(one.sha256 for messages in found.values() for one in messages)


def mailbox() -> list[MailFolder]:
    """Equal mails, and peculiar ones; two of those that the new mailbox will hold before."""
    peculiar = [message for message in peculiar_messages() if message.name != "one-octet"]
    return [
        MailFolder(("INBOX",), [*peculiar[:6], *(plain(n) for n in (1, 1, 2, 3, 4))]),
        MailFolder(SENT, [plain(5, "\\Answered"), plain(6)]),
        MailFolder((*SENT, "2019"), [plain(7), plain(7)]),
    ]


def taken_back(command: CommandLine, source: TestAccount, new: TestAccount) -> None:
    """With mail there before and after; again brings all again."""
    load(source, mailbox())
    load(new, [MailFolder(("INBOX",), [plain(1), plain(90)])])
    before = snapshot(new)
    copied = command.migrate(source, new)
    assert copied.status == 0, copied
    load(new, [MailFolder(("INBOX",), [plain(91), plain(2)])])
    whole = bodies(snapshot(new))
    with new.client() as client:
        client.select_folder("INBOX")
        by_name = {
            bytes(data[b"BODY[HEADER.FIELDS (MESSAGE-ID)]"]).split(b"<")[-1].split(b"@")[0]: uid
            for uid, data in sorted(
                client.fetch(client.search(), ["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"]).items(),
                reverse=True,
            )
        }
        client.add_flags(by_name[b"plain-3"], [b"\\Seen"])
        client.add_flags(by_name[b"plain-4"], [b"\\Answered"])
        client.add_flags(by_name[b"plain-90"], [b"\\Deleted"])
    preview = command.undo(1, new)
    arrived = copied.totals["copied"]
    assert f"--yes-remove {arrived}" in preview.output
    assert command.undo(1, new, arrived + 1).status == 2
    assert bodies(snapshot(new)) == whole
    undone = command.undo(1, new, arrived)
    assert (undone.status, told(undone)) == (0, (arrived - 1, 0, 1)), undone
    after = snapshot(new)
    trash = next(path for path in after if path[-1].lower() in ("trash", "corbeille"))
    removed = after.pop(trash)
    assert len(removed) == arrived - 1
    # A server may protect a folder for sent mail, once it is there.
    assert set(after) - {SENT} == set(before) - {trash}
    assert (SENT in after) == ("24-50" in undone.output)
    mine = Counter(one.sha256 for one in before[("INBOX",)])
    others = bodies(after) - mine
    load(source, [MailFolder(("Expected",), [plain(4), plain(91), plain(2)])])
    assert others == Counter(one.sha256 for one in snapshot(source)[("Expected",)])
    again = command.undo(1, new)
    assert "--yes-remove 1" in again.output
    assert told(command.undo(1, new, 1)) == (0, 0, 1)
    repeated = command.migrate(source, new, include=["INBOX", "Envoyés*"])
    assert repeated.status == 0
    now = snapshot(new)
    now.pop(trash)
    # The mail of somebody else that is equal to one of the copy's is taken for it now.
    equal = Counter(one.sha256 for one in snapshot(source)[("Expected",)][2:])
    assert bodies(now) == whole - equal


def test_on_dovecot(
    command: CommandLine, old_account: TestAccount, new_account: TestAccount
) -> None:
    taken_back(command, old_account, new_account)


def test_on_a_server_that_copies_and_expunges_by_number(
    command: CommandLine,
    old_account: TestAccount,
    start_dovecot: Callable[[DovecotOptions], Dovecot],
) -> None:
    """What others marked as deleted stays, as with every server."""
    options = DovecotOptions(capability=f"{BARE} UIDPLUS", rawlog=True)
    server = start_dovecot(options)
    new = server.add_user("new")
    taken_back(command, old_account, new)
    sent = [line.split(" ", 1)[-1] for line in server.commands(new.login)]
    assert any(line.startswith("UID EXPUNGE ") for line in sent)
    assert not any(line.startswith(("EXPUNGE", "UID MOVE")) for line in sent)


@pytest.mark.parametrize("capability", [None, f"{BARE} UIDPLUS"], ids=["moves", "copies"])
def test_a_line_that_breaks_meanwhile_costs_nothing(
    command: CommandLine,
    old_account: TestAccount,
    start_dovecot: Callable[[DovecotOptions], Dovecot],
    capability: str | None,
) -> None:
    server = start_dovecot(DovecotOptions(capability=capability))
    new = server.add_user("new")
    load(old_account, [MailFolder(("INBOX",), [plain(number) for number in range(MANY)])])
    load(new, [MailFolder(("INBOX",), [plain(-1)])])
    mine = bodies(snapshot(new))
    with Relay(server.port) as line:
        far = new.through(line.port)
        assert command.migrate(old_account, far).totals["copied"] == MANY
        line.change(rtt=FAR)
        undo = command.start_undo(1, far, MANY)
        while not snapshot(new).get(TRASH):
            assert undo.poll() is None
        line.kill()
        line.change(rtt=0.0)
        output, errors = undo.communicate(timeout=LONGEST_RUN)
    undone = Ended(undo.returncode, output, errors)
    assert "22-04" in undone.errors
    assert (undone.status, told(undone)) == (0, (MANY, 0, 0)), undone
    found = snapshot(new)
    assert len(found.pop(TRASH)) == MANY
    assert bodies(found) == mine


def test_on_cyrus(command: CommandLine, old_account: TestAccount, new_cyrus_user: NewUser) -> None:
    taken_back(command, old_account, new_cyrus_user())


@pytest.mark.parametrize("more", ["", " MOVE UIDPLUS X-GM-EXT-1"], ids=["bare", "gmail"])
def test_a_server_of_which_nothing_can_be_removed_safely_is_told(
    command: CommandLine,
    old_account: TestAccount,
    start_dovecot: Callable[[DovecotOptions], Dovecot],
    more: str,
) -> None:
    """One removes nothing by number; the other keeps one of equal mails, whoever brought it."""
    new = start_dovecot(DovecotOptions(capability=BARE + more)).add_user("new")
    load(old_account, [MailFolder(("INBOX",), [plain(1)])])
    assert command.migrate(old_account, new).status == 0
    before = snapshot(new)
    assert command.undo(7, new, 1).status == 2
    undone = command.undo(1, new, 1)
    assert (undone.status, "28-50" in undone.errors) == (4, True), undone
    assert snapshot(new) == before


def test_on_courier(command: CommandLine, old_account: TestAccount, courier: Courier) -> None:
    """It tells no number for what it takes: the check finds them."""
    new = courier.add_user()
    load(old_account, [MailFolder(("INBOX",), [plain(1), plain(1), plain(2)])])
    with new.client() as client:
        append(client, "INBOX", plain(1))
    assert command.migrate(old_account, new).totals["copied"] == 2
    undone = command.undo(1, new, 2)
    assert (undone.status, told(undone)) == (0, (2, 0, 0)), undone
    assert len(snapshot(new)[("INBOX",)]) == 1


def test_of_exchange_everything_goes_and_nobody_hears_of_it(
    command: CommandLine, exchange: EwsServer
) -> None:
    exchange.add_mailbox(BORIS)
    anna, boris = reached(exchange, ANNA), reached(exchange, BORIS)
    lived_in.live_in(exchange, ANNA, shrunk=60)
    before = holding_of(exchange, BORIS)
    copied = command.migrate(anna, boris, kinds=ALL)
    assert copied.status == 0, copied
    arrived = holding_of(exchange, BORIS)
    number = copied.totals["copied"]
    undone = command.undo(1, boris, number)
    assert (undone.status, told(undone)) == (0, (number, 0, 0)), undone
    left = holding_of(exchange, BORIS)
    trash = next(path for path in left if path not in arrived)
    assert left.pop(trash).total() >= number
    assert left == before
    again = command.migrate(anna, boris, kinds=ALL)
    assert again.totals["copied"] == number
    now = holding_of(exchange, BORIS)
    now.pop(trash)
    assert now == arrived
    exchange.journal.assert_nothing_sent()
