"""Proof that a copy only read its source: the mailbox before and after, and every command sent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from omm_desktop.model.items import FolderPath
from tests.servers.account import TestAccount
from tests.servers.dovecot import Dovecot
from tests.servers.mailbox import Snapshot, snapshot, subscriptions

READING = {
    *("CAPABILITY", "ENABLE", "ID", "NAMESPACE", "NOOP", "LOGOUT", "GETQUOTA", "GETQUOTAROOT"),
    *("LIST", "LSUB", "STATUS", "EXAMINE", "UNSELECT", "CLOSE", "SEARCH", "FETCH"),
    *("UID SEARCH", "UID FETCH"),
}
MARKS_AS_SEEN = re.compile(r"\bBODY\[|\bRFC822(?!\.(SIZE|HEADER))|\bBINARY\[")
COUNTERS = ("MESSAGES", "RECENT", "UNSEEN", "UIDNEXT", "UIDVALIDITY")


@dataclass(frozen=True)
class State:
    """What a client can see of a mailbox. The counters hold HIGHESTMODSEQ where there is one."""

    mail: Snapshot
    subscribed: set[FolderPath]
    counters: dict[str, dict[bytes, Any]]


def state_of(account: TestAccount) -> State:
    with account.client() as client:
        modified = ["HIGHESTMODSEQ"] if client.has_capability("CONDSTORE") else []
        counters = {
            str(name): client.folder_status(name, [*COUNTERS, *modified])
            for flags, _, name in client.list_folders()
            if not {flag.lower() for flag in flags} & {b"\\noselect", b"\\nonexistent"}
        }
    return State(snapshot(account), subscriptions(account), counters)


@contextmanager
def untouched(account: TestAccount) -> Iterator[Snapshot]:
    """The mailbox is the same after the block as before, which is given."""
    before = state_of(account)
    yield before.mail
    after = state_of(account)
    assert after.mail == before.mail
    assert after.subscribed == before.subscribed
    assert after.counters == before.counters


@contextmanager
def only_read(server: Dovecot, account: TestAccount) -> Iterator[Snapshot]:
    """`untouched`, and no command of the block could have changed anything."""
    with untouched(account) as before:
        record = server.home(account.login) / "rawlog"
        for file in record.iterdir():
            file.unlink()
        yield before
        commands = server.commands(account.login)
    assert any(" EXAMINE " in command for command in commands)
    assert changing(commands) == []


def changing(commands: Sequence[str]) -> list[str]:
    """The commands that change a mailbox, or that nobody knows."""
    return [command for command in commands if not _reads(command)]


def _reads(command: str) -> bool:
    words = command.upper().split(" ")
    verb = " ".join(words[1:3] if words[1] == "UID" else words[1:2])
    return verb in READING and not (verb.endswith("FETCH") and MARKS_AS_SEEN.search(command))
