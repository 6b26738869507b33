"""Pages while a copy runs, and when it ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from omm_desktop.model.account import Security, Server
from omm_desktop.model.items import ItemKind, ItemLabel
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.progress import (
    FolderProgress,
    FolderState,
    Mood,
    Phase,
    Reading,
    TooBig,
    TooBigItem,
)
from omm_desktop.model.report import Fate, Grade, Note, SettingResult
from omm_desktop.model.settings import SettingKind
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId
from tests.unit.reports import failed_item, folder, report

from .mailboxes import (
    NEW,
    ROOMY,
    checked,
    open_page,
)
from .scripted import FOLDERS, ScriptedCopy, snapshot


def copy_showing(window: Window, **values: object) -> ScriptedCopy:
    """A copy under way that shows this snapshot."""
    copy = ScriptedCopy(report(), snapshot(**values))  # type: ignore[arg-type]
    window.services = replace(window.services, start=copy.open)
    open_page(window, PageId.REVIEW)
    window.main_button.click()
    return copy


def progress_counting(window: Window) -> None:
    copy_showing(window, phase=Phase.COUNTING, items_total=1250, folders=(), failed=0)


def progress_reading_a_file(window: Window) -> None:
    reading = Reading("Archives 2023.pst", 800_000_000, 2_100_000_000)
    copy_showing(window, phase=Phase.COUNTING, folders=(), failed=0, reading=reading)


def progress_scheduled(window: Window) -> None:
    copy_showing(
        window, phase=Phase.SCHEDULED, items_total=0, folders=(), failed=0,
        starts_at=1_773_321_600.0,
    )  # fmt: skip


def progress_counting_exchange(window: Window) -> None:
    """Nothing is copied before all is counted."""
    folders = tuple(map(pending, (*FOLDERS, *PEOPLE_AND_DAYS)))
    copy_showing(window, phase=Phase.COUNTING, folders=folders, failed=0)


def pending(folder: FolderProgress) -> FolderProgress:
    return replace(folder, state=FolderState.PENDING, copied=0, present=0, failed=0)


def progress_settings(window: Window) -> None:
    """Rules come last, when every folder has ended."""
    copy_showing(
        window, phase=Phase.SETTINGS, items_done=8300, bytes_done=4_200_000_000, copied=8283,
        remaining=None, folders=tuple(map(ended, FOLDERS)),
    )  # fmt: skip


def ended(folder: FolderProgress) -> FolderProgress:
    if folder.state is FolderState.FAILED:
        return folder
    copied = folder.total - folder.present - folder.failed
    return replace(folder, state=FolderState.DONE, copied=copied)


def progress_copying(window: Window) -> None:
    copy_showing(window)


PEOPLE_AND_DAYS = (
    FolderProgress(
        "Contacts", "Contacts", "contacts", FolderState.COPYING, 151, 40, 2, 0,
        kind=ItemKind.CONTACTS,
    ),
    FolderProgress(
        "Calendrier", "Calendar", "calendar", FolderState.PENDING, 1340, 0, 0, 0,
        kind=ItemKind.EVENTS,
    ),
)  # fmt: skip


def progress_exchange(window: Window) -> None:
    copy_showing(window, folders=(*FOLDERS, *PEOPLE_AND_DAYS))


def progress_waiting(window: Window) -> None:
    slow = Problem(ProblemId.ASKED_TO_SLOW_DOWN, Place.DESTINATION)
    copy_showing(window, mood=Mood.WAITING, waiting_for=slow, waiting_until=1_773_321_600.0)


def progress_paused(window: Window) -> None:
    copy_showing(window, mood=Mood.PAUSED)


def progress_password(window: Window) -> None:
    refused = Problem(ProblemId.SIGN_IN_REFUSED, Place.SOURCE, "NO", "imap.exemple.fr")
    copy_showing(window, mood=Mood.PAUSED, owner_needed=refused)


TOO_BIG = TooBig(
    25_000_000,
    3,
    (
        TooBigItem("Clients/Été", 74_000_000, datetime(2019, 7, 14, tzinfo=UTC)),
        TooBigItem("INBOX", 31_000_000, datetime(2023, 1, 2, tzinfo=UTC)),
        TooBigItem("INBOX", 26_000_000, None),
    ),
)


def progress_too_big(window: Window) -> None:
    copy_showing(
        window,
        phase=Phase.COUNTING,
        mood=Mood.PAUSED,
        owner_needed=Problem(ProblemId.ITEMS_TOO_BIG, Place.DESTINATION),
        too_big=TOO_BIG,
        folders=tuple(map(pending, FOLDERS)),
        failed=3,
    )
    window.progress.answer.list.fold.click()


def progress_full(window: Window) -> None:
    full = Problem(ProblemId.MAILBOX_FULL, Place.DESTINATION)
    copy_showing(window, mood=Mood.PAUSED, owner_needed=full)


def result_of(grade: Grade, **values: object) -> Callable[[Window], None]:
    def scene(window: Window) -> None:
        open_page(window, PageId.REVIEW)
        window.result.show_report(report(grade, **values))  # type: ignore[arg-type]
        window.review.change_wanted.emit(PageId.RESULT)

    return scene


def result_not_started(window: Window) -> None:
    """Nothing was counted, so nothing is told of folders."""
    open_page(window, PageId.REVIEW)
    refused = report(Grade.NOT_STARTED, failed=(), stopped_by=LOST)
    window.result.show_report(replace(refused, folders=(), notes=(), seconds=31.0))
    window.review.change_wanted.emit(PageId.RESULT)


def result_exchange(window: Window) -> None:
    """Contacts and events beside mail, some of them edited since an earlier copy."""
    open_page(window, PageId.REVIEW)
    told = report(Grade.COMPLETE_WITH_NOTES, failed=())
    people = replace(
        folder("Contacts", copied=120, present=31), kind=ItemKind.CONTACTS, edited=1, updated=1
    )
    days = replace(folder("Calendrier", copied=1340), kind=ItemKind.EVENTS)
    edited = failed_item("Réunion de rentrée", ProblemId.ITEM_EDITED)
    window.result.show_report(
        replace(
            told,
            folders=(*told.folders, people, days),
            edited=(replace(edited, folder="Calendrier", size=None),),
        )
    )
    window.review.change_wanted.emit(PageId.RESULT)


def result_cut(window: Window) -> None:
    """More failed than the report names, and more remarks."""
    cut = replace(report(Grade.INCOMPLETE), unlisted=2_345, unlisted_notes=12_000)
    archives = replace(cut.folders[1], listed=2_347, failed=2_346)
    window.result.show_report(replace(cut, folders=(cut.folders[0], archives)))
    window.review.change_wanted.emit(PageId.RESULT)


def result_losses(window: Window) -> None:
    """What Exchange has no place for, of contacts and events."""
    told = (
        (ProblemId.FIELD_IN_NOTES, "EMAIL: zoe@association.exemple [three-addresses]"),
        (ProblemId.FIELD_IN_NOTES, "TEL (cell, work): 06 12 34 56 78 [number-kind]"),
        (ProblemId.FIELD_NOT_KEPT, "EMAIL (work): z.noel@exemple.fr [address-kind]"),
    )
    label = ItemLabel("", "", "Zoé Noël")
    notes = [
        Note("Contacts", Problem(id, Place.DESTINATION, said, said.split(":")[0]), label)
        for id, said in told
    ]
    rule = Problem(
        ProblemId.FIELD_NOT_KEPT,
        Place.DESTINATION,
        "RRULE: FREQ=MONTHLY;BYMONTHDAY=1,15 [recurrence-parts]",
        "RRULE",
    )
    notes.append(Note("Calendrier", rule, ItemLabel("2024-03-01", "", "Loyer")))
    open_page(window, PageId.REVIEW)
    told_of = report(Grade.COMPLETE_WITH_NOTES, failed=())
    people = replace(folder("Contacts", copied=120), kind=ItemKind.CONTACTS)
    days = replace(folder("Calendrier", copied=1340), kind=ItemKind.EVENTS)
    window.result.show_report(
        replace(told_of, folders=(*told_of.folders, people, days), notes=tuple(notes))
    )
    window.review.change_wanted.emit(PageId.RESULT)


OURS = replace(
    NEW,
    login="claire@chez-claire.fr",
    address="claire@chez-claire.fr",
    server=Server("imap.mail.ovh.net", 993, Security.TLS),
)


def result_own_domain(window: Window) -> None:
    """With everything there is to do next."""
    checked(window.draft.destination, OURS, ROOMY)
    window.result.show_report(replace(report(Grade.COMPLETE, failed=()), notes=()))
    window.review.change_wanted.emit(PageId.RESULT)


def result_settings(window: Window) -> None:
    """Rules and a reply of which each came to something else."""
    off = Problem(ProblemId.RULE_SWITCHED_OFF, Place.DESTINATION)
    gone = Problem(ProblemId.RULE_FOLDER_MISSING, Place.DESTINATION, "", "Clients/2019")
    reply = Problem(ProblemId.REPLY_SWITCHED_OFF, Place.DESTINATION, "on")
    settings = (
        SettingResult(SettingKind.OUT_OF_OFFICE, "", Fate.SWITCHED_OFF, reply),
        SettingResult(SettingKind.RULES, "Absences → assistante", Fate.SWITCHED_OFF, off),
        SettingResult(SettingKind.RULES, "Clients", Fate.MISSING, gone),
    )
    ended = replace(report(Grade.INCOMPLETE, failed=()), notes=(), settings=settings)
    window.result.show_report(ended)
    window.review.change_wanted.emit(PageId.RESULT)


LOST = Problem(ProblemId.CONNECTION_LOST, Place.DESTINATION, "timed out", "imap.exemple.com")
FAILURES = (
    failed_item("Vacances à la mer"),
    failed_item("Le devis que vous aviez demandé", ProblemId.ITEM_REFUSED),
    failed_item("Photographies de la fête des voisins, suite", ProblemId.ITEM_REFUSED),
)


class OpenDoubts:
    """Two messages that the person may decide about."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def open(self, run: int) -> int:
        return 0 if self.asked else 2

    def accepted(self, run: int) -> int:
        return 2 if self.asked == ["accept"] else 0

    def accept(self, run: int) -> None:
        self.asked.append("accept")

    def send_again(self, run: int) -> None:
        self.asked.append("send again")


def result_undecided(window: Window) -> OpenDoubts:
    doubts = OpenDoubts()
    window.result.services = replace(window.services, doubts=doubts)
    failed = tuple(failed_item(subject, ProblemId.ITEM_UNSURE) for subject in ("Devis", "Photos"))
    result_of(Grade.INCOMPLETE, failed=failed)(window)
    return doubts


def undecided(window: Window) -> None:
    result_undecided(window)
