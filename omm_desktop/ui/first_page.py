"""The first page shown for a moment, and what it was drawn with."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer, qVersion
from PySide6.QtGui import QFontDatabase, QImage
from PySide6.QtWidgets import QApplication, QStyleFactory

from omm_desktop import language
from omm_desktop.ui import launch
from omm_desktop.ui.garbage import collected_in_this_thread
from omm_desktop.ui.services import Services
from omm_desktop.ui.translation import install_language
from omm_desktop.ui.window import Window

PICTURE = "first-page.png"
_SHOWN_MS = 400
_COLOURS_OF_A_PAGE = 16


def look(services: Services, pictures: Path | None) -> dict[str, object]:
    """What the window found around it. A value that is empty or false is a fault."""
    application = launch.qt_application()
    window = launch.main_window(application, services)
    window.show()
    QTimer.singleShot(_SHOWN_MS, application.quit)
    with collected_in_this_thread(application):
        application.exec()
    picture = window.grab().toImage()
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
        picture.save(str(pictures / PICTURE))
    seen = {
        "qt": qVersion(),
        "platform": application.platformName(),
        "styles": QStyleFactory.keys(),
        "font": application.font().family(),
        # On Windows, where nothing is drawn on a screen, Qt looks for no fonts.
        "fonts": bool(QFontDatabase.families()) or application.platformName() == "offscreen",
        "icon": not window.windowIcon().pixmap(64, 64).isNull(),
        "language": language.current(),
        "cancel_in_french": _cancel_in_french(),
        "page": window.current_page_id,
        "something_drawn": _is_drawn(picture),
        "screens": len(application.screens()),
    }
    _put_away(window)
    return seen


def _cancel_in_french() -> str:
    """Qt's own word for its buttons; empty when its French is not there."""
    before = language.current()
    install_language("fr")
    word = QCoreApplication.translate("QPlatformTheme", "Cancel")
    install_language(before)
    return word if word != "Cancel" else ""


def _is_drawn(picture: QImage) -> bool:
    small = picture.scaled(120, 90)
    colours = {small.pixel(x, y) for x in range(small.width()) for y in range(small.height())}
    return len(colours) >= _COLOURS_OF_A_PAGE


def _put_away(window: Window) -> None:
    window.close()
    window.deleteLater()
    QApplication.processEvents()
