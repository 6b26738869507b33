"""Every page in every state worth looking at, reached from a fresh window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

from PySide6.QtCore import QEventLoop

from omm_desktop.model.account import Security, Server
from omm_desktop.model.items import Folder, FolderRole, Holds
from omm_desktop.model.problem import OwnerNeeded, Place, Problem, ProblemId
from omm_desktop.model.report import Grade
from omm_desktop.ui.window import Window
from omm_desktop.wizard.carrying import CONTENTS
from omm_desktop.wizard.draft import FolderChoice
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.notice_draft import NoticeDraft

from .copy_scenes import (
    FAILURES,
    LOST,
    progress_copying,
    progress_counting,
    progress_counting_exchange,
    progress_exchange,
    progress_full,
    progress_password,
    progress_paused,
    progress_reading_a_file,
    progress_scheduled,
    progress_settings,
    progress_too_big,
    progress_waiting,
    result_cut,
    result_exchange,
    result_losses,
    result_not_started,
    result_of,
    result_own_domain,
    result_settings,
    undecided,
)
from .file_scenes import FILE_SCENES
from .finding_scenes import (
    destination_found,
    destination_private_exchange,
    destination_untold,
    source_consent,
    source_exchange,
    source_found,
    source_hosted_exchange,
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
from .undo_scenes import UNDO_SCENES

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
    form.address.typed.emit("claire.moreau@gmail.com")


def source_faults(window: Window) -> None:
    window.source.form.address.setText("claire")
    window.source.form.address.typed.emit("claire")
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


def options_told(window: Window) -> None:
    """Later, and told by mail through a server that does not take the trial."""
    options, refused = window.draft.options, Problem(ProblemId.SIGN_IN_REFUSED, Place.DESTINATION)

    def send(_notices: object, _secret: object) -> None:
        raise OwnerNeeded(refused)

    options.start_at = datetime(2031, 3, 12, 22, 0, tzinfo=UTC)
    options.notice = NoticeDraft("claire@ailleurs.exemple", "smtp.exemple.com")
    window.options.mail_notice._send = send
    open_page(window, PageId.OPTIONS)
    notice = window.options.mail_notice
    loop = QEventLoop()
    notice.told.connect(lambda _text: loop.quit())
    notice.try_it()
    loop.exec()
    window.options.ensureWidgetVisible(notice.outcome)


def review_told(window: Window) -> None:
    options = window.draft.options
    options.start_at = datetime(2031, 3, 12, 22, 0, tzinfo=UTC)
    options.notice = NoticeDraft("claire@ailleurs.exemple", "smtp.exemple.com")
    open_page(window, PageId.REVIEW)


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


SCENES: dict[str, Scene] = {
    **FILE_SCENES,
    **UNDO_SCENES,
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
    "source-hosted-exchange": source_hosted_exchange,
    "source-online": source_online,
    "source-mailbox-closed": source_mailbox_closed,
    "source-faults": source_faults,
    "source-problem": source_problem,
    "destination": destination,
    "destination-found": destination_found,
    "destination-private-exchange": destination_private_exchange,
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
    "options-told": options_told,
    "review-told": review_told,
    "options-pop": options_pop,
    "review": review,
    "review-exchange": review_exchange,
    "review-exchange-to-imap": review_exchange_to_imap,
    "review-gmail": review_gmail,
    "review-names": review_names,
    "review-full": review_full,
    "review-pop": review_pop,
    "progress-counting": progress_counting,
    "progress-reading-a-file": progress_reading_a_file,
    "progress-counting-exchange": progress_counting_exchange,
    "progress-scheduled": progress_scheduled,
    "progress-settings": progress_settings,
    "progress-copying": progress_copying,
    "progress-exchange": progress_exchange,
    "progress-waiting": progress_waiting,
    "progress-paused": progress_paused,
    "progress-password": progress_password,
    "progress-full": progress_full,
    "progress-too-big": progress_too_big,
    "result-cut": result_cut,
    "result-exchange": result_exchange,
    "result-losses": result_losses,
    "result-own-domain": result_own_domain,
    "result-complete": result_of(Grade.COMPLETE, failed=()),
    "result-notes": result_of(Grade.COMPLETE_WITH_NOTES, failed=()),
    "result-incomplete": result_of(Grade.INCOMPLETE, failed=FAILURES),
    "result-undecided": undecided,
    "result-settings": result_settings,
    "result-interrupted": result_of(Grade.INTERRUPTED, failed=(), stopped_by=LOST),
    "result-not-started": result_not_started,
}
