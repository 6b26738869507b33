"""One setting on its way: the intent first, and a lost answer is judged by reading again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from omm_desktop.model.ports import Destination, SettingsDestination
from omm_desktop.model.problem import ItemError, TryAgain
from omm_desktop.store.settings import SettingRow, Settings

from .clock import Clock
from .control import Control
from .pace import only_waits
from .pool import Pool, patiently

Found = TypeVar("Found")
Arrived = Callable[[SettingsDestination, SettingRow], bool]
"""Whether the setting of a row is there, or something that can be nothing else."""


@dataclass(frozen=True, slots=True)
class SettingWriter:
    """`settle_seconds` is how long an unknown outcome is left alone before it is judged."""

    records: Settings
    destinations: Pool[Destination]
    control: Control
    clock: Clock
    settle_seconds: float

    def look(self, read: Callable[[SettingsDestination], Found]) -> Found:
        """What `read` finds at the destination. Raises `ItemError`, `TryAgain`, `Stopped`."""
        found: list[Found] = []

        def step() -> None:
            with self.destinations.connection() as destination:
                assert isinstance(destination, SettingsDestination)
                found.append(read(destination))

        patiently(step)
        return found[0]

    def settle(self, arrived: Arrived) -> None:
        """Judge what earlier runs left open."""
        for row in self.records.rows().values():
            if not row.arrived:
                self._judge(row, arrived)

    def write(
        self, row: SettingRow, send: Callable[[SettingsDestination], None], arrived: Arrived
    ) -> None:
        """Send what is not there.

        Raises `ItemError` when it was refused, `TryAgain` when it is known not to have arrived: the
        caller looks again before it sends again.
        """
        row = replace(row, arrived=False, intent_at=self.clock.time())
        self.records.write(row)
        try:
            with self.destinations.connection() as destination:
                assert isinstance(destination, SettingsDestination)
                send(destination)
        except TryAgain as error:
            if only_waits(error):
                self.records.forget(row.identity)
            elif self._judge(row, arrived):
                return
            raise
        except ItemError:
            self.records.forget(row.identity)
            raise
        self.records.write(replace(row, arrived=True))

    def _judge(self, row: SettingRow, arrived: Arrived) -> bool:
        wait = min(row.intent_at + self.settle_seconds - self.clock.time(), self.settle_seconds)
        if wait > 0:
            self.control.sleep(wait)
        if self.look(lambda destination: arrived(destination, row)):
            self.records.write(replace(row, arrived=True))
            return True
        self.records.forget(row.identity)
        return False
