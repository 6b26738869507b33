"""What the command line needs from the rest of the program; handed in by the composition root."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from omm_desktop.model.account import Account
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.problem import Place
from omm_desktop.model.progress import Event, Snapshot
from omm_desktop.model.report import Report
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.model.undoing import UndoPreview, UndoReport

Made = TypeVar("Made", covariant=True)


class Runs(Protocol[Made]):
    """One copy or undo, ready to run. `snapshot` and `stop` may be called from another thread."""

    def run(self, on_event: Callable[[Event], None]) -> Made: ...

    def snapshot(self) -> Snapshot: ...

    def stop(self) -> None: ...


class Migration(Runs[Report], Protocol):
    @property
    def number(self) -> int:
        """The copy's number in the records."""
        ...


class Services(Protocol):
    def find_exchange(self, account: Account, secret: Secret, place: Place) -> Account:
        """The account with the URL where EWS answers. Raises OmmError.

        The secret is made known to the redactor before anything else.
        """
        ...

    def open_migration(
        self, plan: MigrationPlan, secrets: Secrets, state: Path | None
    ) -> Migration:
        """A copy whose records live in `state` (None: the usual place). Raises OmmError.

        The secrets are made known to the redactor before anything else.
        """
        ...

    def preview_undo(self, run: int, state: Path | None) -> UndoPreview | None:
        """What the undo of a copy would remove; None when there is no such copy. Raises OmmError.

        No mailbox is asked.
        """
        ...

    def open_undo(self, run: int, secret: Secret, state: Path | None) -> Runs[UndoReport]:
        """The undo of a copy whose records live in `state`. Raises OmmError.

        The secret is made known to the redactor before anything else.
        """
        ...
