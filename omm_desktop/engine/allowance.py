"""How many bytes a provider lets through in a day, and how long to wait when they are used up."""

from __future__ import annotations

import threading

from omm_desktop.model.plan import DailyBytes
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.store.ledger import Ledger
from omm_desktop.store.traffic import Traffic, Way

from .accounts import Accounts
from .clock import Clock

HOUR = 3600.0
WINDOW = 24
"""Hours that count. A window that moves suits whatever hour the provider's own day begins at."""


class Allowance:
    """`limit` bytes within any day, of one account and one way; `place` tells which of the two."""

    def __init__(self, traffic: Traffic, limit: int, clock: Clock, place: Place) -> None:
        self._traffic = traffic
        self._limit = limit
        self.problem = Problem(ProblemId.DAILY_LIMIT, place)
        self._clock = clock
        self._lock = threading.Lock()

    def spend(self, size: int) -> float:
        """Count `size` bytes about to be moved. Seconds to wait first; then nothing was counted.

        What alone is larger than the limit passes when nothing else did.
        """
        now = self._clock.time()
        with self._lock:
            self._traffic.bring_back(int(now // HOUR))
            hours = self._traffic.since(int(now // HOUR) - WINDOW)
            used = sum(moved for _, moved in hours)
            wait = 0.0
            for hour, moved in hours:
                if not self._exceeds(used, size):
                    break
                used -= moved
                wait = (hour + 1 + WINDOW) * HOUR - now
            if wait <= 0:
                self._traffic.add(int(now // HOUR), size)
            return max(0.0, wait)

    def _exceeds(self, used: int, size: int) -> bool:
        return used > 0 and used + size > self._limit


def daily(
    limits: DailyBytes, way: Way, ledger: Ledger, accounts: Accounts, clock: Clock
) -> Allowance | None:
    """What the plan allows one way; None where nothing is known of a limit."""
    if way is Way.READ:
        limit, account, place = limits.source, accounts.source, Place.SOURCE
    else:
        limit, account, place = limits.destination, accounts.destination, Place.DESTINATION
    return None if limit is None else Allowance(Traffic(ledger, account, way), limit, clock, place)
