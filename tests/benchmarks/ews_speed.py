"""Measures copies to, from and between Exchanges: `python -m tests.benchmarks.ews_speed --help`.

Ours beside the plain calls of exchangelib, against the EWS server of the tests. That server is
written in Python and shares the machine: only the ratios say anything.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from omm_desktop.model.items import ItemKind
from tests.journeys import lived_in
from tests.journeys.letters import letter
from tests.servers.account import TestAccount
from tests.servers.dovecot import Dovecot
from tests.servers.ews import EwsServer
from tests.servers.ews.reached import mailbox_of
from tests.servers.ews.snapshot import snapshot_of
from tests.servers.mailbox import MailFolder, Message, load, snapshot

from .letters import mailbox
from .measuring import Command, Run, measure
from .tools import ours

INBOX = ("INBOX",)
LARGE = (5_000_000, 50_000_000)
LARGEST_REQUEST = 256 << 20
"""Bytes: the plain calls put a hundred items into one request, whatever their size."""

ROW = "{:<20} {:>8} {:>8} {:>7} {:>6}  {}"


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of item in one direction.

    `plain` is the word for it in `plain_exchangelib`. `old` makes a filled mailbox and `new` an
    empty one, by name; `held` tells what a mailbox of the kind of the new one holds.
    """

    name: str
    kind: ItemKind
    plain: str
    old: Callable[[str], TestAccount]
    new: Callable[[str], TestAccount]
    held: Callable[[TestAccount], Counter[str]]
    expected: Counter[str]


class Stage:
    """A Dovecot and an Exchange, and what goes between them: letters, and `number` of each kind."""

    def __init__(
        self, dovecot: Dovecot, exchange: EwsServer, letters: Sequence[Message], number: int
    ) -> None:
        self._dovecot, self._exchange, self._letters = dovecot, exchange, letters
        self._number = number

    def cases(self) -> list[Case]:
        names = Counter(_subject(letter.body) for letter in self._letters)
        inwards = (self._on_imap, self._exchanges, self._there)
        outwards = (self._on_exchange, self._imaps, _here)
        return [
            Case("mail to Exchange", ItemKind.MAIL, "mail-in", *inwards, names),
            Case("mail from Exchange", ItemKind.MAIL, "mail-out", *outwards, names),
            *map(self._between, lived_in.OTHERS),
        ]

    def _between(self, kind: ItemKind) -> Case:
        """Contacts, events or tasks from Exchange to Exchange."""

        def filled(name: str) -> TestAccount:
            account = self._exchanges(name)
            lived_in.keep(self._exchange, account.login, kind, self._number)
            return account

        def held(account: TestAccount) -> Counter[str]:
            items = self._exchange.store.mailboxes[account.login].items()
            return Counter(one.text("item:Subject") for one in items)

        expected = held(filled(f"expected-{kind}"))
        return Case(f"{kind}", kind, str(kind), filled, self._exchanges, held, expected)

    def _on_imap(self, name: str) -> TestAccount:
        account = self._imaps(name)
        if load(account, [MailFolder(INBOX, self._letters)]):
            raise RuntimeError("the source refused part of the letters")
        return account

    def _on_exchange(self, name: str) -> TestAccount:
        account = self._exchanges(name)
        inbox = self._exchange.store.mailboxes[account.login].distinguished("inbox")
        for one in self._letters:
            self._exchange.deliver(inbox, one.body, received=one.received)
        return account

    def _imaps(self, name: str) -> TestAccount:
        return self._dovecot.add_user(name)

    def _exchanges(self, name: str) -> TestAccount:
        address = f"{name}@exchange.test"
        self._exchange.add_mailbox(address)
        return mailbox_of(self._exchange, address)

    def _there(self, account: TestAccount) -> Counter[str]:
        held = snapshot_of(self._exchange, account.login)
        return Counter(_named(one.label) for one in held.get(INBOX, ()))


def main() -> int:
    """Exit status 1 when a copy of ours is not complete."""
    asked = _arguments()
    letters = _letters(asked.messages)
    size = sum(len(letter.body) for letter in letters)
    load_now = " ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{len(letters)} items, {size / 1e6:.0f} MB (load {load_now})")
    with Dovecot() as dovecot, EwsServer() as exchange:
        exchange.largest_request = LARGEST_REQUEST
        cases = Stage(dovecot, exchange, letters, asked.items).cases()
        good = [_play(case) for case in cases if asked.cases in case.name]
    return 0 if all(good) else 1


def _letters(number: int) -> list[Message]:
    """Sized as real mail is, a mean of 60 kB, and two large ones."""
    some = [one for folder in mailbox(number) for one in folder.messages]
    return some + [letter(1_000_000 + turn, size) for turn, size in enumerate(LARGE)]


def _play(case: Case) -> bool:
    print(f"\n{case.name}\n" + ROW.format("", "items/s", "seconds", "CPU s", "MB", ""))
    word = case.plain
    old = case.old(f"old-{word}")
    runs: list[Run] = []
    complete: list[bool] = []
    for name, number in (("ours", 0), ("plain exchangelib", 1)):
        new = case.new(f"new{number}-{word}")
        with tempfile.TemporaryDirectory() as folder:
            of_ours = ours(kinds=[str(case.kind)]).command(old, new, Path(folder))
            runs.append(measure(_plain(word, old, new, Path(folder)) if number else of_ours))
        complete.append(runs[-1].status == 0 and case.held(new) == case.expected)
        _show(name, runs[-1], case.expected.total(), "complete" if complete[-1] else "NOT COMPLETE")
    faster, smaller = runs[1].seconds / runs[0].seconds, runs[1].memory / runs[0].memory
    print(f"ours: {faster:.2f} times as fast, memory 1/{smaller:.1f}", flush=True)
    return complete[0]


def _plain(kind: str, old: TestAccount, new: TestAccount, folder: Path) -> Command:
    sides = [
        {
            "host": side.host,
            "port": side.port,
            "url": side.url,
            "login": side.login,
            "password": side.password,
        }
        for side in (old, new)
    ]
    arguments = [sys.executable, "-m", "tests.benchmarks.plain_exchangelib", kind]
    return Command(arguments, folder, json.dumps(sides))


def _here(account: TestAccount) -> Counter[str]:
    return Counter(_named(one.label) for one in snapshot(account)[INBOX])


def _subject(body: bytes) -> str:
    lines = body.split(b"\r\n\r\n", 1)[0].split(b"\r\n")
    return next(_named(line.decode()) for line in lines if line.startswith(b"Subject: "))


def _named(subject: str) -> str:
    """A subject alone, by which letters are counted."""
    return subject.lower().removeprefix("subject:").strip()


def _show(name: str, run: Run, items: int, result: str) -> None:
    ended = result if run.status == 0 else f"status {run.status}: {run.errors[-300:]}"
    figures = (
        f"{items / run.seconds:.0f}",
        f"{run.seconds:.2f}",
        f"{run.cpu:.2f}",
        f"{run.memory / 1e6:.0f}",
    )
    print(ROW.format(name, *figures, ended), flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.ews_speed")
    parser.add_argument("--messages", type=int, default=1_000)
    parser.add_argument("--items", type=int, default=1_000, help="of each other kind")
    parser.add_argument("--cases", default="", help="only those whose name holds this")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
