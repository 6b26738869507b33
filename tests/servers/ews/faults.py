"""What may go wrong on purpose, called for by a test or drawn from a seed."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class FaultKind(Enum):
    UNAUTHORIZED = "HTTP 401"
    UNAVAILABLE = "HTTP 503"
    BUSY = "ErrorServerBusy, as a SOAP fault"
    TOO_LARGE = "HTTP 413, then the connection is closed"
    DROPPED = "the connection breaks before anything is done"
    CUT = "the connection breaks in the middle of the reply"
    LOST = "everything is done, then the connection breaks without a reply"
    SLOW = "the reply comes late"
    CROWDED = "ErrorExceededConnectionCount, as a SOAP fault"
    INTERNAL = "ErrorInternalServerTransientError, as a SOAP fault"


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one request of `operation` (of any when None), after `after` good ones.

    `seconds` is the Retry-After of 503, the BackOffMilliseconds of BUSY and the delay of SLOW; None
    leaves the hint out.
    """

    kind: FaultKind
    operation: str | None = None
    after: int = 0
    seconds: float | None = None


@dataclass(slots=True)
class _Planned:
    fault: Fault
    to_pass: int


class Faults:
    """The faults still to come. Those of a test are used up in order; a seed never ends."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: list[_Planned] = []
        self._random: random.Random | None = None
        self._rate = 0.0
        self._kinds: tuple[FaultKind, ...] = ()
        self._seconds: float | None = None
        self.happened: list[tuple[str, FaultKind]] = []

    def plan(self, *faults: Fault) -> None:
        """Add faults; each happens once."""
        with self._lock:
            self._planned += [_Planned(fault, fault.after) for fault in faults]

    def draw(
        self,
        seed: int,
        rate: float,
        kinds: Iterable[FaultKind] = tuple(FaultKind),
        seconds: float | None = 0.01,
    ) -> None:
        """From now on each request fails with probability `rate`, in one of these ways.

        Half of those that may carry a hint of `seconds` do.
        """
        with self._lock:
            self._random = random.Random(seed)
            self._rate, self._kinds, self._seconds = rate, tuple(kinds), seconds

    def stop(self) -> None:
        """No more faults, planned or drawn."""
        with self._lock:
            self._planned.clear()
            self._random = None

    def next_for(self, operation: str) -> Fault | None:
        """The fault of this request, if any; it is used up."""
        with self._lock:
            fault = self._take(operation)
            if fault is not None:
                self.happened.append((operation, fault.kind))
            return fault

    def _take(self, operation: str) -> Fault | None:
        for planned in self._planned:
            if planned.fault.operation not in (None, operation):
                continue
            if not planned.to_pass:
                self._planned.remove(planned)
                return planned.fault
            planned.to_pass -= 1
        if self._random is not None and self._random.random() < self._rate:
            kind, hint = (
                self._random.choice(self._kinds),
                self._random.choice((None, self._seconds)),
            )
            return Fault(kind, operation, seconds=self._seconds if kind is FaultKind.SLOW else hint)
        return None
