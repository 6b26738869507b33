"""Taking a copy back, in every state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event as Flag

from PySide6.QtWidgets import QApplication

from omm_desktop.model.items import ItemKind
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.progress import Event, Mood, Phase, Snapshot
from omm_desktop.model.report import Grade
from omm_desktop.model.secret import Secret
from omm_desktop.model.undoing import Kept, Removable, UndoneFolder, UndoPreview, UndoReport
from omm_desktop.store.history import PastRun
from omm_desktop.ui.task import Task
from omm_desktop.ui.window import Window

from .copy_scenes import LOST
from .hands import PATIENCE_MS
from .mailboxes import NEW, OLD
from .scripted import FOLDERS, snapshot

RUN = PastRun(12, 1_773_321_600.0, 1_773_325_200.0, Grade.COMPLETE, MigrationPlan(OLD, NEW), 9, 9)
PREVIEW = UndoPreview(
    12,
    OLD.address,
    NEW.address,
    False,
    (
        Removable("INBOX", ItemKind.MAIL, 2_910),
        Removable("Clients/Hiver", ItemKind.MAIL, 1_120),
        Removable("Archives", ItemKind.MAIL, 86),
    ),
)
KEPT = (
    (ProblemId.KEPT_CHANGED, "INBOX", 12),
    (ProblemId.KEPT_SHARED, "Clients/Hiver", 3),
    (ProblemId.KEPT_IN_TRASH, "Trash", 40),
    (ProblemId.FOLDER_STAYS, "Archives", 1),
    (ProblemId.SETTINGS_STAY, "", 2),
)
REPORT = UndoReport(
    12,
    Grade.COMPLETE_WITH_NOTES,
    NEW.address,
    312.0,
    (
        UndoneFolder("INBOX", ItemKind.MAIL, 2_890, 8, 12),
        UndoneFolder("Clients/Hiver", ItemKind.MAIL, 1_117, 0, 3),
    ),
    tuple(Kept(folder, Problem(id, Place.DESTINATION), items) for id, folder, items in KEPT),
    ("Clients/Hiver",),
    "Trash",
)


@dataclass
class ScriptedUndo:
    """Shows a snapshot until it is stopped or told to end, then gives its report."""

    shown: Snapshot
    report: UndoReport

    def __post_init__(self) -> None:
        self.over = Flag()

    def run(self, on_event: Callable[[Event], None]) -> UndoReport:
        assert self.over.wait(60)
        return self.report

    def snapshot(self) -> Snapshot:
        return self.shown

    def pause(self) -> None:
        self.shown = replace(self.shown, mood=Mood.PAUSED)

    def resume(self) -> None:
        self.shown = replace(self.shown, mood=Mood.RUNNING)

    def stop(self) -> None:
        self.report = replace(self.report, grade=Grade.INTERRUPTED, kept=())
        self.over.set()

    def answer(self, secret: Secret | None) -> None:
        self.shown = replace(self.shown, owner_needed=None, mood=Mood.RUNNING)


def undo_asked(window: Window) -> None:
    window.undo.services = replace(window.undo.services, preview_undo=lambda run: PREVIEW)
    window.home.take_back.emit(RUN)
    Task.wait_for_all(PATIENCE_MS)
    QApplication.processEvents()


def undo_faults(window: Window) -> None:
    undo_asked(window)
    window.undo.question.number.setText("12")
    window.main_button.click()


def undo_running(window: Window, **values: object) -> ScriptedUndo:
    """An undo under way that shows this snapshot."""
    undo_asked(window)
    shown = snapshot(phase=Phase.REMOVING, folders=FOLDERS)
    undo = ScriptedUndo(replace(shown, **values), REPORT)  # type: ignore[arg-type]
    page = window.undo
    page.services = replace(page.services, start_undo=lambda run, secret: undo)
    page.question.password.edit.setText("secret")
    page.question.number.setText("4116")
    window.main_button.click()
    return undo


def undo_password(window: Window) -> None:
    refused = Problem(ProblemId.SIGN_IN_REFUSED, Place.DESTINATION, "NO", "imap.exemple.com")
    undo_running(window, mood=Mood.PAUSED, owner_needed=refused)


def undo_notes(window: Window) -> None:
    undo_asked(window)
    window.undo.show_report(REPORT)


def undo_interrupted(window: Window) -> None:
    undo_asked(window)
    stopped = replace(LOST, subject="")
    report = replace(REPORT, grade=Grade.INTERRUPTED, kept=(), stopped_by=stopped)
    window.undo.show_report(report)


UNDO_SCENES = {
    "undo-faults": undo_faults,
    "undo-running": undo_running,
    "undo-password": undo_password,
    "undo-notes": undo_notes,
    "undo-interrupted": undo_interrupted,
}
