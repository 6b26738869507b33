"""What the window is given: copies, checks, history, passwords, preferences."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

from omm_desktop import checks, notices, paths
from omm_desktop.at_login.reopening import Reopening
from omm_desktop.cli.plan_file import read_plan
from omm_desktop.copies import Copies
from omm_desktop.endpoints import registry
from omm_desktop.file_look import FileLook
from omm_desktop.guide.discovery import exchange_account
from omm_desktop.guide.discovery.candidate import Candidate
from omm_desktop.guide.discovery.network import Surroundings
from omm_desktop.guide.discovery.search import Search
from omm_desktop.guide.providers import providers
from omm_desktop.guide.resolver import DEADLINE_SECONDS
from omm_desktop.locked import LockedMigration
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.problem import Place
from omm_desktop.model.report import Report
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.report.as_csv import as_csv
from omm_desktop.report.as_html import as_html
from omm_desktop.store import preferences
from omm_desktop.store.credentials import Credentials
from omm_desktop.store.doubts import Doubts
from omm_desktop.store.history import History
from omm_desktop.support.catalogue import catalogue
from omm_desktop.ui.services import Services

PREFERENCES = "preferences.json"


def services(
    copies: Copies,
    credentials: Credentials,
    preferences_file: Path,
    search_seconds: float = DEADLINE_SECONDS,
    at_login: Reopening | None = None,
) -> Services:
    """The window's services on these records. A search of no seconds asks nobody."""

    def start(plan: MigrationPlan, secrets: Secrets) -> LockedMigration:
        return copies.open(plan, secrets, attended=True)

    def search(address: str, place: Place, exchange_only: bool) -> Search:
        return Search(
            address,
            Surroundings(providers()),
            place=place,
            seconds=search_seconds,
            exchange_only=exchange_only,
        )

    def ask_exchange(found: Candidate, address: str, secret: Secret, place: Place) -> Candidate:
        question = exchange_account.Question(address, address, secret)
        surroundings = Surroundings(providers())
        return exchange_account.ask(found.exchange, question, surroundings, place, search_seconds)

    return Services(
        providers=providers(),
        catalogue=catalogue(),
        probe=checks.probe,
        look_into=FileLook,
        prepared=registry.prepared_for,
        search=search,
        read_plan=read_plan,
        ask_exchange=ask_exchange,
        start=start,
        preview_undo=copies.preview_undo,
        start_undo=lambda run, secret: copies.open_undo(run, secret, attended=True),
        history=History(copies.ledger),
        doubts=Doubts(copies.ledger),
        credentials=credentials,
        preferences=RememberedPreferences(preferences_file),
        save_report=save_report,
        rescued=copies.rescued,
        redactor=copies.redactor,
        log_folder=paths.logs,
        send_trial=notices.trial,
        at_login=at_login,
    )


def save_report(report: Report, file: Path) -> None:
    """HTML, or CSV when the name ends so. Raises OSError."""
    explain = catalogue().entry
    if file.suffix.lower() == ".csv":
        file.write_bytes(as_csv(report, explain))
    else:
        file.write_text(as_html(report, explain), encoding="utf-8")


class RememberedPreferences:
    """Preferences that are stored as soon as one is set. A full disk costs only the memory."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._current = preferences.load(file)

    @property
    def language(self) -> str:
        return self._current.language

    @language.setter
    def language(self, name: str) -> None:
        self._store(replace(self._current, language=name))

    @property
    def text_size(self) -> int:
        return self._current.text_size

    @text_size.setter
    def text_size(self, percent: int) -> None:
        self._store(replace(self._current, text_size=percent))

    @property
    def theme(self) -> str:
        return self._current.theme

    @theme.setter
    def theme(self, name: str) -> None:
        self._store(replace(self._current, theme=preferences.Theme(name)))

    @property
    def masked(self) -> bool:
        return self._current.masked

    @masked.setter
    def masked(self, on: bool) -> None:
        self._store(replace(self._current, masked=on))

    @property
    def told_about_tray(self) -> bool:
        return self._current.told_about_tray

    @told_about_tray.setter
    def told_about_tray(self, told: bool) -> None:
        self._store(replace(self._current, told_about_tray=told))

    @property
    def reopen(self) -> bool:
        return self._current.reopen

    @reopen.setter
    def reopen(self, on: bool) -> None:
        self._store(replace(self._current, reopen=on))

    def _store(self, changed: preferences.Preferences) -> None:
        self._current = changed
        with contextlib.suppress(OSError):
            preferences.save(changed, self._file)
