"""Every page in every state worth looking at, reached from a fresh window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

from PySide6.QtWidgets import QApplication

from omm_desktop.guide.discovery.candidate import Candidate, Findings, Origin
from omm_desktop.model.account import Access, Account, EndpointKind, Security, Server
from omm_desktop.model.items import Folder, FolderRole, Holds, ItemKind
from omm_desktop.model.ports import Space
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.progress import FolderProgress, FolderState, Mood, Phase, TooBig, TooBigItem
from omm_desktop.model.report import Fate, Grade, SettingResult
from omm_desktop.model.secret import Secret
from omm_desktop.model.settings import SettingKind
from omm_desktop.ui.pages.account_page import AccountPage
from omm_desktop.ui.task import Task
from omm_desktop.ui.window import Window
from omm_desktop.wizard.carrying import CONTENTS
from omm_desktop.wizard.draft import AccountCheck, AccountDraft, FolderChoice
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.probe_result import ProbeResult
from tests.unit.reports import failed_item, folder, report

from .scripted import FOLDERS, ScriptedCopy, ScriptedSearch, snapshot

Scene = Callable[[Window], None]

PASSWORD = Secret("mot de passe")
OLD = Account(
    EndpointKind.IMAP,
    "claire.moreau@exemple.fr",
    Server("imap.exemple.fr", 993, Security.TLS),
    "claire.moreau@exemple.fr",
)
NEW = replace(
    OLD,
    login="claire.moreau@exemple.com",
    address="claire.moreau@exemple.com",
    server=Server("imap.exemple.com", 993, Security.TLS),
)
OLD_BY_POP = replace(
    OLD, kind=EndpointKind.POP3, server=Server("pop.exemple.fr", 995, Security.TLS)
)
FOUND = ProbeResult(
    (
        Folder(("INBOX",), "INBOX", FolderRole.INBOX, 2910, 1_500_000_000),
        Folder(("Envoyés",), "Envoyés", FolderRole.SENT, 1120, 800_000_000),
        Folder(("Corbeille",), "Corbeille", FolderRole.TRASH, 210, 30_000_000),
        Folder(("Clients",), "Clients", None, 88, 9_000_000),
        Folder(("Clients", "Été 2024"), "Clients/Été 2024", None, 12, 400_000),
        Folder(("Clients", "Hiver"), "Clients/Hiver", None, 0, 0),
    )
)
ROOMY = ProbeResult(
    (Folder(("INBOX",), "INBOX", FolderRole.INBOX, 120, 9_000_000),),
    Space(used_bytes=9_000_000, limit_bytes=50_000_000_000),
)
GMAIL = ProbeResult(
    (
        Folder(("INBOX",), "INBOX", FolderRole.INBOX, 31_400, holds=Holds.LABEL),
        Folder(("Clients",), "Clients", None, 88_000, holds=Holds.LABEL),
        Folder(("[Gmail]", "Tous"), "a", FolderRole.ALL, holds=Holds.REST, shows=92_300),
    )
)
BY_POP = ProbeResult(FOUND.folders[:1])
BY_POP_OR_IMAP = replace(BY_POP, imap=Server("imap.exemple.fr", 993, Security.TLS))
STRICT = replace(
    ROOMY,
    folders=(*ROOMY.folders, Folder(("Éléments envoyés",), "Sent", FolderRole.SENT, 4, 90_000)),
    largest_item=25_000_000,
    keeps_keywords=False,
    acceptable=lambda path: tuple(part.replace(" ", "-") for part in path),
)
EXCHANGE_URL = "https://ex.exemple.fr/EWS/Exchange.asmx"
OLD_EXCHANGE = replace(
    OLD,
    kind=EndpointKind.EWS,
    server=Server("ex.exemple.fr", 443, Security.TLS),
    url=EXCHANGE_URL,
)
NEW_EXCHANGE = replace(
    OLD_EXCHANGE,
    login="administration@exemple.com",
    address="claire.moreau@exemple.com",
    server=Server("ex.exemple.com", 443, Security.TLS),
    url="https://ex.exemple.com/EWS/Exchange.asmx",
    mailbox="claire.moreau@exemple.com",
    access=Access.IMPERSONATION,
)
ONLINE = replace(
    OLD_EXCHANGE,
    server=Server("outlook.office365.com", 443, Security.TLS),
    url="https://outlook.office365.com/ews/exchange.asmx",
)
ON_EXCHANGE = ProbeResult(
    (
        *FOUND.folders,
        Folder(("Contacts",), "c", FolderRole.CONTACTS, 120, 900_000, kind=ItemKind.CONTACTS),
        Folder(("Contacts", "Clients"), "d", None, 31, 90_000, kind=ItemKind.CONTACTS),
        Folder(("Calendrier",), "e", FolderRole.CALENDAR, 1340, 4_000_000, kind=ItemKind.EVENTS),
        Folder(("Tâches",), "f", FolderRole.TASKS, 0, 0, kind=ItemKind.TASKS),
    )
)
EXCHANGE_READY = replace(
    ROOMY,
    folders=(
        *ROOMY.folders,
        Folder(("Contacts",), "c", FolderRole.CONTACTS, 12, 90_000, kind=ItemKind.CONTACTS),
        Folder(("Calendrier",), "e", FolderRole.CALENDAR, 1, 4_000, kind=ItemKind.EVENTS),
    ),
    kinds=frozenset(ItemKind),
)
TIGHT = replace(ROOMY, space=Space(used_bytes=9_000_000, limit_bytes=500_000_000))


def checked(account: AccountDraft, as_: Account, result: ProbeResult) -> None:
    account.prefill(as_, PASSWORD)
    account.check = AccountCheck(account.account(), account.password, result)


def open_page(window: Window, page: PageId) -> None:
    """As pressing the main button would, with both mailboxes checked."""
    checked(window.draft.source, OLD, FOUND)
    checked(window.draft.destination, NEW, ROOMY)
    window.review.change_wanted.emit(page)


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


def source_looking(window: Window) -> None:
    look_for(window.source, None)


def source_found(window: Window) -> None:
    server = Server("imap.exemple.fr", 993, Security.TLS)
    search_found(window.source, Candidate(Origin.AUTOCONFIG, imap=(server,)))


def source_consent(window: Window) -> None:
    server = Server("imap.hebergeur.net", 993, Security.TLS)
    search_found(
        window.source, Candidate(Origin.SRV, imap=(server,), foreign_host="imap.hebergeur.net")
    )


def source_nothing_found(window: Window) -> None:
    search_found(window.source, problem=Problem(ProblemId.NAME_SERVERS_SILENT, Place.COMPUTER))


def source_exchange(window: Window) -> None:
    search_found(window.source, Candidate(Origin.AUTODISCOVER, exchange="https://exemple.fr/"))


def destination_found(window: Window) -> None:
    destination(window)
    services = window.services.providers
    search_found(
        window.destination,
        Candidate.of_service(Origin.KNOWN_MX, services.by_id("ovh-emailpro"), "3"),
    )


def destination_untold(window: Window) -> None:
    destination(window)
    search_found(window.destination)


def search_found(page: AccountPage, *candidates: Candidate, problem: Problem | None = None) -> None:
    """A search for the settings of an address that ended so."""
    look_for(page, Findings(candidates, {Origin.KNOWN_MX: problem} if problem else {}))
    Task.wait_for_all(10_000)
    QApplication.processEvents()


def look_for(page: AccountPage, findings: Findings | None) -> None:
    """An address is typed and left; None is a search that goes on."""
    form, address = page.form, "claire.moreau@exemple.fr"
    form.finder._services = replace(
        page.services, search=lambda address, place, exchange_only: ScriptedSearch(findings)
    )
    form.address.setText(address)
    form.address.textEdited.emit(address)
    form.address.editingFinished.emit()


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
    "source-faults": source_faults,
    "source-problem": source_problem,
    "destination": destination,
    "destination-found": destination_found,
    "destination-untold": destination_untold,
    "destination-checked": destination_checked,
    "destination-exchange": destination_exchange,
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
    "progress-settings": progress_settings,
    "progress-copying": progress_copying,
    "progress-exchange": progress_exchange,
    "progress-waiting": progress_waiting,
    "progress-paused": progress_paused,
    "progress-password": progress_password,
    "progress-full": progress_full,
    "progress-too-big": progress_too_big,
    "result-exchange": result_exchange,
    "result-own-domain": result_own_domain,
    "result-complete": result_of(Grade.COMPLETE, failed=()),
    "result-notes": result_of(Grade.COMPLETE_WITH_NOTES, failed=()),
    "result-incomplete": result_of(Grade.INCOMPLETE, failed=FAILURES),
    "result-undecided": undecided,
    "result-settings": result_settings,
    "result-interrupted": result_of(Grade.INTERRUPTED, failed=(), stopped_by=LOST),
    "result-not-started": result_of(Grade.NOT_STARTED, failed=(), stopped_by=LOST),
}
