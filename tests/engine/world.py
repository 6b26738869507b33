"""A migration between two servers in memory, with a clock of its own and a death on request."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection

from omm_desktop.engine.run import Migration
from omm_desktop.engine.undo import Undo
from omm_desktop.model.account import Account, EndpointKind, Security, on_disk
from omm_desktop.model.account import Server as Host
from omm_desktop.model.items import ItemKind
from omm_desktop.model.plan import (
    DailyBytes,
    FolderRule,
    Labels,
    MigrationPlan,
    Options,
    Selection,
)
from omm_desktop.model.progress import Event
from omm_desktop.model.report import Report
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.model.undoing import UndoReport
from omm_desktop.store.history import History
from omm_desktop.store.ledger import Ledger

from .memory import MemoryDestination, MemorySource, Server
from .memory_remover import MemoryRemover


class Killed(BaseException):
    """The program is dead: nothing it does has an effect any more."""


class Life:
    """Counts what could be the last thing the program does, and ends it at the chosen one."""

    def __init__(self, dies_at: int | None = None) -> None:
        self.steps = 0
        self.dies_at = dies_at
        self.dead = False
        self._lock = threading.Lock()

    def step(self) -> None:
        with self._lock:
            self.steps += 1
            if self.dies_at is not None and self.steps >= self.dies_at:
                self.dead = True
        self.check()

    def end(self) -> None:
        self.dead = True
        self.check()

    def check(self) -> None:
        if self.dead:
            raise Killed


class MortalLedger(Ledger):
    """A ledger that a dead program cannot write to, and that is a possible place to die."""

    def __init__(self, path: Path, life: Life) -> None:
        self._life = life
        super().__init__(path, committed=life.step)
        with self.reading() as connection:
            connection.execute("PRAGMA synchronous=OFF")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        self._life.check()
        with super().reading() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        self._life.step()
        with super().writing() as connection:
            yield connection
            self._life.check()


class FastClock:
    """Waiting takes no time and lets the clock run on."""

    def __init__(self) -> None:
        self._now = 1000.0
        self._lock = threading.Lock()

    def now(self) -> float:
        return self._now

    def time(self) -> float:
        return 1.7e9 + self._now

    def wait(
        self, condition: threading.Condition, seconds: float, until: Callable[[], bool]
    ) -> None:
        self.pass_by(seconds)
        time.sleep(0)

    def pass_by(self, seconds: float) -> None:
        with self._lock:
            self._now += seconds


def account(name: str) -> Account:
    return Account(EndpointKind.IMAP, name, Host("127.0.0.1", 143, Security.NONE))


def file(name: str) -> Account:
    return on_disk(EndpointKind.FILE, Path("/") / name)


class World:
    """Two servers, one ledger on disk, and as many lives of the program as it takes."""

    def __init__(self, folder: Path, connections: int = 2) -> None:
        self.source = Server()
        self.destination = Server()
        self.clock = FastClock()
        self.destination.now = self.clock.now
        self.path = folder / "ledger.db"
        self.rescue = folder / "rescue"
        self.connections = connections
        self.on_event: Callable[[Event], None] = lambda event: None
        self.old = account("old")
        self.files: dict[Account, Server] = {}
        self.selection = Selection()
        self.rules: tuple[FolderRule, ...] = ()
        self.labels = Labels.ONCE
        self.update = False
        self.bytes_per_day = DailyBytes()
        self.largest_known: int | None = None

    def let_all_arrive(self) -> None:
        """Whatever is still on its way to the destination comes in."""
        self.clock.pass_by(100.0)
        self.destination.arrive()

    def carry(self, *kinds: ItemKind) -> None:
        """They are asked for, and the destination takes all there are."""
        self.destination.kinds = frozenset(ItemKind)
        self.selection = Selection(kinds=frozenset(kinds))

    def die_when_an_answer_is_lost(self) -> None:
        """One life that ends with the answer: what it sent is on its way, and nobody waits."""
        life = Life()
        self.destination.when_lost = life.end
        report, _ = self.run(life=life)
        assert report is None
        self.destination.when_lost = lambda: None

    def run(
        self, dies_at: int | None = None, life: Life | None = None
    ) -> tuple[Report | None, Life]:
        """One life of the program; no report when it was killed."""
        life = life or Life(dies_at)
        try:
            ledger = MortalLedger(self.path, life)
        except Killed:
            return None, life
        plan = MigrationPlan(
            self.old,
            account("new"),
            self.selection,
            Options(self.connections, 30.0, None, self.labels, self.update),
            self.rules,
            self.bytes_per_day,
            self.largest_known,
            tuple(self.files),
        )
        secrets = Secrets(Secret("a"), Secret("b"))
        try:
            migration = Migration(
                plan,
                secrets,
                ledger,
                lambda one, _: MemorySource(self.files.get(one, self.source), life.step),
                lambda _, __: MemoryDestination(self.destination, life.step),
                attended=False,
                clock=self.clock,
                rescue=self.rescue,
            )
            return migration.run(self.on_event), life
        except Killed:
            return None, life
        finally:
            ledger.close()

    def undo(self, run: int, dies_at: int | None = None) -> tuple[UndoReport | None, Life]:
        """One life of an undo of that run; no report when it was killed."""
        life = Life(dies_at)
        try:
            ledger = MortalLedger(self.path, life)
        except Killed:
            return None, life
        try:
            plan = next(past.plan for past in History(ledger).runs() if past.id == run)
            undo = Undo(
                run,
                plan,
                Secret("b"),
                ledger,
                lambda _, __: MemoryRemover(self.destination, life.step),
                attended=False,
                clock=self.clock,
            )
            return undo.run(self.on_event), life
        except Killed:
            return None, life
        finally:
            ledger.close()
