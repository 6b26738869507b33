"""Which batch comes next, and which one has to wait."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from omm_desktop.engine.accounts import Accounts
from omm_desktop.engine.board import Board, Tally
from omm_desktop.engine.control import Control, Stopped
from omm_desktop.engine.jobs import Batch, Job, Schedule
from omm_desktop.engine.lane import Lane, LaneState
from omm_desktop.engine.legs import Leg
from omm_desktop.engine.pace import Governor
from omm_desktop.engine.pool import Pool
from omm_desktop.model.items import Folder, ItemKind, ItemRef
from omm_desktop.model.ports import Limits, Source
from omm_desktop.model.secret import Secret
from omm_desktop.store.backlog import Backlog, Task
from omm_desktop.store.elsewhere import Elsewhere
from omm_desktop.store.ledger import Ledger

from .world import FastClock, account

ITEMS = 2
CLOCK = FastClock()


class OneLook(Control):
    """Stops whoever has found nothing at the first look, and would wait."""

    looked = False

    def checkpoint(self) -> None:
        self.looked = not self.looked
        if not self.looked:
            raise Stopped


class Folders:
    """Two sources, each with one folder of `ITEMS` items, that lead into one open lane."""

    def __init__(self, ledger: Ledger, kind: ItemKind) -> None:
        self._control = OneLook(CLOCK, attended=False)
        destination = ledger.account("new")
        folder = Folder(("Agenda",), "Agenda", count=0, kind=kind)
        self._legs = [self._leg(ledger, name, destination) for name in ("first", "second")]
        accounts = Accounts(self._legs[0].id, destination)
        self.lane = Lane(ledger, accounts, folder, 1.0, CLOCK)
        self.lane.state = LaneState.OPEN
        backlog = Backlog(ledger)
        for number in range(len(self._legs)):
            tasks = [Task(ItemRef("Agenda", str(key))) for key in range(ITEMS)]
            backlog.add(number, tasks)
        self.schedule = Schedule(
            [
                Job(number, leg, folder, number, 0, self.lane, Tally(folder, "", ""))
                for number, leg in enumerate(self._legs)
            ],
            backlog,
            Limits(batch_items=1),
            Governor(1, 1, CLOCK),
            self._control,
            Board(CLOCK, self._control),
        )

    def _leg(self, ledger: Ledger, name: str, destination: int) -> Leg:
        def open_one(secret: Secret) -> Source:
            raise AssertionError("nothing is read here")

        id = ledger.account(name)
        pool = Pool(open_one, Secret(""), Governor(1, 1, CLOCK), self._control, CLOCK)
        return Leg(account(name), id, name, pool, Elsewhere(ledger, id, destination))

    def next(self, leg: int) -> Batch | None:
        """The next batch of a source, None when it has to wait for one."""
        self._control.looked = False
        try:
            return self.schedule.next(self._legs[leg])
        except Stopped:
            return None


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with closing(Ledger(tmp_path / "ledger.db")) as ledger:
        yield ledger


def test_events_of_a_later_source_wait_until_those_before_them_have_arrived(
    ledger: Ledger,
) -> None:
    folders = Folders(ledger, ItemKind.EVENTS)
    for _ in range(ITEMS):
        assert folders.next(1) is None
        batch = folders.next(0)
        assert batch is not None
        assert folders.next(1) is None
        folders.schedule.done(batch)
    assert folders.next(1) is not None


def test_mail_of_two_sources_goes_into_one_folder_side_by_side(ledger: Ledger) -> None:
    folders = Folders(ledger, ItemKind.MAIL)
    batches = [folders.next(leg) for leg in (1, 0, 0, 1)]
    assert [batch and batch.job.number for batch in batches] == [1, 0, 0, 1]


def test_nothing_goes_into_a_folder_that_is_not_open(ledger: Ledger) -> None:
    folders = Folders(ledger, ItemKind.MAIL)
    folders.lane.state = LaneState.CLOSED
    assert folders.next(0) is None
    folders.lane.state = LaneState.OPEN
    assert folders.next(0) is not None
