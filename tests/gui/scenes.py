"""Every page in every state worth looking at, reached from a fresh window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

from omm_desktop.model.account import Security, Server
from omm_desktop.model.items import Folder, FolderRole, Holds, ItemKind, ItemLabel
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.progress import FolderProgress, FolderState, Mood, Phase, TooBig, TooBigItem
from omm_desktop.model.report import Fate, Grade, Note, SettingResult
from omm_desktop.model.settings import SettingKind
from omm_desktop.ui.window import Window
from omm_desktop.wizard.carrying import CONTENTS
from omm_desktop.wizard.draft import FolderChoice
from omm_desktop.wizard.flow import PageId
from tests.unit.reports import failed_item, folder, report

from .finding_scenes import (
    destination_found,
    destination_untold,
    source_consent,
    source_exchange,
    source_found,
    source_looking,
    source_nothing_found,
)
from .mailboxes import (
    BY_POP,
    BY_POP_OR_IMAP,
    EXCHANGE_READY,
    FOUND,
    GMAIL,
    NEW,
    NEW_EXCHANGE,
    OLD,
    OLD_BY_POP,
    OLD_EXCHANGE,
    ON_EXCHANGE,
    ONLINE,
    PASSWORD,
    ROOMY,
    STRICT,
    TIGHT,
    checked,
    open_page,
)
from .scripted import FOLDERS, ScriptedCopy, snapshot

Scene = Callable[[Window], None]


def source_empty(window: Window) -> None:
    pass


def source_filled(window: Window) -> None:
    checked(window.draft.source, OLD, FOUND)
    window.draft.source.settings_open = True
    window.review.change_wanted.emit(PageId.SOURCE)


def source_pop(window: Window) -> None:
    checked(window.draft.source, OLD_BY_POP, BY_POP)
    window.draft.source.check = None
    window.draft.source.settings_open = True
    window.review.change_wanted.emit(PageId.SOURCE)


def source_pop_or_imap(window: Window) -> None:
    checked(window.draft.source, OLD_BY_POP, BY_POP_OR_IMAP)
    window.review.change_wanted.emit(PageId.SOURCE)


def options_pop(window: Window) -> None:
    open_page(window, PageId.SOURCE)
    checked(window.draft.source, OLD_BY_POP, BY_POP)
    window.review.change_wanted.emit(PageId.OPTIONS)


def review_pop(window: Window) -> None:
    options_pop(window)
    window.review.change_wanted.emit(PageId.REVIEW)


def source_other_mailbox(window: Window) -> None:
    """Exchange, with the settings open."""
    account = replace(OLD_EXCHANGE, mailbox="accueil@exemple.fr", address="accueil@exemple.fr")
    checked(window.draft.source, account, ON_EXCHANGE)
    window.draft.source.check = None
    window.draft.source.settings_open = True
    window.review.change_wanted.emit(PageId.SOURCE)


def source_online(window: Window) -> None:
    checked(window.draft.source, ONLINE, FOUND)
    window.draft.source.check = None
    window.review.change_wanted.emit(PageId.SOURCE)
    closed = Problem(ProblemId.SERVICE_RETIRED, Place.SOURCE, "", "outlook.office365.com")
    window.source.problem_found.emit(closed)


def source_mailbox_closed(window: Window) -> None:
    """The rights to the mailbox of another person are missing."""
    source_other_mailbox(window)
    window.draft.source.settings_open = False
    window.review.change_wanted.emit(PageId.SOURCE)
    closed = Problem(
        ProblemId.MAILBOX_NOT_OPENED, Place.SOURCE, "ErrorAccessDenied", "accueil@exemple.fr"
    )
    window.source.problem_found.emit(closed)


def destination_exchange_unknown(window: Window) -> None:
    """Autodiscovery finds nothing."""
    checked(window.draft.source, OLD_EXCHANGE, ON_EXCHANGE)
    unplaced = replace(NEW_EXCHANGE, mailbox="")
    window.draft.destination.prefill(unplaced, PASSWORD)
    window.draft.destination.host = ""
    window.draft.destination.settings_open = True
    window.review.change_wanted.emit(PageId.DESTINATION)
    missing = Problem(ProblemId.EXCHANGE_NOT_FOUND, Place.DESTINATION, "", "exemple.com")
    window.destination.problem_found.emit(missing)


def open_between_exchanges(window: Window, page: PageId) -> None:
    checked(window.draft.source, OLD_EXCHANGE, ON_EXCHANGE)
    checked(window.draft.destination, NEW_EXCHANGE, EXCHANGE_READY)
    window.review.change_wanted.emit(page)


def destination_exchange(window: Window) -> None:
    open_between_exchanges(window, PageId.DESTINATION)


def options_exchange(window: Window) -> None:
    window.draft.options.update = True
    window.draft.options.folders = FolderChoice.CHOSEN
    window.draft.options.since = date(2024, 3, 1)
    open_between_exchanges(window, PageId.OPTIONS)


def options_exchange_to_imap(window: Window) -> None:
    checked(window.draft.source, OLD_EXCHANGE, ON_EXCHANGE)
    checked(window.draft.destination, NEW, ROOMY)
    window.review.change_wanted.emit(PageId.OPTIONS)


def options_nothing(window: Window) -> None:
    window.draft.options.unticked = frozenset(CONTENTS)
    open_between_exchanges(window, PageId.OPTIONS)
    window.main_button.click()


def review_exchange(window: Window) -> None:
    window.draft.options.update = window.draft.options.trial = True
    window.draft.options.since = date(2024, 3, 1)
    open_between_exchanges(window, PageId.REVIEW)


def review_exchange_to_imap(window: Window) -> None:
    options_exchange_to_imap(window)
    window.review.change_wanted.emit(PageId.REVIEW)


def source_gmail(window: Window) -> None:
    form = window.source.form
    form.address.setText("claire.moreau@gmail.com")
    form.address.textEdited.emit("claire.moreau@gmail.com")


def source_faults(window: Window) -> None:
    window.source.form.address.setText("claire")
    window.source.form.address.textEdited.emit("claire")
    window.main_button.click()


def source_problem(window: Window) -> None:
    source_gmail(window)
    refused = Problem(
        ProblemId.SIGN_IN_REFUSED, Place.SOURCE, "NO [AUTHENTICATIONFAILED]", "imap.gmail.com"
    )
    window.source.problem_found.emit(refused)
    window.panel.details_button.setChecked(True)


def destination(window: Window) -> None:
    window.review.change_wanted.emit(PageId.DESTINATION)


def destination_checked(window: Window) -> None:
    open_page(window, PageId.DESTINATION)


def options(window: Window) -> None:
    open_page(window, PageId.OPTIONS)


def options_chosen(window: Window) -> None:
    window.draft.options.folders = FolderChoice.CHOSEN
    window.draft.options.chosen = frozenset({"INBOX", "Clients/Hiver"})
    window.draft.options.since = date(2024, 3, 1)
    open_page(window, PageId.OPTIONS)
    window.options.more.click()


def review(window: Window) -> None:
    window.draft.options.since = date(2024, 3, 1)
    window.draft.options.trial = True
    open_page(window, PageId.REVIEW)


def review_names(window: Window) -> None:
    """Folders that join, change their name or stay behind, and what the new mailbox cannot hold."""
    more = (
        Folder(("Sent Items",), "Sent Items", FolderRole.SENT, 12, 400_000),
        Folder(("Équipe",), "Équipe", None, 12, 400_000, personal=False),
        Folder(("Tous les messages",), "All", FolderRole.ALL, 4000, 2_000, holds=Holds.VIEW),
    )
    checked(window.draft.source, OLD, replace(FOUND, folders=(*FOUND.folders, *more)))
    checked(window.draft.destination, NEW, STRICT)
    window.review.change_wanted.emit(PageId.REVIEW)
    window.review.name_list.fold.click()


def review_full(window: Window) -> None:
    open_page(window, PageId.OPTIONS)
    checked(window.draft.destination, NEW, TIGHT)
    window.review.change_wanted.emit(PageId.REVIEW)


def gmail_checked(window: Window) -> None:
    open_page(window, PageId.OPTIONS)
    account = replace(OLD, server=Server("imap.gmail.com", 993, Security.TLS))
    checked(window.draft.source, account, GMAIL)


def options_gmail(window: Window) -> None:
    gmail_checked(window)
    window.review.change_wanted.emit(PageId.OPTIONS)
    window.options.load()
    window.options.more.click()
    window.options.each_label.setFocus()


def review_gmail(window: Window) -> None:
    gmail_checked(window)
    window.review.change_wanted.emit(PageId.REVIEW)


def copy_showing(window: Window, **values: object) -> ScriptedCopy:
    """A copy under way that shows this snapshot."""
    copy = ScriptedCopy(report(), snapshot(**values))  # type: ignore[arg-type]
    window.services = replace(window.services, start=copy.open)
    open_page(window, PageId.REVIEW)
    window.main_button.click()
    return copy


def progress_counting(window: Window) -> None:
    copy_showing(window, phase=Phase.COUNTING, items_total=1250, folders=(), failed=0)


def progress_counting_exchange(window: Window) -> None:
    copy_showing(window, phase=Phase.COUNTING, folders=(*FOLDERS, *PEOPLE_AND_DAYS), failed=0)


def progress_settings(window: Window) -> None:
    copy_showing(window, phase=Phase.SETTINGS, items_done=8300, bytes_done=4_200_000_000)


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
        failed=3,
    )
    window.progress.answer.list.fold.click()


def progress_full(window: Window) -> None:
    full = Problem(ProblemId.MAILBOX_FULL, Place.DESTINATION)
    copy_showing(window, mood=Mood.PAUSED, owner_needed=full)


def result_of(grade: Grade, **values: object) -> Scene:
    def scene(window: Window) -> None:
        open_page(window, PageId.REVIEW)
        window.result.show_report(report(grade, **values))  # type: ignore[arg-type]
        window.review.change_wanted.emit(PageId.RESULT)

    return scene


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


SCENES: dict[str, Scene] = {
    "source-empty": source_empty,
    "source-filled": source_filled,
    "source-gmail": source_gmail,
    "source-looking": source_looking,
    "source-found": source_found,
    "source-consent": source_consent,
    "source-nothing-found": source_nothing_found,
    "source-exchange": source_exchange,
    "source-pop": source_pop,
    "source-pop-or-imap": source_pop_or_imap,
    "source-other-mailbox": source_other_mailbox,
    "source-online": source_online,
    "source-mailbox-closed": source_mailbox_closed,
    "source-faults": source_faults,
    "source-problem": source_problem,
    "destination": destination,
    "destination-found": destination_found,
    "destination-untold": destination_untold,
    "destination-checked": destination_checked,
    "destination-exchange": destination_exchange,
    "destination-exchange-unknown": destination_exchange_unknown,
    "options": options,
    "options-exchange": options_exchange,
    "options-exchange-to-imap": options_exchange_to_imap,
    "options-nothing": options_nothing,
    "options-chosen": options_chosen,
    "options-gmail": options_gmail,
    "options-pop": options_pop,
    "review": review,
    "review-exchange": review_exchange,
    "review-exchange-to-imap": review_exchange_to_imap,
    "review-gmail": review_gmail,
    "review-names": review_names,
    "review-full": review_full,
    "review-pop": review_pop,
    "progress-counting": progress_counting,
    "progress-counting-exchange": progress_counting_exchange,
    "progress-settings": progress_settings,
    "progress-copying": progress_copying,
    "progress-exchange": progress_exchange,
    "progress-waiting": progress_waiting,
    "progress-paused": progress_paused,
    "progress-password": progress_password,
    "progress-full": progress_full,
    "progress-too-big": progress_too_big,
    "result-exchange": result_exchange,
    "result-losses": result_losses,
    "result-own-domain": result_own_domain,
    "result-complete": result_of(Grade.COMPLETE, failed=()),
    "result-notes": result_of(Grade.COMPLETE_WITH_NOTES, failed=()),
    "result-incomplete": result_of(Grade.INCOMPLETE, failed=FAILURES),
    "result-undecided": undecided,
    "result-settings": result_settings,
    "result-interrupted": result_of(Grade.INTERRUPTED, failed=(), stopped_by=LOST),
    "result-not-started": result_of(Grade.NOT_STARTED, failed=(), stopped_by=LOST),
}
