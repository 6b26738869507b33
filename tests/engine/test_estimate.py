"""The remaining time, second by second."""

from __future__ import annotations

from itertools import pairwise

from omm_desktop.engine.board import Board, Tally
from omm_desktop.engine.control import Control
from omm_desktop.engine.estimate import SILENT_SECONDS, SMOOTHING, TOO_LOW_SECONDS, Estimate
from omm_desktop.model.items import Folder
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.progress import Mood, Phase

from .world import FastClock

TOTAL = 1_000_000


class Copy:
    """Bytes at a speed, and what is told each second."""

    def __init__(self) -> None:
        self.estimate = Estimate()
        self.now = 0.0
        self.done = 0

    def goes(self, seconds: float, bytes_a_second: int) -> list[float | None]:
        told = []
        for _second in range(int(seconds)):
            told.append(self.estimate.seconds(self.now, self.done, TOTAL))
            self.now += 1
            self.done += bytes_a_second
        return told


def known(told: list[float | None]) -> list[float]:
    figures = [figure for figure in told if figure is not None]
    assert len(figures) == len(told)
    return figures


def test_nothing_is_told_at_first() -> None:
    copy = Copy()
    assert set(copy.goes(SILENT_SECONDS, 1000)) == {None}
    assert copy.goes(1, 1000) == [TOTAL / 1000 - SILENT_SECONDS]


def test_nothing_is_told_when_nothing_moves() -> None:
    assert set(Copy().goes(300, 0)) == {None}


def test_an_even_copy_counts_down() -> None:
    copy = Copy()
    copy.goes(SILENT_SECONDS, 1000)
    told = known(copy.goes(200, 1000))
    assert told == [TOTAL / 1000 - SILENT_SECONDS - second for second in range(200)]


def test_a_little_slower_never_goes_up() -> None:
    copy = Copy()
    copy.goes(60, 1000)
    told = known(copy.goes(300, 850))
    assert told == sorted(told, reverse=True)


def test_far_too_low_for_a_while_goes_up_once() -> None:
    copy = Copy()
    copy.goes(60, 1000)
    before = known(copy.goes(1, 1000))[0]
    told = known(copy.goes(SMOOTHING + TOO_LOW_SECONDS, 250))
    steps = [later - earlier for earlier, later in pairwise(told)]
    ups = [number for number, step in enumerate(steps) if step > 0]
    assert max(told[: int(TOO_LOW_SECONDS)]) <= before
    assert 1 <= len(ups) <= 2
    assert ups[0] >= TOO_LOW_SECONDS
    assert told[-1] > 2 * before


def test_a_short_hitch_changes_nothing() -> None:
    copy = Copy()
    copy.goes(120, 1000)
    before = known(copy.goes(1, 1000))[0]
    hitch = known(copy.goes(10, 0))
    after = known(copy.goes(120, 1000))
    assert max(hitch + after) <= before


def test_after_a_wait_the_old_figure_stands_until_a_new_one_is_known() -> None:
    copy = Copy()
    copy.goes(60, 1000)
    before = known(copy.goes(1, 1000))[0]
    copy.estimate.suspend()
    copy.now += 600
    assert set(copy.goes(SILENT_SECONDS, 1000)) == {before}
    assert known(copy.goes(1, 1000))[0] < before


def test_the_board_suspends_it_while_the_copy_waits() -> None:
    clock = FastClock()
    board = Board(clock, Control(clock, attended=True))
    tally = Tally(Folder(("INBOX",), "INBOX"), "INBOX", "INBOX")
    board.tallies.append(tally)
    board.add(tally, listed=100, size_total=TOTAL)
    board.phase(Phase.COPYING)
    for _second in range(40):
        board.snapshot()
        clock.pass_by(1)
        board.add(tally, copied=1, size_done=1000)
    assert board.snapshot().remaining is not None
    board.waiting("server", Problem(ProblemId.ASKED_TO_SLOW_DOWN, Place.DESTINATION), 0.0)
    waiting = board.snapshot()
    assert (waiting.mood, waiting.remaining) == (Mood.WAITING, None)
