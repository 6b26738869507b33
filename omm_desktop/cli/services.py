"""What the command line needs from the rest of the program; handed in by the composition root."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.progress import Event, Snapshot
from omm_desktop.model.report import Report
from omm_desktop.model.secret import Secrets


class Migration(Protocol):
    """One copy, ready to run. `snapshot` and `stop` may be called from another thread."""

    @property
    def number(self) -> int:
        """The copy's number in the records."""
        ...

    def run(self, on_event: Callable[[Event], None]) -> Report: ...

    def snapshot(self) -> Snapshot: ...

    def stop(self) -> None: ...


class Services(Protocol):
    def open_migration(
        self, plan: MigrationPlan, secrets: Secrets, state: Path | None
    ) -> Migration:
        """A copy whose records live in `state` (None: the usual place). Raises OmmError.

        The secrets are made known to the redactor before anything else.
        """
        ...
