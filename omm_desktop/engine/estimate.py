"""How long a copy still takes, told so that the person can believe it.

The speed of the last minute gives a raw figure. What is told goes down with it, and up only when
it has been far too low for a while: a figure that jumps about helps nobody.
"""

from __future__ import annotations

from collections import deque

SILENT_SECONDS = 30.0
"""How long nothing is told: the first seconds of a copy say little about the rest."""
SMOOTHING = 60.0
SAMPLE = 1.0
TOO_LOW = 0.75
TOO_LOW_SECONDS = 30.0


class Estimate:
    """All times are seconds of one clock that never goes back."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, int]] = deque()
        self._told: float | None = None
        self._too_low_since: float | None = None

    def suspend(self) -> None:
        """The copy waits or is paused: what was measured before says nothing of what follows."""
        self._samples.clear()
        self._too_low_since = None

    def begin(self) -> None:
        """A new measure: nothing was told yet."""
        self.suspend()
        self._told = None

    def seconds(self, now: float, done: int, total: int) -> float | None:
        """Seconds left with `done` of `total` bytes copied; None while too little is known.

        After a suspension the last figure stands until a new one is known.
        """
        raw = self._raw(now, done, total)
        if raw is not None:
            self._told = raw if self._told is None else self._steady(now, raw, self._told)
        return self._told

    def _raw(self, now: float, done: int, total: int) -> float | None:
        samples = self._samples
        if not samples or now - samples[-1][0] >= SAMPLE:
            samples.append((now, done))
        while now - samples[0][0] > SMOOTHING and len(samples) > 2:
            samples.popleft()
        began, first = samples[0]
        if now - began < SILENT_SECONDS or done <= first:
            return None
        return (total - done) * (now - began) / (done - first)

    def _steady(self, now: float, raw: float, told: float) -> float:
        if told > TOO_LOW * raw:
            self._too_low_since = None
            return min(told, raw)
        if self._too_low_since is None:
            self._too_low_since = now
        if now - self._too_low_since < TOO_LOW_SECONDS:
            return told
        self._too_low_since = None
        return raw
