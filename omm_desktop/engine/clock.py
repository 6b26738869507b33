"""The time the engine lives by; tests bring their own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol


class Clock(Protocol):
    def now(self) -> float:
        """Seconds on a clock that never goes back."""
        ...

    def time(self) -> float:
        """Unix time."""
        ...

    def wait(
        self, condition: threading.Condition, seconds: float, until: Callable[[], bool]
    ) -> None:
        """Wait until the time is over or `until` holds after a notification."""
        ...


class SystemClock:
    def now(self) -> float:
        return time.monotonic()

    def time(self) -> float:
        return time.time()

    def wait(
        self, condition: threading.Condition, seconds: float, until: Callable[[], bool]
    ) -> None:
        with condition:
            condition.wait_for(until, timeout=seconds)
