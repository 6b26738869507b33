"""The focus stays where a person works, whatever changes around it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget

from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.ui.theme import Appearance
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId

from . import looks
from .mailboxes import open_page
from .test_pictures import past_copies  # noqa: F401


def is_seen(window: Window, widget: QWidget) -> bool:
    view = window.page.viewport()
    return view.rect().contains(QRect(widget.mapTo(view, QPoint(0, 0)), widget.size()))


def test_a_problem_and_larger_text_hide_no_field_that_is_typed_in(
    window: Window, appearance: Appearance
) -> None:
    field = window.source.form.password.edit
    field.setFocus()
    appearance.use(text_size=200)
    looks.settle(window)
    assert is_seen(window, field)
    window.show_problem(Problem(ProblemId.SIGN_IN_REFUSED, Place.SOURCE))
    looks.settle(window)
    assert is_seen(window, field)


@pytest.mark.usefixtures("past_copies")
def test_a_new_language_leaves_the_focus_with_the_same_copy(
    request: pytest.FixtureRequest,
) -> None:
    window = request.getfixturevalue("window")
    window.home.resume_buttons[1].setFocus()
    window.use_language("en")
    assert window.focusWidget() is window.home.resume_buttons[1]


def test_what_was_scrolled_for_the_focus_goes_back_once_there_is_room(
    window: Window, appearance: Appearance
) -> None:
    open_page(window, PageId.OPTIONS)
    appearance.use(text_size=200)
    looks.settle(window)
    assert window.page.verticalScrollBar().value() > 0
    appearance.use(text_size=100)
    looks.settle(window)
    field = window.options.first_field()
    assert field is not None
    assert field.hasFocus()
    assert is_seen(window, field)
    assert window.page.verticalScrollBar().value() == 0
