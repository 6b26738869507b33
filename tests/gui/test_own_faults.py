"""A fault of the program on any page, in any thread: 51-01 in words, nothing on a terminal."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication

from omm_desktop import app
from omm_desktop.model.report import Grade
from omm_desktop.store.credentials import Credentials
from omm_desktop.support import logs
from omm_desktop.support.redact import Redactor
from omm_desktop.ui import launch
from omm_desktop.ui.task import Task
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId
from tests.unit.reports import report

from .hands import Hands
from .mailboxes import open_page
from .scripted import ScriptedCopy

MARKER = "Zéphyrine Marqueur"

pytestmark = pytest.mark.qt_no_exception_capture


def fault(*_args: object, **_named: object) -> object:
    raise ValueError(f"cannot show {MARKER}")


@pytest.fixture
def log(window: Window, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """The hooks and the log as the program has them, and that log."""
    root = logging.getLogger()
    level, raises = root.level, logging.raiseExceptions
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    handler = logs.start(tmp_path, Redactor())
    logs.catch_the_uncaught(window.unexpected.emit)
    yield lambda: (tmp_path / logs.FILE_NAME).read_text("utf-8")
    sys.excepthook, threading.excepthook, sys.unraisablehook = before
    logs.stop(handler)
    root.setLevel(level)
    logging.raiseExceptions = raises


def told(window: Window, hands: Hands, log: Callable[[], str]) -> None:
    hands.until(lambda: window.panel.isVisible() and window.panel.code.text() == "Code 51-01")
    assert "ValueError" in log()
    assert MARKER not in log()


def test_on_every_page(
    window: Window,
    hands: Hands,
    log: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    for id in PageId:
        if id is PageId.PROGRESS:
            continue
        open_page(window, PageId.REVIEW)
        window.result.show_report(report(Grade.COMPLETE))
        window.review.change_wanted.emit(id)
        window.show_problem(None)
        with monkeypatch.context() as patched:
            patched.setattr(window.page, "main_pressed", fault)
            window.main_button.click()
        told(window, hands, log)
    assert "Traceback" not in "".join(capfd.readouterr())


def test_in_a_timer_an_event_a_thread_and_a_task(
    window: Window,
    hands: Hands,
    log: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def in_a_task() -> None:
        task = Task(fault)
        task.failed.connect(window.show_problem)
        task.begin()

    def in_an_event() -> None:
        monkeypatch.setattr(window.frame, "fit_rail", fault)
        QApplication.postEvent(window, QResizeEvent(window.size(), window.size()))

    thread = threading.Thread(target=fault)
    for begin in (lambda: QTimer.singleShot(0, fault), thread.start, in_a_task, in_an_event):
        window.show_problem(None)
        begin()
        told(window, hands, log)
    assert "Traceback" not in "".join(capfd.readouterr())


def test_in_the_copy(
    window: Window, hands: Hands, log: Callable[[], str], capfd: pytest.CaptureFixture[str]
) -> None:
    copy = ScriptedCopy(report())
    copy.run = fault  # type: ignore[method-assign, assignment]
    window.services = replace(window.services, start=copy.open)
    open_page(window, PageId.REVIEW)
    window.main_button.click()
    hands.until(lambda: window.current_page_id is PageId.RESULT)
    told(window, hands, log)
    assert "Traceback" not in "".join(capfd.readouterr())


@pytest.mark.usefixtures("first_start")
@pytest.mark.parametrize(("broken", "code"), [("records", "45-03"), ("window", "51-01")])
def test_at_the_start(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    broken: str,
    code: str,
) -> None:
    said: list[str] = []
    monkeypatch.setattr(launch, "refuse", lambda text: said.append(text) or 4)
    if broken == "records":
        (tmp_path / "first").touch()
    else:
        monkeypatch.setattr(Credentials, "__init__", fault)
    assert app.window([]) == 4
    (told_first,) = said
    assert told_first.startswith(code)
    assert "Traceback" not in "".join(capfd.readouterr())
