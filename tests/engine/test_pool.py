"""Connections lent and reopened: what a server allows, and how long it may be away."""

from __future__ import annotations

import threading

import pytest

from omm_desktop.engine.control import Control, Stopped
from omm_desktop.engine.pace import Governor
from omm_desktop.engine.pool import Pool
from omm_desktop.model.ports import Source
from omm_desktop.model.problem import NotNow, Place, Problem, ProblemId, TryAgain
from omm_desktop.model.secret import Secret

from .memory import MemorySource, Server
from .world import FastClock

PATIENCE = 120.0
LOST = TryAgain(Problem(ProblemId.CONNECTION_LOST, Place.SOURCE))


class Doorkeeper:
    """Lets in so many at once and no more."""

    def __init__(self, allowed: int) -> None:
        self._allowed = allowed
        self.clock = FastClock()
        self.inside = 0
        control = Control(self.clock, attended=False)
        self.governor = Governor(4, 4, self.clock)
        self.control = control
        self.pool: Pool[Source] = Pool(
            self._open, Secret("x"), self.governor, control, self.clock, patience=PATIENCE
        )

    def _open(self, secret: Secret) -> Source:
        if self.inside >= self._allowed:
            raise TryAgain(Problem(ProblemId.TOO_MANY_CONNECTIONS, Place.SOURCE), 30.0)
        self.inside += 1
        return MemorySource(Server(), lambda: None)


def test_a_refusal_of_one_more_connection_costs_no_waiting() -> None:
    door = Doorkeeper(allowed=1)
    began = door.clock.now()
    with door.pool.connection() as first:
        assert door.pool._open() is None
    assert door.governor.limit == 1
    with door.pool.connection() as again:
        assert again is first
    assert door.clock.now() == began
    assert not door.control.stopping


def test_a_refusal_of_the_only_connection_is_waited_out() -> None:
    door = Doorkeeper(allowed=0)
    began = door.clock.now()
    with pytest.raises(Stopped), door.pool.connection():
        pass
    assert door.clock.now() - began > 30.0
    assert door.control.stopping
    assert door.control.reason is not None
    assert door.control.reason.id is ProblemId.TOO_MANY_CONNECTIONS


def test_losses_far_apart_do_not_add_up() -> None:
    """Patience counts from the last time a connection worked."""
    door = Doorkeeper(allowed=9)
    for _ in range(5):
        with pytest.raises(TryAgain), door.pool.connection():
            raise LOST
        with door.pool.connection():
            door.clock.pass_by(PATIENCE)
    assert not door.control.stopping


def test_a_spare_connection_that_works_ends_the_impatience() -> None:
    door = Doorkeeper(allowed=9)
    with door.pool.connection(), door.pool.connection():
        pass
    for _ in range(2):
        with door.pool.connection():
            with pytest.raises(TryAgain), door.pool.connection():
                raise LOST
            door.clock.pass_by(PATIENCE)
        with door.pool.connection():
            pass
    assert not door.control.stopping


def test_a_server_that_says_when_to_come_again_is_not_away() -> None:
    """Exchange asks for five minutes at a time."""
    door = Doorkeeper(allowed=9)
    began = door.clock.now()
    for _ in range(3):
        with pytest.raises(NotNow), door.pool.connection():
            raise NotNow(Problem(ProblemId.ASKED_TO_SLOW_DOWN, Place.SOURCE), 297.0)
    with door.pool.connection():
        assert door.clock.now() - began >= 3 * 297
    assert not door.control.stopping


def test_waits_grow_only_while_nothing_works() -> None:
    door = Doorkeeper(allowed=9)
    for _ in range(6):
        with pytest.raises(TryAgain), door.pool.connection():
            raise LOST
        began = door.clock.now()
        with door.pool.connection():
            assert door.clock.now() - began < 3.0


def test_what_is_cut_on_its_way_in_is_tried_anew_at_once() -> None:
    """A server that fell silent keeps only a thread, whose connection nobody wants any more."""
    door = Doorkeeper(allowed=9)
    at_the_door, let_in, lent = threading.Event(), threading.Event(), threading.Event()

    def keep_waiting(secret: Secret) -> Source:
        connection = door._open(secret)
        if door.inside == 1:
            at_the_door.set()
            let_in.wait()
        return connection

    door.pool._open_one = keep_waiting

    def work() -> None:
        with door.pool.connection():
            lent.set()

    worker = threading.Thread(target=work)
    worker.start()
    at_the_door.wait()
    door.pool.cut()
    worker.join()
    assert lent.is_set()
    let_in.set()
