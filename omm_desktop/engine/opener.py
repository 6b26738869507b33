"""The thread that opens lanes and keeps resting connections alive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from omm_desktop.model.ports import Destination
from omm_desktop.model.problem import ItemError, Problem, TryAgain
from omm_desktop.model.progress import FolderState

from .clock import Clock
from .control import Control
from .jobs import Schedule
from .lane import Lane
from .pace import only_waits
from .pool import Pool
from .recorder import Recorder

TICK = 0.05
MOST_LOSSES = 5
"""After so many lost connections in a row over one folder, it is the folder's fault."""


class Opener:
    def __init__(
        self,
        schedule: Schedule,
        destinations: Pool[Destination],
        recorder: Recorder,
        control: Control,
        clock: Clock,
        keep_alive: Callable[[], None],
    ) -> None:
        self._keep_alive = keep_alive
        self._schedule = schedule
        self._destinations = destinations
        self._recorder = recorder
        self._control = control
        self._clock = clock
        self._due: dict[Lane, float] = {}
        self._losses: Counter[Lane] = Counter()

    def work(self) -> None:
        while not self._schedule.over():
            if self._control.paused:
                # Resting connections are looked after in a pause as well.
                self._keep_alive()
                self._control.sleep(TICK)
                continue
            now = self._clock.now()
            for lane in self._schedule.waiting_lanes():
                if self._due.get(lane, now) <= now:
                    self._advance(lane)
            self._keep_alive()
            self._control.sleep(TICK)

    def _advance(self, lane: Lane) -> None:
        try:
            with self._destinations.connection() as destination:
                wait = lane.advance(destination)
        except TryAgain as error:
            self._losses[lane] += not only_waits(error)
            if self._losses[lane] >= MOST_LOSSES:
                self._give_up(lane, error.problem)
            return
        except ItemError as error:
            self._give_up(lane, error.problem)
            return
        self._losses.pop(lane, None)
        if wait is None:
            self._due.pop(lane, None)
            self._schedule.wake()
        else:
            self._due[lane] = self._clock.now() + wait
            for job in self._schedule.jobs_of(lane):
                self._recorder.board.state(job.tally, FolderState.SETTLING)

    def _give_up(self, lane: Lane, problem: Problem) -> None:
        lane.break_down()
        for job in self._schedule.give_up(self._schedule.jobs_of(lane)):
            self._recorder.folder_failure(job.name, problem)
