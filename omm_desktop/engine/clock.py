"""The time the engine lives by; tests bring their own."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from typing import Protocol


class Clock(Protocol):
    def now(self) -> float:
        """Seconds on a clock that never goes back, and stands still while the computer sleeps."""
        ...

    def time(self) -> float:
        """Unix time."""
        ...

    def wait(
        self, condition: threading.Condition, seconds: float, until: Callable[[], bool]
    ) -> None:
        """Wait until the time is over or `until` holds after a notification."""
        ...


if sys.platform == "win32":
    import ctypes

    def _awake() -> float:
        """Python's own clock goes on there while the computer sleeps."""
        passed = ctypes.c_ulonglong()
        ctypes.windll.kernel32.QueryUnbiasedInterruptTime(ctypes.byref(passed))
        return passed.value / 10_000_000
else:
    _awake = time.monotonic


class SystemClock:
    def now(self) -> float:
        return _awake()

    def time(self) -> float:
        return time.time()

    def wait(
        self, condition: threading.Condition, seconds: float, until: Callable[[], bool]
    ) -> None:
        with condition:
            condition.wait_for(until, timeout=seconds)
