"""What every page of the wizard has: a title, a first field, and words that switch live."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from omm_desktop.model.problem import Problem
from omm_desktop.ui.services import Services
from omm_desktop.ui.widgets.announcer import Announcer
from omm_desktop.ui.widgets.prose import Prose
from omm_desktop.wizard.draft import Draft
from omm_desktop.wizard.flow import PageId

MARGIN = 28
_AROUND_THE_FOCUS = 24
BELOW_ITS_CHOICE = (28, 4, 0, 8)
"""The margins of a field that belongs to one of several `choices`: under its words, in pixels."""


@dataclass(frozen=True, slots=True)
class PageContext:
    """What the window hands to each page."""

    draft: Draft
    services: Services
    announcer: Announcer


class WizardPage(QScrollArea):
    """A page scrolls by itself; the buttons below never do.

    Signals: `changed` when its buttons or texts must be read again, `advance` when the next page
    may open, `problem_found` with a Problem (None takes the panel away).
    """

    changed = Signal()
    advance = Signal()
    problem_found = Signal(object)

    page_id: PageId

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.draft = context.draft
        self.services = context.services
        self.announcer = context.announcer
        self.bar_buttons: list[QPushButton] = []
        self._followed = 0
        self.setObjectName("page")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # A problem told below takes room, larger text too: neither may hide where a person types.
        self.verticalScrollBar().rangeChanged.connect(self.show_focused_soon)
        body = QWidget()
        body.setObjectName("pageBody")
        self.setWidget(body)
        outer = self._outer = QVBoxLayout(body)
        outer.setContentsMargins(MARGIN, 20, MARGIN, 20)
        self.where = label("where")
        self.title = label("title")
        self.promise = label("promise")
        self.content = QVBoxLayout()
        self.content.setSpacing(12)
        for widget in (self.where, self.title, self.promise):
            outer.addWidget(widget)
        outer.addSpacing(8)
        outer.addLayout(self.content)
        outer.addStretch(1)

    def show_top(self) -> None:
        """Begin to read it."""
        self._followed = 0
        self.verticalScrollBar().setValue(0)

    def show_focused(self) -> None:
        """Scroll to what has the focus, as far as that takes."""
        focused, room = self.window().focusWidget(), self.viewport().height()
        if focused is None or not self.widget().isAncestorOf(focused):
            return
        bar = self.verticalScrollBar()
        is_where_it_was_left = bar.value() == self._followed
        if is_where_it_was_left:
            # Before everything had found its height it may have gone too far.
            bar.setValue(0)
        # Qt is content where the cursor is seen, though the field be cut off.
        top = focused.mapTo(self.widget(), QPoint(0, 0))
        half = min(focused.height(), room // 2) // 2
        around = min(half + _AROUND_THE_FOCUS, room // 2)
        self.ensureVisible(top.x(), top.y() + half, 0, around)
        if is_where_it_was_left:
            self._followed = bar.value()

    def show_focused_soon(self) -> None:
        """Once everything has found its height."""
        QTimer.singleShot(0, self, self.show_focused)

    def show_instead_of_title(self, headline: QLayout) -> None:
        """The title still names the window, and is announced; this is read in its place."""
        self._outer.insertLayout(self._outer.indexOf(self.title), headline)
        self.title.hide()

    def load(self) -> None:
        """Called on arrival: show what the draft holds."""

    def leave(self) -> None:
        """Called when another page opens: end what belongs to this one only."""

    def retranslate(self) -> None:
        """Every text again, in the current language."""

    def first_field(self) -> QWidget | None:
        return None

    def main_text(self) -> str:
        """What the main button says; empty hides it."""
        return ""

    def main_removes(self) -> bool:
        """Whether the main button takes something away for good."""
        return False

    def main_leads(self) -> bool:
        """Whether the main button is what one would press next, and so the filled one."""
        return True

    def main_pressed(self) -> None:
        self.advance.emit()

    def cancel(self) -> bool:
        """Ends something passing, such as a check; True when there was something to end."""
        return False

    def side_buttons(self) -> list[QPushButton]:
        """Those of `bar_buttons` that make sense now."""
        return self.bar_buttons

    def problem_actions(self, problem: Problem) -> list[QPushButton]:
        """What the person can do about it, as buttons of the panel; two at most."""
        return []


def label(name: str = "", text: str = "") -> Prose:
    """A text that wraps; `name` chooses its look in the style sheet."""
    made = Prose(text)
    made.setObjectName(name)
    return made


def card(name: str = "card") -> tuple[QFrame, QVBoxLayout]:
    """A quiet frame around things that belong together, and its layout."""
    frame = QFrame()
    frame.setObjectName(name)
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(16, 12, 16, 12)
    layout.setSpacing(8)
    return frame, layout


def choices(*buttons: QAbstractButton) -> QVBoxLayout:
    """Boxes that belong together: close below each other, each as wide as its words."""
    layout = QVBoxLayout()
    layout.setSpacing(0)
    for button in buttons:
        layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
    return layout


def empty(layout: QLayout) -> None:
    """Takes every widget out of a layout, at once for the eye."""
    while item := layout.takeAt(0):
        if widget := item.widget():
            widget.hide()
            widget.deleteLater()


def link(name: str = "link") -> QPushButton:
    made = QPushButton()
    made.setObjectName(name)
    return made


def set_state(widget: QWidget, state: str, value: str) -> None:
    """Sets a property the style sheet looks at, and has the widget drawn anew."""
    if widget.property(state) == value:
        return
    widget.setProperty(state, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
