"""The accounts of a running migration, with all connections to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from omm_desktop.model.ports import Destination, Limits

from .legs import Leg
from .pool import Pool


@dataclass(frozen=True, slots=True)
class Ends:
    legs: Sequence[Leg]
    destinations: Pool[Destination]
    limits: Limits
    destination_on_disk: bool = False

    def keep_alive(self) -> None:
        for leg in self.legs:
            leg.sources.keep_alive()
        self.destinations.keep_alive()

    def abort(self) -> None:
        for leg in self.legs:
            leg.sources.abort()
        self.destinations.abort()

    def cut(self) -> None:
        """The network is another one: what is open through it is made anew. Files stay open."""
        for leg in self.legs:
            if not leg.account.kind.is_on_disk:
                leg.sources.cut()
        if not self.destination_on_disk:
            self.destinations.cut()

    def close(self) -> None:
        for leg in self.legs:
            leg.sources.close()
        self.destinations.close()
