"""A copy that is killed, started again at once, and judged by what is then in the mailbox."""

from __future__ import annotations

import random
import signal
import sqlite3
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from omm_desktop.copies import LEDGER
from tests.journeys.command import CommandLine, plan_text
from tests.servers.account import TestAccount
from tests.servers.mailbox import Snapshot, compare, snapshot

from .forked import Forked, fork

AT_ONCE = 4
COPYING = "Copying\n"
LOOK_SECONDS = 0.01
LATEST_SECONDS = 0.2

Kill = Callable[[float, CommandLine, str, TestAccount], None]


class Server(Protocol):
    port: int

    def add_user(self, name: str) -> TestAccount: ...


@dataclass(frozen=True, slots=True)
class Trial:
    """One mailbox copied to many fresh ones, `expected` being what must be in each.

    `port` is that of a relay in front of the server. `look` reads what is in a mailbox.
    """

    source: TestAccount
    server: Server
    folder: Path
    expected: Snapshot
    settle_seconds: float = 1
    port: int | None = None
    look: Callable[[TestAccount], Snapshot] = snapshot

    def outcome(
        self, destination: TestAccount, kill: Callable[[CommandLine, str, TestAccount], object]
    ) -> str:
        """What is wrong after `kill` and a restart; empty when nothing is lost or doubled."""
        name = destination.login
        command = CommandLine(self.folder / f"{self.server.port}-{name}")
        plan = self.plan(destination)
        kill(command, plan, destination)
        ended = fork(command, plan, self.source, destination).ended()
        wrong = compare(self.expected, self.look(destination))
        if ended.status == 0 and not wrong:
            return ""
        report = ended.report
        return "\n".join(
            [f"{name}: status {ended.status}, {report['totals']}", str(report["failed"]), *wrong]
        )

    def plan(self, destination: TestAccount) -> str:
        reached = destination.through(self.port) if self.port else destination
        options = {"connections": 3, "settle_seconds": self.settle_seconds}
        return plan_text(self.source, reached, **options)


def judged(outcomes: Iterable[Callable[[], str]], at_once: int = AT_ONCE) -> list[str]:
    """What went wrong, several trials at once: their processes wait most of the time."""
    # Their accounts are made before the first begins: Cyrus' file of passwords has no lock.
    ready = list(outcomes)
    with ThreadPoolExecutor(at_once) as pool:
        return [wrong for wrong in pool.map(lambda one: one(), ready) if wrong]


def killer(trial: Trial, span: float, deaths: list[bool]) -> Kill:
    """Kills a copy when a share of `span` seconds has passed since it began to send."""

    def kill(share: float, command: CommandLine, plan: str, destination: TestAccount) -> None:
        copy = started(command, plan, trial, destination)
        deaths.append(killed_after(copy, share * span))

    return kill


def killer_midway(trial: Trial, deaths: list[bool]) -> Kill:
    """Kills a copy at any instant after it has begun to send a share of its messages."""
    number = sum(map(len, trial.expected.values()))

    def kill(share: float, command: CommandLine, plan: str, destination: TestAccount) -> None:
        copy = started(command, plan, trial, destination)
        with closing(sqlite3.connect(command.state / LEDGER)) as ledger:
            while copy.goes_on(LOOK_SECONDS):
                if ledger.execute("SELECT count(*) FROM item").fetchone()[0] >= share * number:
                    break
        deaths.append(killed_after(copy, random.Random(share).uniform(0, LATEST_SECONDS)))

    return kill


def started(command: CommandLine, plan: str, trial: Trial, destination: TestAccount) -> Forked:
    """A copy that has just begun to send."""
    copy = fork(command, plan, trial.source, destination)
    while not copy.has_said(COPYING):
        assert copy.goes_on(LOOK_SECONDS), f"ended before it copied: {copy.ended()}"
    return copy


def killed_after(copy: Forked, seconds: float) -> bool:
    """Kill it then; False when it had ended by itself."""
    if copy.goes_on(seconds):
        copy.kill()
    return copy.ended().status == -signal.SIGKILL


def instants(number: int, seed: str) -> list[float]:
    """Random shares of a run, one of each part of it; the same for the same seed."""
    chance = random.Random(seed)
    return [(part + chance.random()) / number for part in range(number)]
