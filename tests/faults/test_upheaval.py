"""The computer slept, or changed its network: what was open is silent, and made anew at once."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from omm_desktop.endpoints import registry
from omm_desktop.engine.clock import SystemClock
from omm_desktop.engine.run import Migration
from omm_desktop.engine.upheaval import Upheaval
from omm_desktop.model.plan import MigrationPlan, Options
from omm_desktop.model.progress import Event
from omm_desktop.model.report import Grade
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.store.ledger import Ledger
from tests.journeys.letters import letters
from tests.servers.account import TestAccount
from tests.servers.mailbox import MailFolder, compare, load, snapshot
from tests.servers.process import LOOPBACK

HOUR = 3600.0
MESSAGES = 300
LONGEST_WAIT = 60.0
"""Less than a silent line is believed in without the look at sleep and network."""


class SilentLines:
    """Context manager: a way to a port on which, once told so, every open line falls silent."""

    def __init__(self, target: int, after: int) -> None:
        self._target, self._left = target, after
        self.silent = threading.Event()
        self._lines: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> SilentLines:
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        self._begin(self._accept)
        return self

    def __exit__(self, *_error: object) -> None:
        for line in (self._listener, *self._lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for line in (self._listener, *self._lines):
            line.close()

    def _begin(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _address = self._listener.accept()
                far = socket.create_connection((LOOPBACK, self._target))
                self._lines += [near, far]
                is_old = not self.silent.is_set()
                self._begin(self._pass_on, near, far, is_old)
                self._begin(self._pass_on, far, near, is_old)

    def _pass_on(self, from_: socket.socket, to: socket.socket, is_old: bool) -> None:
        with suppress(OSError):
            while data := from_.recv(4096):
                self._left -= len(data)
                if self._left < 0:
                    self.silent.set()
                if not (is_old and self.silent.is_set()):
                    to.sendall(data)
            to.shutdown(socket.SHUT_WR)


class Bed(SystemClock):
    """A clock on which the night passes at once."""

    slept = 0.0

    def time(self) -> float:
        return super().time() + self.slept


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "ledger.db")
    yield ledger
    ledger.close()


@pytest.mark.parametrize(("what", "end"), [("sleep", "source"), ("network", "destination")])
def test_what_is_silent_after_an_upheaval_is_made_anew(
    old_account: TestAccount, new_account: TestAccount, ledger: Ledger, what: str, end: str
) -> None:
    load(old_account, [MailFolder(("INBOX",), letters(0, MESSAGES))])
    clock, addresses = Bed(), ["192.0.2.7"]
    behind = old_account if end == "source" else new_account
    with SilentLines(behind.port, after=60_000) as lines:
        ends = {"source": old_account, "destination": new_account}
        ends[end] = behind.through(lines.port)
        plan = MigrationPlan(
            ends["source"].as_account,
            ends["destination"].as_account,
            options=Options(connections=2, settle_seconds=0.5),
        )
        migration = Migration(
            plan,
            Secrets(Secret(old_account.password), Secret(new_account.password)),
            ledger,
            registry.open_source,
            registry.open_destination,
            clock=clock,
            upheaval=Upheaval(clock, lambda: addresses[-1]),
        )

        def wake() -> None:
            lines.silent.wait()
            if what == "sleep":
                clock.slept = HOUR
            else:
                addresses.append("198.51.100.7")

        waker = threading.Thread(target=wake)
        waker.start()
        events: list[Event] = []
        report = migration.run(events.append)
        waker.join()
    assert (report.grade, report.copied) == (Grade.COMPLETE, MESSAGES)
    assert report.seconds < LONGEST_WAIT
    assert compare(snapshot(old_account), snapshot(new_account)) == []


def test_a_network_that_comes_back_as_it_was_is_no_upheaval() -> None:
    addresses = iter(["192.0.2.7", None, "192.0.2.7", None, "198.51.100.7"])

    class Ticking(SystemClock):
        passed = 0.0

        def now(self) -> float:
            return self.passed

        def time(self) -> float:
            return self.passed

    clock = Ticking()
    upheaval = Upheaval(clock, lambda: next(addresses))
    seen = []
    for _look in range(4):
        assert not upheaval.happened()
        clock.passed += 3.0
        seen.append(upheaval.happened())
    assert seen == [False, False, False, True]
