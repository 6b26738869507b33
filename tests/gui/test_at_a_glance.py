"""What matters most is what one sees first: in the title, and without scrolling."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget

from omm_desktop.ui.theme import Appearance
from omm_desktop.ui.window import Window

from . import looks
from .scenes import SCENES


def is_in_view(window: Window, widget: QWidget) -> bool:
    seen = window.page.viewport()
    place = QRect(widget.mapTo(seen, QPoint(0, 0)), widget.size())
    return seen.rect().contains(place)


def test_a_lack_of_room_is_told_by_the_title(window: Window) -> None:
    SCENES["review-full"](window)
    assert window.page.title.text() == "Il manque de la place"
    assert "Il manque de la place" in window.windowTitle()
    SCENES["review"](window)  # a trial of a few messages, for which there is room
    assert window.page.title.text() == "Tout est prêt"


def test_what_the_disk_lacks_stands_before_what_to_do(window: Window) -> None:
    SCENES["review-disk-full"](window)
    told = window.panel.remedy.text()
    lacking, remedy = told.split(". ", 1)
    assert lacking.startswith("Il manque")
    assert remedy[0].isupper()


def test_what_has_the_focus_stays_in_view_when_the_text_grows(
    window: Window, appearance: Appearance
) -> None:
    window.resize(900, 640)
    SCENES["progress-password"](window)
    looks.settle(window)
    field = window.progress.answer.password.edit
    assert window.focusWidget() is field
    for percent in (150, 200):
        appearance.use(text_size=percent)
        looks.settle(window)
        assert is_in_view(window, field)
