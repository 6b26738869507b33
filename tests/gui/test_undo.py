"""Taking a copy back through the window, by keyboard alone and on a real server."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QPushButton

from omm_desktop.copies import Copies
from omm_desktop.model.plan import MigrationPlan, Options
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.progress import Mood, Phase
from omm_desktop.model.report import Grade
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId
from tests.servers.account import TestAccount
from tests.servers.mailbox import MailFolder, Message, load, snapshot

from .hands import Hands
from .mailboxes import NEW, OLD
from .scripted import snapshot as shown
from .undo_scenes import (
    PREVIEW,
    REPORT,
    RUN,
    ScriptedUndo,
    undo_asked,
    undo_password,
    undo_running,
)

MAILS = [Message(b"Message-ID: <%d@example.test>\r\n\r\nhello\r\n" % n) for n in range(4)]


def copied(copies: Copies, old: TestAccount, new: TestAccount) -> None:
    load(old, [MailFolder(("INBOX",), MAILS), MailFolder(("Clients",), MAILS[:2])])
    load(new, [MailFolder(("INBOX",), MAILS[:1])])
    plan = MigrationPlan(old.as_account, new.as_account, options=Options(settle_seconds=0.5))
    secrets = Secrets(old.secret, new.secret)
    report = copies.open(plan, secrets, attended=False).run()
    assert report.copied == 5


def with_menu(window: Window) -> list[QPushButton]:
    buttons = window.home.findChildren(QPushButton)
    return [one for one in buttons if isinstance(one.menu(), QMenu) and one.isVisible()]


def test_from_home_to_the_trash_by_keyboard(
    window: Window,
    hands: Hands,
    copies: Copies,
    old_account: TestAccount,
    new_account: TestAccount,
) -> None:
    copied(copies, old_account, new_account)
    window._finish()
    hands.wait_for(PageId.HOME)
    hands.until(lambda: bool(with_menu(window)))
    more = with_menu(window)[0]
    hands.tab_to(more)
    menu = more.menu()
    assert menu is not None
    menu.actions()[0].trigger()
    hands.wait_for(PageId.UNDO)
    question = window.undo.question
    assert window.focusWidget() is question.password.edit
    hands.enter()
    assert question.password_row.fault.text()
    assert question.number_row.fault.text()
    hands.type_into(question.password.edit, "wrong")
    hands.type_into(question.number, "5")
    hands.enter()
    hands.until(lambda: window.undo.answer.problem is not None)
    assert "21-01" in window.panel.code.text()
    hands.type_into(window.undo.answer.password.edit, new_account.password)
    hands.enter()
    hands.until(lambda: not window.undo.is_running)
    assert "Tout ce que la copie" in window.undo.result.headline.text()
    assert not question.password.secret
    there = snapshot(new_account)
    assert [len(there[("INBOX",)]), len(there[("Trash",)])] == [1, 5]
    assert ("Clients",) not in there
    hands.enter()
    hands.wait_for(PageId.HOME)
    (run,) = window.services.history.runs()
    assert (run.removable, run.undone is not None, run.undoing) == (0, True, False)
    assert "retirée le" in " ".join(
        one.text() for one in window.home.findChildren(type(window.home.title))
    )


def test_it_can_be_paused_and_stopped_and_the_window_stays_meanwhile(
    window: Window, hands: Hands
) -> None:
    undo = undo_running(window)
    assert window.undo.is_running
    assert window.focusWidget() is window.undo.pause_button
    hands.press(Qt.Key.Key_Space)
    assert undo.snapshot().mood is Mood.PAUSED
    hands.press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert undo.snapshot().mood is Mood.RUNNING
    assert not window.close()
    hands.answer("Arrêter")
    hands.until(lambda: not window.undo.is_running)
    assert undo.report.grade is Grade.INTERRUPTED
    assert window.main_button.text().replace("&", "") == "Continuer le retrait"
    hands.enter()
    hands.until(lambda: window.focusWidget() is window.undo.question.password.edit)


def test_what_it_waits_for_stays_told_when_the_text_grows(window: Window) -> None:
    undo_password(window)
    assert window.panel.code.text() == "Code 21-01"
    window.menus.text_size_stepped.emit(1)
    assert window.panel.isVisible()
    assert window.panel.code.text() == "Code 21-01"


def test_nothing_goes_without_the_number(window: Window, hands: Hands) -> None:
    started: list[int] = []
    undo_asked(window)
    window.undo.services = replace(
        window.undo.services,
        start_undo=lambda run, secret: started.append(run),  # type: ignore[arg-type,return-value]
    )
    question = window.undo.question
    hands.type_into(question.password.edit, "secret")
    for typed in ("", "4115", "41160", "quatre"):
        hands.type_into(question.number, typed)
        hands.enter()
        assert question.number_row.fault.text()
    assert started == []
    left: list[bool] = []
    window.undo.left.connect(lambda: left.append(True))
    hands.tab_to(window.undo.keep_button)
    hands.press(Qt.Key.Key_Space)
    assert left
    assert started == []


def test_an_app_password_loses_its_blanks_here_as_well(window: Window, hands: Hands) -> None:
    at_yahoo = replace(NEW, server=replace(NEW.server, host="imap.mail.yahoo.com"))
    given: list[Secret | None] = []
    refused = Problem(ProblemId.SIGN_IN_REFUSED, Place.DESTINATION)
    undo = ScriptedUndo(shown(phase=Phase.REMOVING, owner_needed=refused), REPORT)
    undo.answer = given.append  # type: ignore[method-assign]

    def start(_run: int, secret: Secret) -> ScriptedUndo:
        given.append(secret)
        return undo

    window.undo.services = replace(
        window.undo.services, preview_undo=lambda run: PREVIEW, start_undo=start
    )
    window.home.take_back.emit(replace(RUN, plan=MigrationPlan(OLD, at_yahoo)))
    hands.wait_for(PageId.UNDO)
    hands.type_into(window.undo.question.password.edit, "abcd efgh ijkl mnop")
    hands.type_into(window.undo.question.number, "4116")
    hands.enter()
    hands.type_into(window.undo.answer.password.edit, "qrst uvwx yzab cdef")
    hands.enter()
    assert given == [Secret("abcdefghijklmnop"), Secret("qrstuvwxyzabcdef")]
    undo.stop()
    hands.until(lambda: not window.undo.is_running)
