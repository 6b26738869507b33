"""A copy, a check and a search that do what the test wants: for states real ones rush past."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from omm_desktop.endpoints.files.survey import Survey
from omm_desktop.guide.discovery.candidate import Findings
from omm_desktop.model.account import Account
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.problem import Place
from omm_desktop.model.progress import (
    Event,
    FolderProgress,
    FolderState,
    Mood,
    Phase,
    Reading,
    Snapshot,
)
from omm_desktop.model.report import Report
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.wizard.probe_result import ProbeResult, ProbeStep

FOLDERS = (
    FolderProgress("INBOX", "INBOX", "inbox", FolderState.DONE, 2910, 2900, 10, 0),
    FolderProgress("Envoyés", "Sent", "sent", FolderState.COPYING, 1120, 304, 0, 0),
    FolderProgress("Factures 2019", "Factures 2019", None, FolderState.DONE, 88, 86, 0, 2, 1),
    FolderProgress("Clients/Été", "Clients/Été", None, FolderState.SETTLING, 12, 0, 0, 0),
    FolderProgress("Partagé", "Partagé", None, FolderState.FAILED, 5, 0, 0, 5),
    FolderProgress("Voyages", "Voyages", None, FolderState.PENDING, 4165, 0, 0, 0),
)


def snapshot(
    phase: Phase = Phase.COPYING,
    mood: Mood = Mood.RUNNING,
    *,
    remaining: float | None = 2_900.0,
    **more: object,
) -> Snapshot:
    """3,307 of 8,300 messages, unless told otherwise."""
    values: dict[str, object] = {
        "items_total": 8300,
        "items_done": 3307,
        "bytes_total": 4_200_000_000,
        "bytes_done": 1_600_000_000,
        "copied": 3290,
        "present": 10,
        "failed": 7,
        "seconds": 900.0,
        "folders": FOLDERS,
    }
    return Snapshot(phase, mood, remaining=remaining, **(values | more))  # type: ignore[arg-type]


@dataclass
class ScriptedCopy:
    """Runs until `stop` or `end`, then answers with `report`; notes what is asked of it."""

    report: Report
    shown: Snapshot = field(default_factory=snapshot)
    number: int = 12
    asked: list[str] = field(default_factory=list)
    answers: list[Secret | None] = field(default_factory=list)
    started: list[tuple[MigrationPlan, Secrets]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._over = threading.Event()

    def open(self, plan: MigrationPlan, secrets: Secrets) -> ScriptedCopy:
        """As `Services.start`."""
        self.started.append((plan, secrets))
        self._over.clear()
        return self

    def run(self, on_event: Callable[[Event], None]) -> Report:
        self._over.wait()
        return self.report

    def snapshot(self) -> Snapshot:
        return self.shown

    def pause(self) -> None:
        self.asked.append("pause")

    def resume(self) -> None:
        self.asked.append("resume")

    def stop(self) -> None:
        self.asked.append("stop")
        self._over.set()

    def end(self) -> None:
        self._over.set()

    def answer(self, secret: Secret | None) -> None:
        self.answers.append(secret)


class ScriptedSearch:
    """Answers with these findings; with None only when it is cancelled."""

    def __init__(self, findings: Findings | None) -> None:
        self._findings = findings
        self._cancelled = threading.Event()

    def run(self) -> Findings:
        if self._findings is None:
            self._cancelled.wait()
        return self._findings or Findings()

    def cancel(self) -> None:
        self._cancelled.set()


class PatientServer:
    """A check that takes until the test lets it end."""

    def __init__(self, finds: ProbeResult) -> None:
        self.finds = finds
        self.asked: list[Account] = []
        self.may_end = threading.Event()

    def probe(
        self, account: Account, secret: Secret, place: Place, step: Callable[[ProbeStep], None]
    ) -> ProbeResult:
        self.asked.append(account)
        step(ProbeStep.SERVER)
        self.may_end.wait()
        step(ProbeStep.SIGN_IN)
        return self.finds


class PatientLook:
    """A look into a file that tells what it is, and counts until nobody waits any more."""

    def __init__(self, survey: Survey | None, reading: Reading | None = None) -> None:
        self._steps = [step for step in (survey, reading) if step is not None]
        self._over = threading.Event()

    def run(self, tell: Callable[[Survey | Reading], None]) -> ProbeResult:
        for step in self._steps:
            tell(step)
        self._over.wait()
        return ProbeResult(())

    def cancel(self) -> None:
        self._over.set()
