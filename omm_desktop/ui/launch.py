"""The Qt application around the window."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication, QMessageBox

from omm_desktop import language
from omm_desktop.model.report import Report
from omm_desktop.support import logs
from omm_desktop.ui.garbage import collected_in_this_thread
from omm_desktop.ui.services import Services
from omm_desktop.ui.theme import Appearance, Theme
from omm_desktop.ui.tour import Tour
from omm_desktop.ui.translation import Translation
from omm_desktop.ui.window import Window
from omm_desktop.wizard.draft import Draft


def show(services: Services, draft: Draft | None = None) -> int:
    """Run the wizard until the person leaves; the exit status."""
    application = qt_application()
    window = main_window(application, services, draft)
    window.show()
    with _faults_told_in(window), collected_in_this_thread(application):
        return application.exec()


def tour(services: Services, draft: Draft, pictures: Path | None) -> Report | None:
    """Press the main button from page to page, and save a picture of each in `pictures`.

    The report, or None when a page could not be passed.
    """
    application = qt_application()
    window = main_window(application, services, draft)
    tour = Tour(window, pictures, lambda well: application.exit(0 if well else 1))
    window.show()
    tour.start()
    with _faults_told_in(window), collected_in_this_thread(application):
        application.exec()
    return window.result.report


def refuse(text: str) -> int:
    """Say why the program cannot start."""
    qt_application()
    box = QMessageBox(QMessageBox.Icon.Warning, "OMM Desktop", text)
    box.exec()
    return 4


def qt_application() -> QApplication:
    found = QApplication.instance()
    application = found if isinstance(found, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("OMM Desktop")
    application.setQuitOnLastWindowClosed(False)
    return application


@contextmanager
def _faults_told_in(window: Window) -> Iterator[None]:
    """Code 51-01 instead of silence, from whatever thread."""
    logs.catch_the_uncaught(window.unexpected.emit)
    try:
        yield
    finally:
        logs.catch_the_uncaught()


def main_window(
    application: QApplication, services: Services, draft: Draft | None = None
) -> Window:
    chosen = services.preferences
    appearance = Appearance(application)
    appearance.use(theme=Theme(chosen.theme), text_size=chosen.text_size or None)
    translation = Translation()
    known = [name for name in language.LANGUAGES if name == chosen.language]
    translation.use(known[0] if known else language.system_language())
    return Window(services, appearance, translation, draft)
