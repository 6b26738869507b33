"""What a provider lets through in a day: counted, waited for, remembered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from omm_desktop.engine.allowance import Allowance
from omm_desktop.model.plan import DailyBytes
from omm_desktop.model.problem import Place, ProblemId
from omm_desktop.model.progress import Event, Mood, MoodChanged
from omm_desktop.model.report import Grade
from omm_desktop.store.ledger import Ledger
from omm_desktop.store.traffic import Traffic, Way

from .memory import Mail
from .world import FastClock, World

HOUR = 3600.0
DAY = 24 * HOUR
SIZE = 1000
MAILS = 60


@pytest.fixture
def clock() -> FastClock:
    return FastClock()


@pytest.fixture
def allowance(tmp_path: Path, clock: FastClock) -> Iterator[Allowance]:
    ledger = Ledger(tmp_path / "ledger.db")
    traffic = Traffic(ledger, ledger.account("someone"), Way.READ)
    yield Allowance(traffic, 100, clock, Place.SOURCE)
    ledger.close()


def test_what_fits_passes_and_the_rest_waits_for_the_same_hour_of_tomorrow(
    allowance: Allowance, clock: FastClock
) -> None:
    assert [allowance.spend(size) for size in (60, 40)] == [0.0, 0.0]
    wait = allowance.spend(1)
    assert DAY <= wait <= DAY + HOUR
    clock.pass_by(wait - 1)
    assert allowance.spend(1) == pytest.approx(1.0, abs=0.01)
    clock.pass_by(1)
    assert allowance.spend(1) == 0.0


def test_only_as_many_hours_are_waited_for_as_make_room(
    allowance: Allowance, clock: FastClock
) -> None:
    allowance.spend(30)
    clock.pass_by(10 * HOUR)
    allowance.spend(70)
    assert DAY - 10 * HOUR <= allowance.spend(20) <= DAY - 9 * HOUR
    assert DAY <= allowance.spend(40) <= DAY + HOUR


def test_a_mail_larger_than_the_limit_passes_alone(allowance: Allowance) -> None:
    assert allowance.spend(500) == 0.0
    assert allowance.spend(1) > 0


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    for number in range(MAILS):
        headers = b"Message-ID: %d" % number
        body = b"x" * (SIZE - len(headers))
        world.source.put(("INBOX",), Mail(headers, body, datetime(2020, 1, 1, tzinfo=UTC)))
    return world


@pytest.mark.parametrize(
    ("limit", "place"),
    [
        (DailyBytes(source=20 * SIZE), Place.SOURCE),
        (DailyBytes(destination=20 * SIZE), Place.DESTINATION),
    ],
)
def test_a_copy_waits_for_each_day_and_ends_whole(
    world: World, limit: DailyBytes, place: Place
) -> None:
    world.bytes_per_day = limit
    told: list[tuple[Mood, ProblemId | None, Place | None]] = []

    def listen(event: Event) -> None:
        if isinstance(event, MoodChanged):
            problem = event.problem
            told.append((event.mood, problem and problem.id, problem and problem.place))

    world.on_event = listen
    began = world.clock.now()
    report, _ = world.run()
    assert report is not None
    assert (report.grade, report.copied) == (Grade.COMPLETE, MAILS)
    assert 2 * DAY <= world.clock.now() - began < 3.2 * DAY
    assert (Mood.WAITING, ProblemId.DAILY_LIMIT, place) in told


def test_the_next_copy_knows_what_the_one_before_has_read(world: World) -> None:
    world.bytes_per_day = DailyBytes(source=MAILS * SIZE)
    world.run()
    world.source.put(("INBOX",), Mail(b"Message-ID: new", b"new"))
    began = world.clock.now()
    report, _ = world.run()
    assert report is not None
    assert report.copied == 1
    assert world.clock.now() - began > DAY - 2 * HOUR


def test_a_server_that_says_no_for_a_whole_day_costs_no_mail(world: World) -> None:
    world.destination.faults.hours_over = 20
    report, _ = world.run()
    assert report is not None
    assert (report.grade, report.copied) == (Grade.COMPLETE, MAILS)


def test_a_clock_that_ran_ahead_holds_nothing_up_once_it_is_right(
    allowance: Allowance, clock: FastClock
) -> None:
    clock.pass_by(365 * DAY)
    assert allowance.spend(100) == 0.0
    clock.pass_by(-365 * DAY)
    assert DAY <= allowance.spend(1) <= DAY + HOUR
    clock.pass_by(DAY + HOUR)
    assert allowance.spend(1) == 0.0
