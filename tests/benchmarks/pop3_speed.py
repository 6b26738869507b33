"""Measures copies of one mailbox by POP3: `python -m tests.benchmarks.pop3_speed --help`.

Ours twice on one record, since the second copy has nothing to do, and a plain poplib loop.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.account import TestAccount
from tests.servers.dovecot import Dovecot, DovecotOptions
from tests.servers.mailbox import MailFolder, Message, Snapshot, load, snapshot
from tests.servers.relay import Relay

from .letters import mailbox
from .measuring import Command, Run, measure
from .tools import OURS

INBOX = ("INBOX",)
LARGEST = 100_000
"""Octets: larger letters would measure the disk and not the protocol."""

ROW = "{:<24} {:>8} {:>7} {:>5}  {}"


def main() -> int:
    """Exit status 1 when a copy is not equal, copies anything twice, or changes its source."""
    asked = _arguments()
    letters = _letters(asked.messages)
    size = sum(len(letter.body) for letter in letters)
    load_now = " ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{len(letters)} messages, {size / 1e6:.0f} MB (load {load_now})")
    with Dovecot(DovecotOptions(pop3=True)) as server:
        # The plain loop marks what it reads, so that it has a mailbox of its own.
        old, marked = (_filled(server, name, letters) for name in ("old", "marked"))
        before = snapshot(old)
        good = [_play(server, old, marked, before, rtt) for rtt in asked.rtt]
        unchanged = snapshot(old) == before
    print(f"\nsource changed: {'nothing' if unchanged else 'yes'}")
    return 0 if all(good) and unchanged else 1


def _letters(number: int) -> list[Message]:
    every = [letter for folder in mailbox(number + number // 2) for letter in folder.messages]
    return [Message(letter.body) for letter in every if len(letter.body) <= LARGEST][:number]


def _filled(server: Dovecot, name: str, letters: list[Message]) -> TestAccount:
    account = server.add_user(name)
    if load(account, [MailFolder(INBOX, letters)]):
        raise RuntimeError("the source refused part of the letters")
    return account


def _play(
    server: Dovecot, old: TestAccount, marked: TestAccount, before: Snapshot, rtt: int
) -> bool:
    """All three behind lines of this round-trip time (ms); whether all of ours is right."""
    print(f"\n{rtt} ms\n" + ROW.format("", "seconds", "CPU s", "MB", ""))
    ours, loop = server.add_user(f"ours{rtt}"), server.add_user(f"loop{rtt}")
    with tempfile.TemporaryDirectory() as name, _lines(server, rtt) as (pop3, imap):
        folder = Path(name)
        command = OURS.command(old.by_pop3(pop3), ours.through(imap), folder)
        first, again = measure(command), measure(command)
        plain = measure(_loop(marked, loop, pop3, imap, folder))
    same = _same(ours, before)
    _show("ours", first, f"{_copied(first)} copied")
    _show(
        "ours, second copy", again, f"{_copied(again)} copied, {'equal' if same else 'NOT EQUAL'}"
    )
    _show("plain poplib loop", plain, "equal" if _same(loop, before) else "not equal")
    return (_copied(first), _copied(again)) == (len(before[INBOX]), 0) and same


@contextmanager
def _lines(server: Dovecot, rtt: int) -> Iterator[tuple[int, int]]:
    """Ports of POP3 and IMAP; without delay nothing stands in between."""
    if not rtt:
        yield server.pop3_port, server.port
        return
    with Relay(server.pop3_port, rtt=rtt / 1000) as near, Relay(server.port, rtt=rtt / 1000) as far:
        yield near.port, far.port


def _loop(old: TestAccount, new: TestAccount, pop3: int, imap: int, folder: Path) -> Command:
    sides = [
        {"host": side.host, "port": port, "login": side.login, "password": side.password}
        for side, port in ((old, pop3), (new, imap))
    ]
    arguments = [sys.executable, "-m", "tests.benchmarks.plain_poplib"]
    return Command(arguments, folder, json.dumps(sides))


def _copied(run: Run) -> int | None:
    """How many messages our report says were copied; None when the run ended badly."""
    return None if run.status else int(json.loads(run.output)["totals"]["copied"])


def _same(new: TestAccount, before: Snapshot) -> bool:
    """Whether both hold the same messages, octet for octet."""
    old, found = (Counter(m.sha256 for m in one[INBOX]) for one in (before, snapshot(new)))
    return old == found


def _show(name: str, run: Run, result: str) -> None:
    ended = result if run.status == 0 else f"status {run.status}: {run.errors[-300:]}"
    figures = f"{run.seconds:.2f}", f"{run.cpu:.2f}", f"{run.memory / 1e6:.0f}"
    print(ROW.format(name, *figures, ended), flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.pop3_speed")
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--rtt", type=int, nargs="+", default=[0], help="milliseconds")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
