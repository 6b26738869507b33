"""Pages of copies that read files, or save in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from omm_desktop.endpoints.files.recognise import FileKind
from omm_desktop.endpoints.files.survey import Survey
from omm_desktop.model.account import Account, EndpointKind, MailFormat, on_disk
from omm_desktop.model.items import Folder, FolderRole, ItemKind
from omm_desktop.model.ports import Space
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.progress import Reading
from omm_desktop.model.report import Grade
from omm_desktop.ui.window import Window
from omm_desktop.wizard.chosen_file import ChosenFile
from omm_desktop.wizard.draft import FolderChoice
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.probe_result import ProbeResult
from tests.unit.reports import report

from .mailboxes import EXCHANGE_READY, FOUND, NEW, NEW_EXCHANGE, OLD, ROOMY, checked
from .scripted import PatientLook

DOCUMENTS = Path("/media/claire/Documents")
IN_OUTLOOK = ProbeResult(
    (
        Folder(("Boîte de réception",), "i", FolderRole.INBOX, 7400, 1_900_000_000),
        Folder(("Clients",), "c", None, 900, 200_000_000),
        Folder(("Contacts",), "p", FolderRole.CONTACTS, 120, 90_000, kind=ItemKind.CONTACTS),
        Folder(("Calendrier",), "e", FolderRole.CALENDAR, 1340, 900_000, kind=ItemKind.EVENTS),
    )
)
DAYS = ProbeResult(
    (Folder(("Agenda",), "e", FolderRole.CALENDAR, 310, 200_000, kind=ItemKind.EVENTS),)
)
PEOPLE = ProbeResult(
    (Folder(("contacts",), "p", FolderRole.CONTACTS, 96, 40_000, kind=ItemKind.CONTACTS),)
)
SAVED = ProbeResult((), Space(0, 80_000_000_000), frozenset(ItemKind))
TIGHT_DISK = replace(SAVED, space=Space(0, 900_000_000))


def chosen(name: str, kind: FileKind, size: int, found: ProbeResult | None) -> ChosenFile:
    survey = Survey(kind, size, Counter({kind: 1}))
    return ChosenFile(on_disk(EndpointKind.FILE, DOCUMENTS / name), survey, found)


def outlook() -> ChosenFile:
    return chosen("Archives 2023.pst", FileKind.PST, 2_100_000_000, IN_OUTLOOK)


def exports() -> list[ChosenFile]:
    return [
        chosen("agenda.zip", FileKind.ICS, 210_000, DAYS),
        chosen("contacts.vcf", FileKind.VCF, 41_000, PEOPLE),
    ]


def refused() -> ChosenFile:
    account = on_disk(EndpointKind.FILE, DOCUMENTS / "Photo de famille avec tout le monde.jpg")
    problem = Problem(ProblemId.FILE_NOT_UNDERSTOOD, Place.SOURCE, "", account.name)
    return ChosenFile(account, problem=problem)


def only(window: Window, files: Sequence[ChosenFile]) -> None:
    window.draft.from_files = True
    window.draft.files[:] = files


def source_files_none(window: Window) -> None:
    only(window, [])
    window.review.change_wanted.emit(PageId.SOURCE)
    window.main_button.click()


def source_files(window: Window) -> None:
    only(window, [outlook(), *exports()])
    window.review.change_wanted.emit(PageId.SOURCE)


def source_file_counting(window: Window) -> None:
    window.source.looking._look_into = lambda _account: PatientLook(
        outlook().survey, Reading(outlook().account.name, 800_000_000, 2_100_000_000)
    )
    only(window, [replace(outlook(), found=None)])
    window.review.change_wanted.emit(PageId.SOURCE)


def source_file_damaged(window: Window) -> None:
    remark = Problem(ProblemId.FILE_DAMAGED, Place.SOURCE, "block 0x44 is missing")
    inbox, *others = IN_OUTLOOK.folders
    torn = replace(IN_OUTLOOK, folders=(replace(inbox, remarks=(remark,)), *others))
    only(window, [replace(outlook(), found=torn)])
    window.review.change_wanted.emit(PageId.SOURCE)


def source_file_refused(window: Window) -> None:
    only(window, [outlook(), refused()])
    window.review.change_wanted.emit(PageId.SOURCE)
    window.source.problem_found.emit(refused().problem)


def source_whole_account(window: Window) -> None:
    checked(window.draft.source, OLD, FOUND)
    window.draft.files[:] = exports()
    window.review.change_wanted.emit(PageId.SOURCE)


def to(account: Account, found: ProbeResult, page: PageId) -> Callable[[Window], None]:
    """From an Outlook file."""

    def scene(window: Window) -> None:
        only(window, [outlook()])
        checked(window.draft.destination, account, found)
        window.review.change_wanted.emit(page)

    return scene


def whole_account(page: PageId) -> Callable[[Window], None]:
    def scene(window: Window) -> None:
        source_whole_account(window)
        checked(window.draft.destination, NEW_EXCHANGE, EXCHANGE_READY)
        if page is PageId.OPTIONS:
            window.draft.options.folders = FolderChoice.CHOSEN
        window.review.change_wanted.emit(page)

    return scene


def destination_folder(window: Window) -> None:
    only(window, [outlook()])
    window.review.change_wanted.emit(PageId.DESTINATION)
    window.destination.files.click()
    window.main_button.click()


def result_saved(window: Window) -> None:
    to(HERE, SAVED, PageId.REVIEW)(window)
    window.result.show_report(report(Grade.COMPLETE, failed=()))
    window.review.change_wanted.emit(PageId.RESULT)


HERE = on_disk(EndpointKind.FILES, Path("/media/claire/Sauvegarde de mes e-mails"))
BY_MESSAGE = replace(HERE, mail_format=MailFormat.EML)

FILE_SCENES: dict[str, Callable[[Window], None]] = {
    "source-files-none": source_files_none,
    "source-files": source_files,
    "source-file-counting": source_file_counting,
    "source-file-damaged": source_file_damaged,
    "source-file-refused": source_file_refused,
    "source-whole-account": source_whole_account,
    "destination-folder": destination_folder,
    "destination-folder-checked": to(HERE, SAVED, PageId.DESTINATION),
    "options-file-to-imap": to(NEW, ROOMY, PageId.OPTIONS),
    "options-saved": to(HERE, SAVED, PageId.OPTIONS),
    "options-whole-account": whole_account(PageId.OPTIONS),
    "review-whole-account": whole_account(PageId.REVIEW),
    "review-saved": to(BY_MESSAGE, SAVED, PageId.REVIEW),
    "review-disk-full": to(HERE, TIGHT_DISK, PageId.REVIEW),
    "result-saved": result_saved,
}
