"""The demo with a chosen fault: each shows what the manual says, and the way out works."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from omm_desktop.demo import DemoServers, Fault
from omm_desktop.model.report import Grade, Report
from omm_desktop.support.catalogue import catalogue
from omm_desktop.ui.widgets.problem_panel import ProblemPanel
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId

from .hands import Hands

Start = Callable[[Fault], DemoServers]


@pytest.fixture
def start(window: Window) -> Iterator[Start]:
    """The window on the demo with a fault, as `omm-desktop --demo=` opens it."""
    begun: list[DemoServers] = []

    def start(fault: Fault) -> DemoServers:
        servers = DemoServers(fault)
        servers.start()
        begun.append(servers)
        window.draft.source.prefill(servers.source, servers.typed)
        window.draft.destination.prefill(servers.destination, servers.password)
        window.source.load()
        return servers

    yield start
    window.copying.stop()
    for servers in begun:
        servers.stop()


def start_copy(hands: Hands) -> None:
    hands.enter()
    for page in (PageId.DESTINATION, PageId.OPTIONS, PageId.REVIEW, PageId.PROGRESS):
        hands.wait_for(page)
        if page is not PageId.PROGRESS:
            hands.enter()


def report_of(window: Window) -> Report:
    report = window.result.report
    assert report is not None
    return report


def is_whole(panel: ProblemPanel) -> bool:
    """Whether all of it is seen, down to the code."""
    QApplication.processEvents()
    return panel.code.geometry().bottom() <= panel.viewport().height()


def codes(report: Report) -> set[str]:
    told = [one.problem for one in (*report.notes, *report.failed)]
    return {catalogue().entry(problem).code for problem in told}


@pytest.mark.parametrize(
    ("fault", "code"), [(Fault.WRONG_PASSWORD, "11-01"), (Fault.APP_PASSWORD, "11-02")]
)
def test_a_password_to_type_again(
    window: Window, hands: Hands, start: Start, fault: Fault, code: str
) -> None:
    start(fault)
    hands.enter()
    hands.until(window.panel.isVisible)
    assert code in window.panel.code.text()
    hands.type_into(window.source.form.password.edit, "demo")
    hands.enter()
    hands.wait_for(PageId.DESTINATION)
    hands.enter()
    hands.wait_for(PageId.OPTIONS)


def test_full_halfway_and_enlarged_a_little_later(
    window: Window, hands: Hands, start: Start
) -> None:
    start(Fault.FULL)
    start_copy(hands)
    answer = window.progress.answer
    hands.until(answer.isVisible)
    assert "26-01" in window.panel.code.text()
    assert is_whole(window.panel)

    def is_over() -> bool:
        if answer.isVisible():
            answer.button.click()
        return window.current_page_id is PageId.RESULT

    hands.until(is_over)
    assert report_of(window).grade is Grade.COMPLETE


def test_cut_it_goes_on_by_itself(window: Window, hands: Hands, start: Start) -> None:
    start(Fault.CUT)
    told: list[str] = []
    window.progress.sampled.connect(lambda _snapshot: told.append(window.progress.waiting.text()))
    start_copy(hands)
    hands.wait_for(PageId.RESULT)
    assert report_of(window).grade is Grade.COMPLETE
    assert any("12-04" in text for text in told)


def test_refused_messages_are_rescued(window: Window, hands: Hands, start: Start) -> None:
    start(Fault.REFUSED)
    start_copy(hands)
    hands.wait_for(PageId.RESULT)
    report = report_of(window)
    assert report.grade is Grade.INCOMPLETE
    assert len(report.failed) == 5
    assert {"25-02", "25-12"} <= codes(report)


def test_a_password_changed_halfway_is_asked_for(
    window: Window, hands: Hands, start: Start
) -> None:
    start(Fault.PASSWORD_CHANGED)
    start_copy(hands)
    hands.until(window.progress.answer.isVisible)
    assert "11-01" in window.panel.code.text()
    assert is_whole(window.panel)
    hands.type_into(window.progress.answer.password.edit, "demo")
    hands.tab_to(window.progress.answer.button)
    hands.press(Qt.Key.Key_Space)
    hands.wait_for(PageId.RESULT)
    assert report_of(window).grade.nothing_missing
