"""Files copied through the window: alone, beside a mailbox, and a mailbox saved in a folder."""

from __future__ import annotations

import hashlib
import mailbox
import multiprocessing
from collections.abc import Callable
from pathlib import Path
from shutil import copyfile

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel

from omm_desktop.model.account import EndpointKind, MailFormat
from omm_desktop.model.items import ItemKind
from omm_desktop.ui.task import Task
from omm_desktop.ui.widgets.file_list import FileList
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId
from tests.contract.entries import calendar, card
from tests.mail_files.huge import huge_mbox, huge_outlook_file
from tests.pst.collection import unpacked_files
from tests.servers.ews import EwsServer
from tests.servers.ews.reached import mailbox_of as reached
from tests.servers.ews.snapshot import snapshot_of
from tests.servers.fixtures import NewUser
from tests.servers.mailbox import MailFolder, Message, load, snapshot

from .filling import LETTER, choose_exchange, choose_other_mailbox, choose_radio, fill
from .hands import Hands
from .test_real_exchange import ANNA, fill_exchange, held

NNBSP, NBSP = "\u202f", "\u00a0"
LETTERS = [LETTER.format(number).encode() for number in range(12)]
OUTLOOK = "Aspose.Email-for-.NET__Outlook.pst"


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    path = tmp_path / "Famille"
    path.write_bytes(
        b"".join(
            b"From a@exemple.fr Mon May  6 07:08:09 2019\n" + one.replace(b"\r\n", b"\n") + b"\n"
            for one in LETTERS
        )
    )
    return path


@pytest.fixture
def days(tmp_path: Path) -> Path:
    path = tmp_path / "agenda.ics"
    path.write_bytes(
        calendar(
            "UID:rentree",
            "DTSTAMP:20260101T000000Z",
            "DTSTART:20260901T080000Z",
            "DTEND:20260901T090000Z",
            "SUMMARY:Rentrée",
        )
    )
    return path


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "contacts.vcf"
    names = ("Ada", "Grace", "Hedy")
    path.write_bytes(b"".join(card(f"FN:{one}", f"N:;{one};;;") for one in names))
    return path


def drop(files: FileList, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton)
    keys = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(files, QDragEnterEvent(QPoint(5, 5), *how, keys))
    QApplication.sendEvent(files, QDropEvent(QPointF(5, 5), *how, keys))


def from_files_alone(hands: Hands, window: Window) -> None:
    hands.tab_to(window.source.mailbox)
    hands.press(Qt.Key.Key_Down)
    assert window.draft.from_files


def told(window: Window) -> list[str]:
    """All that the list of files says."""
    labels = window.source.file_list.findChildren(QLabel)
    return [label.text() for label in labels if label.isVisibleTo(window)]


def all_counted(hands: Hands, window: Window, number: int) -> None:
    files = window.draft.files
    hands.until(lambda: len(files) == number and all(file.is_looked_into for file in files))


def test_a_file_of_mail_to_imap_and_again_from_home(
    hands: Hands, window: Window, letters: Path, new_dovecot_user: NewUser
) -> None:
    new = new_dovecot_user()
    from_files_alone(hands, window)
    drop(window.source.file_list, letters)
    all_counted(hands, window, 1)
    hands.until(lambda: f"✓  1{NNBSP}dossier, 12{NNBSP}messages" in told(window))
    assert any(text.startswith("Fichier de messages, 1") for text in told(window))
    hands.enter()
    hands.wait_for(PageId.DESTINATION)
    choose_other_mailbox(hands, window)
    fill(hands, window.destination, new)
    hands.enter()
    hands.wait_for(PageId.OPTIONS)
    assert window.options.kinds.reasons[ItemKind.CONTACTS].text() != ""
    hands.enter()
    hands.wait_for(PageId.REVIEW)
    plan = window.draft.plan()
    assert plan.source.path == letters
    assert window.review.unchanged.text() == "✓  Vos fichiers restent tels quels."
    hands.enter()
    hands.wait_for(PageId.RESULT)
    assert window.result.headline.text() == "Tout est copié."
    arrived = [one.sha256 for found in snapshot(new).values() for one in found]
    assert sorted(arrived) == sorted(hashlib.sha256(one).hexdigest() for one in LETTERS)

    window._open(PageId.HOME)
    (run,) = window.services.history.runs()
    assert run.plan == plan
    window.draft.files.clear()
    window.draft.from_files = False
    hands.press(Qt.Key.Key_Space)
    hands.wait_for(PageId.DESTINATION)
    assert window.draft.plan() == plan
    hands.type_into(window.destination.form.password.edit, new.password)
    hands.enter()
    hands.wait_for(PageId.RESULT)
    assert window.result.report is not None
    totals = window.result.report.totals
    assert (totals.copied, totals.not_copied) == (0, 0)
    assert sum(map(len, snapshot(new).values())) == 12


def test_a_whole_account_in_one_run(
    hands: Hands,
    window: Window,
    exchange: EwsServer,
    new_dovecot_user: NewUser,
    days: Path,
    people: Path,
) -> None:
    """Mail by IMAP, and beside it the exports of a calendar and of contacts."""
    old = new_dovecot_user()
    load(old, [MailFolder(("INBOX",), [Message(one) for one in LETTERS])])
    fill(hands, window.source, old)
    hands.tab_to(window.source.add_files)
    hands.press(Qt.Key.Key_Space)
    drop(window.source.file_list, days, people)
    all_counted(hands, window, 2)
    hands.tab_to(window.main_button)
    hands.enter()
    hands.wait_for(PageId.DESTINATION)
    choose_exchange(hands, window)
    fill_exchange(hands, window.destination, reached(exchange, ANNA))
    hands.enter()
    hands.wait_for(PageId.OPTIONS)
    offered = window.options.kinds.offered
    assert offered == {ItemKind.MAIL, ItemKind.CONTACTS, ItemKind.EVENTS}
    hands.enter()
    hands.wait_for(PageId.REVIEW)
    names = [change.accessibleName() for change in window.review.links]
    assert any("agenda.ics" in text for text in names)
    assert any("contacts.vcf" in text for text in names)
    hands.enter()
    hands.wait_for(PageId.RESULT)
    assert window.result.headline.text() == "Tout est copié."
    assert held(exchange, ANNA) == [12, 3, 1, 0]
    assert sum(map(len, snapshot_of(exchange, ANNA).values())) == 12
    exchange.journal.assert_nothing_sent()


def test_an_outlook_file_saved_as_files(hands: Hands, window: Window, tmp_path: Path) -> None:
    (tmp_path / "outlook").mkdir()
    outlook = unpacked_files(tmp_path / "outlook")[OUTLOOK]
    saved = tmp_path / "Sauvegarde"
    from_files_alone(hands, window)
    drop(window.source.file_list, outlook)
    all_counted(hands, window, 1)
    hands.until(lambda: any(text.startswith("Fichier Outlook, ") for text in told(window)))
    hands.enter()
    hands.wait_for(PageId.DESTINATION)
    choose_radio(hands, window, window.destination.files)
    hands.enter()
    assert window.destination.folder.row.fault.isVisible()
    hands.type_into(window.destination.folder.path, str(saved))
    hands.enter()
    hands.wait_for(PageId.OPTIONS)
    options = window.options
    of_mailboxes = (options.forget, options.more, options.pace_row, options.update_box)
    assert not any(widget.isVisible() for widget in (*of_mailboxes, options.differences))
    hands.enter()
    hands.wait_for(PageId.REVIEW)
    plan = window.draft.plan()
    assert (plan.destination.kind, plan.destination.path) == (EndpointKind.FILES, saved)
    assert plan.destination.mail_format is MailFormat.MBOX
    hands.enter()
    hands.wait_for(PageId.RESULT)
    report = window.result.report
    assert report is not None
    boxes = [mailbox.mbox(path) for path in (saved / "mail").rglob("*.mbox")]
    assert sum(map(len, boxes)) == report.of_kind(ItemKind.MAIL).copied > 10
    for box in boxes:
        box.close()
    assert list((saved / "contacts").glob("*.vcf"))


def test_what_cannot_be_read_is_told_at_once_and_taken_out(
    hands: Hands, window: Window, tmp_path: Path, letters: Path
) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40)
    from_files_alone(hands, window)
    hands.enter()
    assert window.source.file_list.row.fault.isVisible()
    drop(window.source.file_list, letters, photo, letters)
    all_counted(hands, window, 2)
    hands.until(window.panel.isVisible)
    code = window.panel.code.text()
    assert code == "Code 12-07"
    hands.until(lambda: any(text.startswith("!") and code in text for text in told(window)))
    hands.enter()
    assert window.current_page_id is PageId.SOURCE
    hands.tab_to(window.source.file_list.remove_buttons[1])
    hands.press(Qt.Key.Key_Space)
    assert [file.account.name for file in window.draft.files] == ["Famille"]
    assert not window.panel.isVisible()


def processes_so_far() -> int:
    """By the number that the next one would have; asking takes one."""
    return int(multiprocessing.Process().name.rpartition("-")[2])


def test_outlook_files_dropped_together_share_the_process_that_reads_them(
    hands: Hands, window: Window, tmp_path: Path
) -> None:
    (tmp_path / "outlook").mkdir()
    outlook = unpacked_files(tmp_path / "outlook")[OUTLOOK]
    files = [copyfile(outlook, tmp_path / f"{number}.pst") for number in range(6)]
    from_files_alone(hands, window)
    before = processes_so_far()
    drop(window.source.file_list, *files)
    all_counted(hands, window, len(files))
    assert processes_so_far() - before - 1 <= 3
    hands.until(lambda: not Task._running and not multiprocessing.active_children())


@pytest.mark.parametrize("make", [huge_mbox, huge_outlook_file])
def test_a_look_into_a_huge_file_shows_how_far_it_is_and_can_be_cancelled(
    hands: Hands, window: Window, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    huge = make(tmp_path / "huge")
    from_files_alone(hands, window)

    def look() -> None:
        drop(window.source.file_list, huge)
        hands.until(lambda: any("lus sur 400\u202fGo" in text for text in told(window)))

    def is_over() -> bool:
        gone = not window.draft.files and not window.source.looking.is_busy
        return gone and not Task._running and not multiprocessing.active_children()

    look()
    hands.press(Qt.Key.Key_Escape)
    hands.until(is_over)
    look()
    (button,) = window.source.file_list.remove_buttons
    assert button.text() == "Annuler"
    hands.tab_to(button)
    hands.press(Qt.Key.Key_Space)
    hands.until(is_over)
    assert window.current_page_id is PageId.SOURCE


def test_files_are_chosen_in_a_dialog(hands: Hands, window: Window, letters: Path) -> None:
    from_files_alone(hands, window)
    hands.tab_to(window.source.file_list.choose_files)
    hands.press(Qt.Key.Key_Space)
    dialog = window.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.selectFile(str(letters))
    dialog.accept()
    all_counted(hands, window, 1)
    assert window.draft.files[0].found is not None
