"""The Qt application around the window."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QMessageBox

from omm_desktop import language
from omm_desktop.language import translate as _
from omm_desktop.model.report import Report
from omm_desktop.support import logs
from omm_desktop.ui import one_window
from omm_desktop.ui.album import Album
from omm_desktop.ui.garbage import collected_in_this_thread
from omm_desktop.ui.one_window import OneWindow
from omm_desktop.ui.services import Services
from omm_desktop.ui.theme import Appearance, Theme
from omm_desktop.ui.tour import Tour
from omm_desktop.ui.translation import install_language
from omm_desktop.ui.window import Window
from omm_desktop.wizard.draft import Draft
from omm_desktop.wizard.present import mask

_SWITCH_SECONDS = 0.0005
"""After which a thread lets the window's have Python.

That asks for it dozens of times to draw a page, and would wait ten times as long for each.
"""
_HARMLESS = (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg)
_QUOTE = re.compile(r"[\"'“«/\\@]")

_log = logging.getLogger(__name__)


def show(
    services: Services,
    draft: Draft | None = None,
    records: Path | None = None,
    plan: Path | None = None,
) -> int:
    """Run the wizard until the person leaves, from what a `plan` says; the exit status.

    A further start on the folder `records` brings this window forward.
    """
    application = qt_application()
    window = main_window(application, services, draft)
    if records is not None:
        OneWindow(records, window).called.connect(window.come_back)
    window.show()
    if plan is not None:
        window.plan_opening.open(plan)
    with _faults_told_in(window), collected_in_this_thread(application):
        return application.exec()


def tour(services: Services, draft: Draft, pictures: Path | None) -> Report | None:
    """Press the main button from page to page, and save a picture of each in `pictures`.

    The report, or None when a page could not be passed.
    """
    window, _well = _walked(services, draft, lambda window, end: Tour(window, pictures, end))
    return window.result.report


def album(services: Services, draft: Draft, folder: Path, fault: str) -> bool:
    """Take the manual's pictures in `folder`, those of a demo with this fault or without any."""
    return _walked(services, draft, lambda window, end: Album(window, folder, end, fault))[1]


def _walked(
    services: Services, draft: Draft, tour: Callable[[Window, Callable[[bool], None]], Tour]
) -> tuple[Window, bool]:
    """The window at the end of the tour, and whether it came to its end."""
    application = qt_application()
    window = main_window(application, services, draft)
    walk = tour(window, lambda well: application.exit(0 if well else 1))
    window.show()
    walk.start()
    with _faults_told_in(window), collected_in_this_thread(application):
        return window, application.exec() == 0


def call(records: Path, plan: Path | None) -> bool:
    """Have the window of an earlier start on these records shown; False when none answers."""
    qt_application()
    return one_window.call(records, plan)


def refuse(text: str) -> int:
    """Say why the program cannot start."""
    qt_application()
    box = QMessageBox(QMessageBox.Icon.Warning, "OMM Desktop", text)
    box.exec()
    return 4


def offer(text: str, explained: str, accepting: str) -> bool:
    """Say why the program cannot start as it is, and what would help; whether that is wanted."""
    qt_application()
    box = QMessageBox(QMessageBox.Icon.Warning, "OMM Desktop", text)
    box.setInformativeText(explained)
    accept = box.addButton(accepting, QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(accept)
    box.setEscapeButton(box.addButton(_("&Quit"), QMessageBox.ButtonRole.RejectRole))
    box.exec()
    return box.clickedButton() is accept


def qt_application() -> QApplication:
    found = QApplication.instance()
    application = found if isinstance(found, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("OMM Desktop")
    application.setQuitOnLastWindowClosed(False)
    sys.setswitchinterval(_SWITCH_SECONDS)
    return application


@contextmanager
def _faults_told_in(window: Window) -> Iterator[None]:
    """Code 51-01 instead of silence, from whatever thread."""
    logs.catch_the_uncaught(window.unexpected.emit)
    before = qInstallMessageHandler(_note_what_qt_says)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
        logs.catch_the_uncaught()


def _note_what_qt_says(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """Into the log instead of a terminal, and only as far as it quotes nothing."""
    level = logging.INFO if kind in _HARMLESS else logging.WARNING
    _log.log(level, "Qt: %s", _QUOTE.split(text, maxsplit=1)[0].strip())


def main_window(
    application: QApplication, services: Services, draft: Draft | None = None
) -> Window:
    chosen = services.preferences
    mask.put_on(chosen.masked)
    appearance = Appearance(application)
    appearance.use(theme=Theme(chosen.theme), text_size=chosen.text_size or None)
    known = [name for name in language.LANGUAGES if name == chosen.language]
    install_language(known[0] if known else language.system_language())
    return Window(services, appearance, draft)
