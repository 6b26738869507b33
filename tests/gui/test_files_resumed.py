"""Copies of files, stopped and resumed from the first page, whatever became of the files."""

from __future__ import annotations

import mailbox
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from omm_desktop.model.problem import ProblemId
from omm_desktop.model.report import Grade
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId
from tests.contract.entries import calendar, card
from tests.servers.account import TestAccount
from tests.servers.ews import EwsServer
from tests.servers.ews.reached import mailbox_of as reached
from tests.servers.fixtures import NewUser
from tests.servers.mailbox import snapshot
from tests.servers.relay import Relay

from .filling import LETTER, choose_exchange, choose_other_mailbox, choose_radio, fill
from .hands import Hands
from .test_real_exchange import ANNA, fill_exchange, held
from .test_real_files import all_counted, drop, from_files_alone

NUMBER = 400


def entry(number: int) -> bytes:
    body = LETTER.format(number).replace("\r\n", "\n") + "x" * 2000 + "\n"
    return b"From a@exemple.fr Mon May  6 07:08:09 2019\n" + body.encode() + b"\n"


@pytest.fixture
def many(tmp_path: Path) -> Path:
    path = tmp_path / "disque" / "Famille.mbox"
    path.parent.mkdir()
    path.write_bytes(b"".join(map(entry, range(NUMBER))))
    return path


def arrived(account: TestAccount) -> int:
    return sum(map(len, snapshot(account).values()))


def stopped_midway(hands: Hands, window: Window) -> None:
    """Start the copy, stop it when some of it is done, and go to the first page."""
    hands.enter()
    hands.wait_for(PageId.PROGRESS)
    migration = window.copying.migration
    assert migration is not None
    hands.until(lambda: 0 < migration.snapshot().items_done < NUMBER)
    hands.tab_to(window.progress.stop_button)
    hands.press(Qt.Key.Key_Space)
    hands.answer("Arrêter")
    hands.wait_for(PageId.RESULT)
    assert window.result.report is not None
    assert window.result.report.grade is Grade.INTERRUPTED
    hands.go_home()


@pytest.fixture
def stopped(
    hands: Hands, window: Window, many: Path, new_dovecot_user: NewUser, slow_line: Relay
) -> TestAccount:
    """Where a file of mail was being copied to."""
    new = new_dovecot_user()
    from_files_alone(hands, window)
    drop(window.source.file_list, many)
    all_counted(hands, window, 1)
    hands.enter()
    hands.wait_for(PageId.DESTINATION)
    choose_other_mailbox(hands, window)
    fill(hands, window.destination, new.through(slow_line.port))
    hands.enter()
    hands.wait_for(PageId.OPTIONS)
    hands.enter()
    hands.wait_for(PageId.REVIEW)
    stopped_midway(hands, window)
    slow_line.change(speed=None)
    return new


def test_a_file_that_is_gone_is_named_and_once_it_is_back_the_copy_goes_on(
    hands: Hands, window: Window, many: Path, stopped: TestAccount
) -> None:
    disk = many.parent
    away = disk.rename(disk.with_name("debranche"))
    hands.resume()
    hands.wait_for(PageId.RESULT)
    assert window.panel.code.text() == "Code 12-06"
    assert window.panel.remedy.text().startswith("Famille.mbox – ")
    hands.go_home()
    hands.until(lambda: "s’est arrêtée à" in window.home.copies[0].headline.text())
    away.rename(disk)
    hands.resume()
    hands.wait_for(PageId.RESULT)
    assert window.result.headline.text() == "Tout est copié."
    assert arrived(stopped) == NUMBER


def test_a_file_that_changed_meanwhile_is_told_and_nothing_comes_twice(
    hands: Hands, window: Window, many: Path, stopped: TestAccount
) -> None:
    many.write_bytes(b"".join(map(entry, range(-2, NUMBER))))
    hands.resume()
    hands.wait_for(PageId.RESULT)
    report = window.result.report
    assert report is not None
    assert report.grade is Grade.COMPLETE_WITH_NOTES
    assert {note.problem.id for note in report.notes} == {ProblemId.FILE_CHANGED}
    assert arrived(stopped) == NUMBER + 2


def test_a_disk_to_save_on_that_was_unplugged(
    hands: Hands, window: Window, heavy: TestAccount, slow_line: Relay, tmp_path: Path
) -> None:
    disk = tmp_path / "cle"
    disk.mkdir()
    fill(hands, window.source, heavy.through(slow_line.port))
    hands.enter()
    hands.wait_for(PageId.DESTINATION)
    choose_radio(hands, window, window.destination.files)
    hands.type_into(window.destination.folder.path, str(disk / "Sauvegarde"))
    hands.enter()
    hands.wait_for(PageId.OPTIONS)
    hands.enter()
    hands.wait_for(PageId.REVIEW)
    assert not list(disk.iterdir()), "nothing was agreed yet"
    stopped_midway(hands, window)
    slow_line.change(speed=None)
    away = disk.rename(tmp_path / "debranchee")
    hands.resume()
    hands.wait_for(PageId.RESULT)
    assert window.panel.code.text() == "Code 46-02"
    assert "Sauvegarde" in window.panel.remedy.text()
    assert not disk.exists()
    away.rename(disk)
    hands.tab_to(window.main_button)
    hands.press(Qt.Key.Key_Space)
    hands.until(lambda: window.result.headline.text() == "Tout est copié.")
    saved = mailbox.mbox(disk / "Sauvegarde" / "mail" / "INBOX.mbox")
    assert len(saved) == sum(map(len, snapshot(heavy).values()))
    saved.close()


def test_a_whole_account_stopped_midway_arrives_once(
    hands: Hands,
    window: Window,
    exchange: EwsServer,
    heavy: TestAccount,
    slow_line: Relay,
    tmp_path: Path,
) -> None:
    """Mail by IMAP, a zipped calendar and contacts, all into Exchange."""
    day = calendar(
        "UID:rentree",
        "DTSTAMP:20260101T000000Z",
        "DTSTART:20260901T080000Z",
        "DTEND:20260901T090000Z",
        "SUMMARY:Rentrée",
    )
    with zipfile.ZipFile(tmp_path / "agenda.ical.zip", "w") as packed:
        packed.writestr("moi@exemple.fr.ics", day)
    (tmp_path / "contacts.vcf").write_bytes(card("FN:Ada", "N:;Ada;;;") + card("FN:Grace"))
    fill(hands, window.source, heavy.through(slow_line.port))
    drop(window.source.file_list, tmp_path / "agenda.ical.zip", tmp_path / "contacts.vcf")
    all_counted(hands, window, 2)
    hands.tab_to(window.main_button)
    hands.enter()
    hands.wait_for(PageId.DESTINATION)
    choose_exchange(hands, window)
    fill_exchange(hands, window.destination, reached(exchange, ANNA))
    hands.enter()
    hands.wait_for(PageId.OPTIONS)
    hands.enter()
    hands.wait_for(PageId.REVIEW)
    stopped_midway(hands, window)
    slow_line.change(speed=None)
    hands.resume()
    hands.wait_for(PageId.RESULT)
    assert window.result.headline.text() == "Tout est copié."
    report = window.result.report
    assert report is not None
    assert {folder.source.split("/")[0] for folder in report.folders} == {
        heavy.login,
        "agenda.ical.zip",
        "contacts.vcf",
    }
    assert held(exchange, ANNA) == [150, 2, 1, 0]
    exchange.journal.assert_nothing_sent()
