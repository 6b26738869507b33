"""The two accounts of a running migration, with all connections to them."""

from __future__ import annotations

from dataclasses import dataclass

from omm_desktop.model.ports import Destination, Limits, Source

from .pace import Governor
from .pool import Pool


@dataclass(frozen=True, slots=True)
class Ends:
    sources: Pool[Source]
    destinations: Pool[Destination]
    limits: Limits

    @property
    def governors(self) -> tuple[Governor, Governor]:
        return self.sources.governor, self.destinations.governor

    def keep_alive(self) -> None:
        self.sources.keep_alive()
        self.destinations.keep_alive()

    def abort(self) -> None:
        self.sources.abort()
        self.destinations.abort()

    def close(self) -> None:
        self.sources.close()
        self.destinations.close()
