"""A source that reads a large file before it answers: what is told meanwhile, pause and stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from omm_desktop.engine.run import Migration
from omm_desktop.model.items import Folder
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.progress import Mood, Phase, Reading, Snapshot
from omm_desktop.model.report import Grade, Report
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.store.ledger import Ledger

from .memory import MemoryDestination, MemorySource, Server
from .world import account, file

HALF = Reading("large.pst", 50, 100)
PATIENCE = 60.0


class LargeFile(MemorySource):
    """Tells once that it has read half of itself, when `ready` lets it."""

    tell: Callable[[Reading], None]
    events: list[str]
    ready: threading.Event

    def tell_reading(self, tell: Callable[[Reading], None]) -> None:
        self.tell = tell

    def folders(self) -> list[Folder]:
        self.ready.wait(PATIENCE)
        self.tell(HALF)
        self.events.append("read on")
        self.tell(Reading("large.pst", 100, 100))
        return super().folders()


class Copy:
    """A copy out of a large file, in a thread of its own."""

    def __init__(self, ledger: Ledger) -> None:
        self.events: list[str] = []
        self.ready = threading.Event()
        self.source = LargeFile(Server(), lambda: None)
        self.source.events, self.source.ready = self.events, self.ready
        self.migration = Migration(
            MigrationPlan(file("large.pst"), account("new")),
            Secrets(Secret(""), Secret("b")),
            ledger,
            lambda _, __: self.source,
            lambda _, __: MemoryDestination(Server(), lambda: None),
        )
        self.report: Report | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        self.report = self.migration.run()

    def until(self, holds: Callable[[Snapshot], bool]) -> Snapshot:
        """The first snapshot of which that holds."""
        while self._thread.is_alive():
            snapshot = self.migration.snapshot()
            if holds(snapshot):
                return snapshot
            self._thread.join(0.01)
        raise AssertionError("the copy ended before")

    def end(self) -> Report:
        self._thread.join(PATIENCE)
        assert self.report is not None
        return self.report


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Copy]:
    ledger = Ledger(tmp_path / "ledger.db")
    copy = Copy(ledger)
    yield copy
    copy.migration.stop()
    copy.ready.set()
    copy.end()
    ledger.close()


def test_a_pause_holds_the_reading_which_shows_how_far_it_is(copy: Copy) -> None:
    copy.until(lambda now: now.phase is Phase.COUNTING)
    copy.migration.pause()
    copy.ready.set()
    held = copy.until(lambda now: now.reading is not None)
    assert (held.reading, held.phase, held.mood) == (HALF, Phase.COUNTING, Mood.PAUSED)
    copy.events.append("resumed")
    copy.migration.resume()
    assert copy.end().grade is Grade.COMPLETE
    assert copy.events == ["resumed", "read on"]
    assert copy.migration.snapshot().reading is None


def test_a_stop_ends_the_reading(copy: Copy) -> None:
    copy.migration.stop()
    copy.ready.set()
    assert copy.end().grade is Grade.NOT_STARTED
    assert copy.events == []
