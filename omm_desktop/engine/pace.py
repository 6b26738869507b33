"""How many connections an account gets, and how long to wait after a refusal."""

from __future__ import annotations

import random
import threading

from omm_desktop.model.problem import NotNow, Problem, ProblemId, TryAgain

from .clock import Clock

FIRST_WAIT = 2.0
LONGEST_WAIT = 300.0
WINDOW = 3.0
GROWTH = 1.05
CALM = 600.0
"""Seconds without growth after the server asked to slow down."""

BATCH_SECONDS = 3.0
SMALLEST_BATCH = 128 << 10
FIRST_BATCH = 512 << 10
"""Bytes of a batch while the speed is not known: five seconds at 1 Mbit/s."""

ASKS_FOR_LESS = frozenset({ProblemId.ASKED_TO_SLOW_DOWN, ProblemId.TOO_MANY_CONNECTIONS})


def is_tomorrows(problem: Problem) -> bool:
    """Whether only the day's limit stood in the way: that is no failure of what was tried."""
    return problem.id is ProblemId.DAILY_LIMIT


def only_waits(error: TryAgain) -> bool:
    """Whether nothing failed: the server, or the day's limit, asks for patience beforehand."""
    return isinstance(error, NotNow) or is_tomorrows(error.problem)


class Governor:
    """One account: connections grow while throughput does, and are halved when asked.

    `start` and `most` are numbers of connections.
    """

    def __init__(self, start: int, most: int, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._limit = min(start, most)
        self._most = most
        self._best = 0.0
        self._bytes = 0
        self._since = clock.now()
        self._speed: float | None = None
        self._calm_until = 0.0
        self._failures = 0

    @property
    def limit(self) -> int:
        return self._limit

    @property
    def most(self) -> int:
        return self._most

    def moved(self, size: int, seconds: float) -> None:
        """One connection moved a batch of `size` bytes in so many seconds."""
        with self._lock:
            if size:
                speed = size / max(seconds, 0.001)
                self._speed = speed if self._speed is None else (self._speed + speed) / 2
            self._bytes += size
            elapsed = self._clock.now() - self._since
            if elapsed < WINDOW:
                return
            rate = self._bytes / elapsed
            calm = self._clock.now() < self._calm_until
            if rate > self._best * GROWTH and self._limit < self._most and not calm:
                self._limit += 1
            self._best = max(self._best, rate)
            self._bytes, self._since = 0, self._clock.now()

    def batch_bytes(self, most: int) -> int:
        """What one connection moves in about three seconds, at most `most`."""
        with self._lock:
            if self._speed is None:
                return min(most, FIRST_BATCH)
            return int(min(most, max(SMALLEST_BATCH, self._speed * BATCH_SECONDS)))

    def answered(self) -> None:
        """A connection did what it was asked for: the next failure is a first one again."""
        with self._lock:
            self._failures = 0

    def keep_to(self, connections: int) -> None:
        """The server allows that many and no more; ask for one more when it has been calm."""
        with self._lock:
            self._limit = min(self._limit, connections)
            self._calm_until = self._clock.now() + CALM

    def refused(self, problem: ProblemId, after: float) -> float:
        """The server failed or asked for patience; the seconds to wait. Its own number wins."""
        with self._lock:
            self._failures += 1
            if problem in ASKS_FOR_LESS:
                self._limit = max(1, self._limit // 2)
                self._calm_until = self._clock.now() + CALM
            if after > 0:
                return after
            backoff: float = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(self._failures - 1, 10))
            return backoff * random.uniform(0.8, 1.2)
