"""The composition root: the only file that knows every room."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from omm_desktop.copies import Copies, LockedMigration
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.secret import Secrets


class CommandLineServices:
    """What the command line needs: one copy at a time, with nobody there to answer questions."""

    def open_migration(
        self, plan: MigrationPlan, secrets: Secrets, state: Path | None
    ) -> LockedMigration:
        copies = Copies(state)
        try:
            migration = copies.open(plan, secrets, attended=False)
        except BaseException:
            copies.close()
            raise
        migration.afterwards = copies.close
        return migration


def services() -> CommandLineServices:
    return CommandLineServices()


def window(arguments: Sequence[str]) -> int:
    """Show the wizard; the exit status of the program."""
    raise SystemExit(2)
