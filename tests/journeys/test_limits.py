"""Large messages, and servers that allow few connections."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.servers.account import TestAccount
from tests.servers.dovecot import Dovecot, DovecotOptions
from tests.servers.fixtures import NewUser
from tests.servers.mailbox import MailFolder, Message, compare, load, snapshot

from .command import CommandLine
from .letters import letter, letters
from .untouched import untouched

LARGE = 30 << 20
WAIT_AFTER_REFUSAL = 30.0


@pytest.fixture(params=["dovecot", "cyrus"])
def new_user(request: pytest.FixtureRequest) -> NewUser:
    found: NewUser = request.getfixturevalue(f"new_{request.param}_user")
    return found


def test_a_message_of_thirty_megabytes(
    command: CommandLine, old_account: TestAccount, new_user: NewUser
) -> None:
    new_account = new_user()
    load(old_account, [MailFolder(("INBOX",), [*letters(0, 3), letter(3, LARGE), letter(4)])])
    with untouched(old_account) as before:
        ended = command.migrate(old_account, new_account)
    assert (ended.status, ended.totals["copied"]) == (0, 5)
    assert ended.report["bytes"] > LARGE - 100
    assert compare(before, snapshot(new_account)) == []


def test_an_empty_mailbox(
    command: CommandLine, old_account: TestAccount, new_user: NewUser
) -> None:
    ended = command.migrate(old_account, new_user())
    assert (ended.status, ended.report["grade"], ended.totals["listed"]) == (0, "complete", 0)


@pytest.mark.parametrize("allowed", [1, 3])
def test_a_server_that_allows_few_connections(
    command: CommandLine,
    start_dovecot: Callable[[DovecotOptions], Dovecot],
    corpus: list[Message],
    allowed: int,
) -> None:
    """More are wished for than either server allows: nothing fails, and nobody waits."""
    options = DovecotOptions(connections=allowed)
    source = start_dovecot(options).add_user("old")
    destination = start_dovecot(options).add_user("new")
    folders = [MailFolder((f"Folder {n}",), corpus[n::6]) for n in range(6)]
    load(source, folders)
    with untouched(source) as before:
        ended = command.migrate(source, destination, connections=6)
    assert (ended.status, ended.report["grade"]) == (0, "complete")
    assert ended.report["seconds"] < WAIT_AFTER_REFUSAL
    assert compare(before, snapshot(destination)) == []
