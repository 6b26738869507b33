"""Whole journeys through the window, by keyboard alone, between real mailboxes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt

from omm_desktop.model.progress import Mood
from omm_desktop.model.report import Grade
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId
from tests.servers.account import TestAccount
from tests.servers.dovecot import Dovecot, DovecotOptions
from tests.servers.fixtures import NewUser
from tests.servers.mailbox import MailFolder, Message, compare, load, snapshot
from tests.servers.relay import Relay

from .filling import LETTER, go_to_review
from .hands import Hands

NNBSP = "\u202f"
FOLDERS = {("INBOX",): 30, ("Clients", "Été"): 12, ("Vide",): 0}


@pytest.fixture
def old(new_dovecot_user: NewUser) -> TestAccount:
    account = new_dovecot_user()
    received = datetime(2019, 7, 14, 9, 30, tzinfo=UTC)
    folders = [
        MailFolder(
            path,
            [
                Message(LETTER.format(f"{path[-1]} {n}").encode(), frozenset({b"\\Seen"}), received)
                for n in range(count)
            ],
        )
        for path, count in FOLDERS.items()
    ]
    load(account, folders)
    return account


def test_from_the_first_start_to_everything_copied_and_a_second_pass(
    hands: Hands, window: Window, old: TestAccount, new_dovecot_user: NewUser
) -> None:
    new = new_dovecot_user()
    before = snapshot(old)
    go_to_review(hands, window, old, new)
    hands.enter()
    hands.wait_for(PageId.RESULT)
    assert window.result.headline.text() == "Tout est copié."
    assert compare(before, snapshot(new)) == []
    assert compare(before, snapshot(old)) == []
    assert window.services.history.runs()[0].grade is Grade.COMPLETE


def test_names_that_differ_in_capitals_alone_are_seen_before_the_start(
    hands: Hands, window: Window, new_dovecot_user: NewUser
) -> None:
    old, new = new_dovecot_user(), new_dovecot_user()
    load(old, [MailFolder((name,)) for name in ("Clients", "clients")])
    go_to_review(hands, window, old, new)
    assert window.review.names.isVisible()
    assert window.review.names.text() == "Des noms ne diffèrent que par les majuscules."
    hands.tab_to(window.review.name_list.fold)
    hands.press(Qt.Key.Key_Space)
    assert window.review.name_list.list.item(0).text().startswith("Clients, clients")
    assert not any(snapshot(new).values())


def test_what_is_too_big_is_asked_before_the_first_byte(
    hands: Hands, window: Window, old: TestAccount, start_dovecot: Callable[..., Dovecot]
) -> None:
    server = start_dovecot(DovecotOptions(capability="+APPENDLIMIT=20000"))
    new = server.add_user("new@example.test", "secret")
    before = snapshot(old)
    big = Message(LETTER.format("grosse").encode() + b"x" * 30_000, frozenset(), None)
    load(old, [MailFolder(("INBOX",), [big])])
    go_to_review(hands, window, old, new)
    assert f"jusqu’à 20{NNBSP}ko" in window.review.limits.itemAt(0).widget().text()
    hands.enter()
    hands.until(window.progress.answer.isVisible)
    assert "25-05" in window.panel.code.text()
    assert "1 message dépasse" in window.progress.answer.text.text()
    assert not any(snapshot(new).values())
    hands.tab_to(window.progress.answer.list.fold)
    hands.press(Qt.Key.Key_Space)
    assert window.progress.answer.list.list.item(0).text().startswith(f"30{NNBSP}ko")
    hands.tab_to(window.progress.answer.button)
    hands.press(Qt.Key.Key_Space)
    hands.wait_for(PageId.RESULT)
    report = window.result.report
    assert report is not None
    assert (report.grade, len(report.failed)) == (Grade.INCOMPLETE, 1)
    assert compare(before, snapshot(new)) == []


def test_stopped_at_that_question_nothing_is_copied(
    hands: Hands, window: Window, old: TestAccount, start_dovecot: Callable[..., Dovecot]
) -> None:
    server = start_dovecot(DovecotOptions(capability="+APPENDLIMIT=50"))
    new = server.add_user("new@example.test", "secret")
    go_to_review(hands, window, old, new)
    hands.enter()
    hands.until(window.progress.answer.isVisible)
    hands.tab_to(window.progress.stop_button)
    hands.press(Qt.Key.Key_Space)
    hands.answer("Arrêter")
    hands.wait_for(PageId.RESULT)
    assert window.result.report.grade is Grade.NOT_STARTED
    assert not any(snapshot(new).values())


def begin_slowly(
    hands: Hands, window: Window, heavy: TestAccount, slow_line: Relay, new: TestAccount
) -> None:
    """Start a copy, and come back when some of it is done and most is not."""
    go_to_review(hands, window, heavy.through(slow_line.port), new)
    hands.enter()
    hands.wait_for(PageId.PROGRESS)
    migration = window.copying.migration
    assert migration is not None
    hands.until(lambda: 0 < migration.snapshot().items_done < 150)


def test_paused_stopped_and_resumed_from_the_first_page(
    hands: Hands,
    window: Window,
    heavy: TestAccount,
    slow_line: Relay,
    new_dovecot_user: NewUser,
) -> None:
    new = new_dovecot_user()
    begin_slowly(hands, window, heavy, slow_line, new)
    migration = window.copying.migration
    hands.press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    hands.until(lambda: migration.snapshot().mood is Mood.PAUSED)
    assert window.progress.title.text() == "En pause"
    hands.press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    hands.until(lambda: migration.snapshot().mood is not Mood.PAUSED)
    hands.tab_to(window.progress.stop_button)
    hands.press(Qt.Key.Key_Space)
    hands.answer("Arrêter")
    hands.wait_for(PageId.RESULT)
    report = window.result.report
    assert report is not None
    assert report.grade is Grade.INTERRUPTED
    assert 0 < report.copied < 150
    slow_line.change(speed=None)
    hands.go_home()
    hands.resume()
    hands.wait_for(PageId.RESULT)
    assert window.result.headline.text() == "Tout est copié."
    assert compare(snapshot(heavy), snapshot(new)) == []


def test_closing_the_window_loses_nothing(
    hands: Hands,
    window: Window,
    heavy: TestAccount,
    slow_line: Relay,
    new_dovecot_user: NewUser,
) -> None:
    """Without a notification area the question comes; made smaller, the copy goes on."""
    new = new_dovecot_user()
    begin_slowly(hands, window, heavy, slow_line, new)
    window.close()
    hands.answer("Réduire la fenêtre")
    slow_line.change(speed=None)
    hands.wait_for(PageId.RESULT)
    assert compare(snapshot(heavy), snapshot(new)) == []
