"""The threads of one phase: started together, attended until all are done or the run is stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from omm_desktop.model.problem import OmmError, Place, Problem, ProblemId

from .clock import Clock
from .control import Control, Stopped
from .ends import Ends
from .upheaval import Upheaval

TICK = 0.05
STOP_GRACE = 5.0
"""Seconds a stop leaves to the batches on their way before it cuts the connections."""
ABANDON_AFTER = 2.0
"""Seconds after the cut until a thread that obeys nothing (a name look-up) is left behind.

It holds nothing by then: `checkpoint` stops it before it can touch ledger or mailbox again.
"""


T = TypeVar("T")


def shared(
    things: Sequence[T], work: Callable[[T], None], threads: int
) -> list[Callable[[], None]]:
    """Duties for at most so many threads that do the work for each thing once, in their order."""
    left = list(reversed(things))

    def take() -> None:
        while left:
            try:
                thing = left.pop()
            except IndexError:
                return
            work(thing)

    return [take] * min(len(left), threads)


class Crew:
    """What goes wrong in one thread stops the run; `control` then says why."""

    def __init__(self, control: Control, clock: Clock, upheaval: Upheaval) -> None:
        self._control = control
        self._clock = clock
        self._upheaval = upheaval

    def man(self, name: str, duties: Sequence[Callable[[], None]]) -> list[threading.Thread]:
        """A thread for each duty."""
        threads = [
            threading.Thread(target=self._duty, args=(duty,), name=name, daemon=True)
            for duty in duties
        ]
        for thread in threads:
            thread.start()
        return threads

    def _duty(self, duty: Callable[[], None]) -> None:
        try:
            duty()
        except Stopped:
            pass
        except OmmError as error:
            self._control.stop(error.problem)
        except BaseException as error:
            problem = Problem(ProblemId.UNEXPECTED, Place.PROGRAM, type(error).__name__)
            self._control.stop(problem, error)

    def attend(
        self,
        threads: Sequence[threading.Thread],
        tend: Callable[[], None],
        ends: Ends,
    ) -> None:
        """Call `tend` regularly until all threads ended. Raises `Stopped`.

        The connections are aborted when a stop takes too long, and cut after an upheaval.
        """
        stop_seen: float | None = None
        while alive := [thread for thread in threads if thread.is_alive()]:
            alive[0].join(TICK)
            tend()
            if self._upheaval.happened():
                ends.cut()
            if self._control.stopping:
                now = self._clock.now()
                stop_seen = stop_seen or now
                if now - stop_seen > STOP_GRACE:
                    ends.abort()
                if now - stop_seen > STOP_GRACE + ABANDON_AFTER:
                    break
        tend()
        if self._control.stopping:
            raise Stopped
