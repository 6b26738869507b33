"""What the window is given: copies, checks, history, passwords, preferences."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

from omm_desktop import checks, paths
from omm_desktop.copies import Copies, LockedMigration
from omm_desktop.guide.providers import providers
from omm_desktop.language import Language
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.report import Report
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.report.as_csv import as_csv
from omm_desktop.report.as_html import as_html
from omm_desktop.store import preferences
from omm_desktop.store.credentials import Credentials
from omm_desktop.store.history import History
from omm_desktop.support.catalogue import catalogue
from omm_desktop.ui.services import Services

PREFERENCES = "preferences.json"


def services(copies: Copies, credentials: Credentials, preferences_file: Path) -> Services:
    """The window's services on these records."""

    def start(plan: MigrationPlan, secrets: tuple[Secret, Secret]) -> LockedMigration:
        return copies.open(plan, Secrets(*secrets), attended=True)

    return Services(
        providers=providers(),
        catalogue=catalogue(),
        probe=checks.probe,
        start=start,
        history=History(copies.ledger),
        credentials=credentials,
        preferences=RememberedPreferences(preferences_file),
        save_report=save_report,
    )


def save_report(report: Report, file: Path) -> None:
    """HTML, or CSV when the name ends so. Raises OSError."""
    explain = catalogue().entry
    if file.suffix.lower() == ".csv":
        file.write_bytes(as_csv(report, explain))
    else:
        file.write_text(as_html(report, explain), encoding="utf-8")


class RememberedPreferences:
    """Preferences as attributes; setting one stores them all. A full disk costs only memory."""

    def __init__(self, file: Path) -> None:
        object.__setattr__(self, "_file", file)
        object.__setattr__(self, "_current", preferences.load(file))

    def __getattr__(self, name: str) -> object:
        return getattr(self._current, name)

    def __setattr__(self, name: str, value: object) -> None:
        current = replace(self._current, **{name: value})
        object.__setattr__(self, "_current", current)
        with contextlib.suppress(OSError):
            preferences.save(current, self._file)
