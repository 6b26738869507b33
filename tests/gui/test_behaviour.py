"""What the window does when keys, edits, languages and closing meet a check or a copy."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from omm_desktop.model.account import Account
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.progress import Mood
from omm_desktop.model.secret import Secret
from omm_desktop.store.history import PastRun
from omm_desktop.ui.services import Services
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId

from .copy_scenes import copy_showing
from .hands import Hands
from .mailboxes import FOUND, NEW, OLD, PASSWORD, checked, open_page
from .scripted import PatientServer, snapshot


@pytest.fixture
def server() -> PatientServer:
    return PatientServer(FOUND)


@pytest.fixture
def services(services: Services, server: PatientServer) -> Services:
    return replace(services, probe=server.probe)


@pytest.fixture
def checking(window: Window, hands: Hands, server: PatientServer) -> PatientServer:
    """A check is under way on the source page."""
    window.draft.source.prefill(OLD, PASSWORD)
    window.review.change_wanted.emit(PageId.SOURCE)
    hands.enter()
    hands.until(lambda: bool(server.asked))
    assert window.main_button.text().replace("&", "") == "Vérification…"
    assert window.source.cancel_button.isVisible()
    return server


def test_a_check_that_passes_opens_the_next_page(
    window: Window, hands: Hands, checking: PatientServer
) -> None:
    checking.may_end.set()
    hands.wait_for(PageId.DESTINATION)
    assert window.draft.source.checked is FOUND
    assert not window.source.cancel_button.isVisible()


def test_an_edit_cancels_a_check_and_its_late_answer_counts_for_nothing(
    window: Window, hands: Hands, checking: PatientServer, qtbot: QtBot
) -> None:
    hands.type_into(window.source.form.password.edit, "un autre")
    assert not window.source.checking
    with qtbot.assertNotEmitted(window.page_changed, wait=200):
        checking.may_end.set()
    assert window.draft.source.checked is None
    assert window.current_page_id is PageId.SOURCE


def test_an_edit_undoes_a_check_that_had_passed(window: Window, hands: Hands) -> None:
    checked(window.draft.source, OLD, FOUND)
    window.review.change_wanted.emit(PageId.SOURCE)
    assert window.source.check_list.isVisible()
    hands.type_into(window.source.form.password.edit, "un autre")
    assert window.draft.source.checked is None
    assert not window.source.check_list.isVisible()


def test_escape_cancels_a_check(window: Window, hands: Hands, checking: PatientServer) -> None:
    hands.press(Qt.Key.Key_Escape)
    checking.may_end.set()
    assert not window.source.checking
    assert not window.source.cancel_button.isVisible()
    assert window.main_button.text().replace("&", "") == "Vérifier et continuer"


def test_escape_never_ends_a_copy(window: Window, hands: Hands) -> None:
    copy = copy_showing(window)
    hands.press(Qt.Key.Key_Escape)
    assert copy.asked == []
    assert window.current_page_id is PageId.PROGRESS


def test_the_first_faulty_field_gets_the_cursor(window: Window, hands: Hands) -> None:
    said: list[str] = []
    window.announcer.announced.connect(said.append)
    hands.type_into(window.source.form.address, "claire")
    hands.enter()
    assert window.focusWidget() is window.source.form.address
    assert said[-1] == (
        "3\u202fchamps à corriger. Cette adresse n’est pas complète. Exemple\u202f: nom@exemple.fr"
    )
    hands.type_into(window.source.form.address, OLD.address)
    hands.enter()
    assert window.focusWidget() is window.source.form.password.edit


def test_the_same_mailbox_twice_is_refused(window: Window, hands: Hands) -> None:
    open_page(window, PageId.DESTINATION)
    twin = replace(
        OLD, login=OLD.login.upper(), server=replace(OLD.server, host="IMAP.Exemple.fr", port=143)
    )
    window.draft.destination.prefill(twin, PASSWORD)
    window.review.change_wanted.emit(PageId.DESTINATION)
    hands.enter()
    assert "28-05" in window.panel.code.text()
    assert window.current_page_id is PageId.DESTINATION
    assert window.focusWidget() is window.destination.form.address


def test_gmail_wants_an_app_password_and_its_blanks_are_taken_away(
    window: Window, hands: Hands
) -> None:
    form = window.source.form
    hands.type_into(form.address, "claire.moreau@gmail.com")
    assert form.advice_card.isVisible()
    assert "mot de passe d’application" in form.advice.text()
    hands.type_into(form.password.edit, " abcd efgh ijkl mnop ")
    hands.press(Qt.Key.Key_Tab)
    assert form.password.edit.text() == "abcdefghijklmnop"
    assert window.draft.source.password == Secret("abcdefghijklmnop")
    hint = form.rows["password"].hint.text()
    assert hint.startswith("Les espaces du mot de passe ont été retirés.")


def test_what_is_typed_stays_when_the_language_changes(window: Window, hands: Hands) -> None:
    form = window.source.form
    hands.type_into(form.address, "claire@inconnu.exemple")
    hands.type_into(form.password.edit, "secret")
    window.use_language("en")
    assert window.source.title.text() == "Where does your mail come from?"
    assert form.address.text() == "claire@inconnu.exemple"
    assert form.password.edit.text() == "secret"
    assert window.draft.source.address == "claire@inconnu.exemple"


def test_ticked_folders_stay_when_the_language_changes(window: Window) -> None:
    open_page(window, PageId.OPTIONS)
    window.options.folder_choices["chosen"].click()
    tree = window.options.folder_list.tree
    tree.topLevelItem(0).setCheckState(0, Qt.CheckState.Unchecked)
    chosen = window.draft.options.chosen
    window.use_language("en")
    assert "INBOX" not in chosen
    assert window.draft.options.chosen == chosen
    assert tree.topLevelItem(0).checkState(0) is Qt.CheckState.Unchecked


@pytest.mark.qt_log_ignore("systemTrayWindowChanged", "does not support raise", extend=True)
def test_closing_during_a_copy_goes_behind_the_icon_and_says_so_once(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(window.tray, "is_available", lambda: True)
    monkeypatch.setattr(window.tray, "notify", lambda title, _text: told.append(title))
    copy = copy_showing(window)
    for _time in range(2):
        window.close()
        assert not window.isVisible()
        window.tray.opened.emit()
        assert window.isVisible()
    assert copy.asked == []
    assert told == ["La copie continue"]


def test_quitting_during_a_copy_asks(window: Window, hands: Hands) -> None:
    copy = copy_showing(window)
    hands.press(Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    hands.answer("Annuler")
    assert copy.asked == []
    assert window.copying.is_running


def test_a_password_asked_for_halfway_goes_to_the_copy(window: Window, hands: Hands) -> None:
    copy = copy_showing(window)
    refused = Problem(ProblemId.SIGN_IN_REFUSED, Place.SOURCE)
    copy.shown = snapshot(mood=Mood.PAUSED, owner_needed=refused)
    hands.until(window.panel.isVisible)
    assert window.panel.code.text() == "Code 11-01"
    assert window.focusWidget() is window.progress.answer.password.edit
    hands.type_into(window.progress.answer.password.edit, "le bon")
    hands.enter()
    assert copy.answers == [Secret("le bon")]
    copy.shown = snapshot()
    hands.until(lambda: not window.panel.isVisible())


def test_an_app_password_asked_for_halfway_loses_its_blanks(window: Window, hands: Hands) -> None:
    copy = copy_showing(window)
    window.draft.source.host = "imap.gmail.com"
    refused = Problem(ProblemId.APP_PASSWORD_NEEDED, Place.SOURCE)
    copy.shown = snapshot(mood=Mood.PAUSED, owner_needed=refused)
    hands.until(window.panel.isVisible)
    hands.type_into(window.progress.answer.password.edit, "abcd efgh ijkl mnop")
    hands.enter()
    assert copy.answers == [Secret("abcdefghijklmnop")]


def test_enter_does_nothing_while_the_copy_runs(window: Window, hands: Hands) -> None:
    copy = copy_showing(window)
    window.progress.folders.setFocus()
    hands.enter()
    assert copy.asked == []


def test_a_fault_of_the_program_is_told_from_any_thread(window: Window, hands: Hands) -> None:
    thread = threading.Thread(target=window.unexpected.emit)
    thread.start()
    thread.join()
    hands.until(window.panel.isVisible)
    assert window.panel.code.text() == "Code 51-01"


class SlowKeyring:
    """A keyring that waits for the person to unlock it."""

    is_safe_place = True

    def __init__(self) -> None:
        self.unlocked = threading.Event()
        self.threads: list[threading.Thread] = []

    def recall(self, account: Account) -> Secret:
        self.threads.append(threading.current_thread())
        self.unlocked.wait()
        return PASSWORD

    def store(self, account: Account, secret: Secret) -> None:
        pass

    def forget_all(self, accounts: Iterable[Account]) -> bool:
        return True


def past_run() -> PastRun:
    return PastRun(12, 0.0, None, None, MigrationPlan(OLD, NEW), 3_214, 8_300)


def test_the_window_does_not_wait_for_the_keyring(window: Window, hands: Hands) -> None:
    copy = copy_showing(window)
    copy.stop()
    hands.wait_for(PageId.RESULT)
    keyring = SlowKeyring()
    window.services = replace(window.services, credentials=keyring)
    window.home.run_again.emit(past_run())
    hands.until(lambda: bool(keyring.threads))
    assert keyring.threads[0] is not threading.main_thread()
    assert window.current_page_id is PageId.RESULT
    keyring.unlocked.set()
    hands.wait_for(PageId.PROGRESS)
    assert copy.started[-1][1].source == PASSWORD
