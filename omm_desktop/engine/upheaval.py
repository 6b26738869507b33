"""Notices what open connections do not survive: that the computer slept, or changed its network."""

from __future__ import annotations

import socket
from collections.abc import Callable

from .clock import Clock

LOOK = 2.0
"""Seconds between two looks."""
SLEPT = 20.0
"""Seconds by which the day went on without the clock that stands still in sleep."""

# Of RFC 5737: a route is looked up, and nothing is sent.
_FAR_AWAY = ("192.0.2.1", 9)


def own_address() -> str | None:
    """The address this computer has towards the internet; None while it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_FAR_AWAY)
        except OSError:
            return None
        address: str = probe.getsockname()[0]
        return address


class Upheaval:
    """`happened` may be asked often. Of one thread."""

    def __init__(self, clock: Clock, address: Callable[[], str | None] = own_address) -> None:
        self._clock, self._find_address = clock, address
        self._looked, self._asleep = clock.now(), self._stood_still()
        self._address = address()

    def happened(self) -> bool:
        """Whether it did since the last time this was asked."""
        now = self._clock.now()
        if now - self._looked < LOOK:
            return False
        self._looked, before = now, self._asleep
        self._asleep = self._stood_still()
        # A network that is away may come back as it was.
        address = self._find_address() or self._address
        moved = self._address is not None and address != self._address
        self._address = address
        return moved or self._asleep - before > SLEPT

    def _stood_still(self) -> float:
        return self._clock.time() - self._clock.now()
