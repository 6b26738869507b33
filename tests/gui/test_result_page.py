"""What the result page offers: the report, the checklist, a second pass, decisions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMessageBox, QPushButton

from omm_desktop.copies import Copies
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.report import Grade
from omm_desktop.ui.services import Services
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.present.next_steps import NextStep
from tests.unit.reports import report

from .copy_scenes import OURS, copy_showing, result_of, result_undecided
from .hands import Hands
from .mailboxes import FOUND, NEW, OLD, checked
from .scripted import PatientServer, ScriptedCopy


@pytest.fixture
def server() -> PatientServer:
    return PatientServer(FOUND)


@pytest.fixture
def services(services: Services, server: PatientServer) -> Services:
    return replace(services, probe=server.probe)


def test_the_missing_ones_are_tried_again_with_the_same_plan(window: Window, hands: Hands) -> None:
    copy = copy_showing(window)
    copy.end()
    hands.wait_for(PageId.RESULT)
    assert window.main_button.text().replace("&", "") == "Réessayer les manquants"
    window.main_button.click()
    hands.wait_for(PageId.PROGRESS)
    assert len(copy.started) == 2
    assert copy.started[0] == copy.started[1]


@pytest.fixture
def finished(window: Window, copies: Copies) -> int:
    """The result page of a copy to an OVHcloud mailbox in a domain of one's own; its number."""
    plan = MigrationPlan(OLD, OURS)
    ends = [copies.ledger.account(account.identity) for account in (OLD, OURS)]
    number = copies.ledger.begin_run(plan, *ends, 1_773_321_600.0)
    show_result(window, number)
    return number


def show_result(window: Window, number: int) -> None:
    checked(window.draft.source, OLD, FOUND)
    checked(window.draft.destination, OURS, FOUND)
    window.result.show_report(replace(report(Grade.COMPLETE, failed=()), run=number))
    window.review.change_wanted.emit(PageId.RESULT)


@pytest.mark.qt_log_ignore("does not support raise", extend=True)
def test_the_checklist_opens_what_it_names(
    window: Window, finished: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = window.result.next_steps
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    for step in (NextStep.WEBMAIL, NextStep.SETTINGS, NextStep.DOMAIN):
        steps.buttons[step].click()
    service = window.services.providers.by_id("ovh-mxplan-eu")
    assert opened == [service.webmail]
    assert window.beside.reference is not None
    assert window.beside.reference.view.service is service
    window.beside.reference.leave()
    assert window.beside.domain is not None
    assert window.beside.domain.isVisible()
    form = window.beside.domain.form
    assert (form.domain.text(), form.offer.currentData()) == ("chez-claire.fr", "ovh-mxplan-eu")
    window.beside.domain.close()
    assert not steps.buttons[NextStep.KEEP_OLD].isVisible()
    assert steps.boxes[NextStep.KEEP_OLD].text() == "Garder l’ancienne boîte jusqu’au 11 avril 2026"


def test_a_providers_own_domain_is_not_checked(window: Window) -> None:
    checked(window.draft.destination, replace(NEW, address="claire@gmail.com"), FOUND)
    result_of_destination = report(Grade.COMPLETE, failed=())
    window.result.show_report(result_of_destination)
    window.frame.stack.setCurrentWidget(window.result)
    assert not window.result.next_steps.boxes[NextStep.DOMAIN].isVisible()
    assert window.result.next_steps.boxes[NextStep.SETTINGS].isVisible()


def test_ticks_are_kept_with_the_copy(window: Window, hands: Hands, finished: int) -> None:
    box = window.result.next_steps.boxes[NextStep.SETTINGS]
    hands.tab_to(box)
    hands.press(Qt.Key.Key_Space)
    window.result.show_report(report(Grade.COMPLETE, failed=()))
    assert not box.isChecked()
    show_result(window, finished)
    assert box.isChecked()
    assert window.services.history.ticked(finished) == {"settings"}


def test_the_checklist_waits_until_the_copy_is_over(window: Window) -> None:
    result_of(Grade.INTERRUPTED)(window)
    assert not window.result.next_card.isVisible()


def test_a_second_pass_asks_only_for_the_passwords_that_are_forgotten(
    window: Window, hands: Hands, finished: int, server: PatientServer
) -> None:
    server.may_end.set()
    copy = ScriptedCopy(report())
    window.services = replace(window.services, start=copy.open)
    window.draft.forget_passwords()
    plan = window.draft.plan()
    window.result.next_steps.buttons[NextStep.SECOND_PASS].click()
    for page in (window.source, window.destination):
        hands.wait_for(page.page_id)
        assert page.form.rows["password"].fault.text() == "!  Tapez le mot de passe de cette boîte."
        hands.type_into(page.form.password.edit, "secret")
        hands.enter()
    hands.wait_for(PageId.PROGRESS)
    assert [started[0] for started in copy.started] == [plan]


def test_another_mailbox_typed_instead_goes_through_the_review(
    window: Window, hands: Hands, finished: int, server: PatientServer
) -> None:
    server.may_end.set()
    window.draft.forget_passwords()
    window.result.next_steps.buttons[NextStep.SECOND_PASS].click()
    hands.wait_for(PageId.SOURCE)
    hands.type_into(window.source.form.address, "autre@exemple.fr")
    hands.type_into(window.source.form.password.edit, "secret")
    hands.enter()
    hands.wait_for(PageId.DESTINATION)
    hands.type_into(window.destination.form.password.edit, "secret")
    hands.enter()
    hands.wait_for(PageId.OPTIONS)


def test_the_page_says_how_many_more_there_are_than_are_listed(window: Window) -> None:
    cut = replace(report(), unlisted=7, unlisted_edited=8, unlisted_notes=9)
    window.result.show_report(cut)
    shown = [label.text() for label in window.result.findChildren(QLabel) if not label.isHidden()]
    assert "!  La liste s’arrête ici\u202f: 7 autres n’ont pas pu être copiés." in shown
    assert "!  La liste s’arrête ici\u202f: 8 autres ont été modifiés depuis." in shown
    assert "!  La liste s’arrête ici\u202f: il y a encore 9 remarques." in shown


def test_messages_that_may_have_arrived_can_be_called_copied(window: Window, hands: Hands) -> None:
    doubts = result_undecided(window)
    button = decision(window, hands, "Considérer comme copiés")
    hands.tab_to(button)
    hands.press(Qt.Key.Key_Space)
    assert doubts.asked == ["accept"]
    shown = [label.text() for label in window.result.findChildren(QLabel) if not label.isHidden()]
    assert "✓  Ils comptent comme copiés, selon votre décision." in shown


def test_messages_that_may_have_arrived_can_be_copied_again_at_once(
    window: Window, hands: Hands
) -> None:
    doubts = result_undecided(window)
    copy = ScriptedCopy(report())
    window.services = replace(window.services, start=copy.open)
    button = decision(window, hands, "Copier de nouveau (peut-être en double)")
    hands.tab_to(button)
    hands.press(Qt.Key.Key_Space)
    hands.wait_for(PageId.PROGRESS)
    assert doubts.asked == ["send again"]
    assert len(copy.started) == 1


def decision(window: Window, hands: Hands, text: str) -> QPushButton:
    def there() -> list[QPushButton]:
        buttons = window.result.findChildren(QPushButton)
        return [b for b in buttons if b.text().replace("&", "") == text and b.isVisible()]

    hands.until(lambda: bool(there()))
    return there()[0]


def test_nothing_to_retry_leaves_one_button(window: Window) -> None:
    result_of(Grade.COMPLETE, failed=())(window)
    assert window.main_button.text().replace("&", "") == "Terminer"
    assert not window.result.again_button.isVisible()


@pytest.mark.parametrize("suffix", ["html", "csv"])
def test_the_report_is_saved(window: Window, tmp_path: Path, suffix: str) -> None:
    result_of(Grade.INCOMPLETE)(window)
    file = tmp_path / "rapport"
    getattr(window.result, f"{suffix}_button").click()
    dialog = window.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.selectFile(str(file))
    dialog.accept()
    written = file.with_suffix(f".{suffix}").read_text("utf-8-sig")
    assert "Vacances à la mer" in written


def test_a_report_takes_the_place_of_no_other_file_unasked(window: Window, tmp_path: Path) -> None:
    """Also where the person typed the name without its suffix."""
    result_of(Grade.COMPLETE, failed=())(window)
    other = tmp_path / "rapport.html"
    other.write_text("somebody else's")
    window.result.html_button.click()
    dialog = window.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.selectFile(str(tmp_path / "rapport"))
    asked: list[str] = []

    def refuse() -> None:
        question = QApplication.activeModalWidget()
        if isinstance(question, QMessageBox):
            asked.append(question.text())
            question.reject()

    QTimer.singleShot(0, refuse)
    dialog.accept()
    assert other.read_text() == "somebody else's"
    assert len(asked) == 1
    assert "rapport.html" in asked[0]
    dialog.reject()


def test_a_report_that_cannot_be_saved_is_told(window: Window, tmp_path: Path) -> None:
    result_of(Grade.COMPLETE, failed=())(window)
    (tmp_path / "folder.html").mkdir()
    for place, code in (("nowhere/rapport.html", "46-02"), ("folder.html", "46-03")):
        window.result.html_button.click()
        *_before, dialog = window.findChildren(QFileDialog)
        dialog.fileSelected.emit(str(tmp_path / place))
        dialog.reject()
        assert window.panel.isVisible()
        assert window.panel.code.text() == f"Code {code}"


def test_forgetting_a_copy_names_the_mail_that_stays_on_this_computer(
    window: Window, hands: Hands, finished: int, tmp_path: Path
) -> None:
    rescued = tmp_path / "state" / "rescue" / str(finished)
    rescued.mkdir(parents=True)
    window.home.load()
    window.review.change_wanted.emit(PageId.HOME)
    hands.until(window.home.resume_buttons[0].isVisible)
    hands.press(Qt.Key.Key_Tab)
    assert window.focusWidget().text() == "Oublier"
    hands.press(Qt.Key.Key_Space)
    box = QApplication.activeModalWidget()
    assert str(rescued) in box.informativeText()
    hands.answer("Oublier")
    hands.until(lambda: not window.services.history.runs())
    assert rescued.is_dir()


def test_rescued_mail_is_one_button_away(
    window: Window, finished: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    button = window.result.rescued_button
    assert not button.isVisible()
    rescued = tmp_path / "state" / "rescue" / str(finished)
    rescued.mkdir(parents=True)
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    show_result(window, finished)
    button.click()
    assert opened == [str(rescued)]
