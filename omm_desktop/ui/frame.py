"""The inside of the window: rail on the left; page, problem, buttons and footer on the right."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from omm_desktop.ui import tab_order
from omm_desktop.ui.button_bar import ButtonBar
from omm_desktop.ui.page import MARGIN, WizardPage
from omm_desktop.ui.widgets.problem_panel import ProblemPanel
from omm_desktop.ui.widgets.step_rail import StepRail

_NARROW = 760
_LARGE_TEXT = 150


class Frame(QWidget):
    """Where everything stands; what it says is the window's affair."""

    def __init__(self, pages: Collection[WizardPage]) -> None:
        super().__init__()
        self.setObjectName("frame")
        self.rail, self.stack = StepRail(), QStackedWidget()
        self.panel, self.footer = ProblemPanel(above=8, below=12), QLabel()
        self.buttons = ButtonBar(button for page in pages for button in page.bar_buttons)
        self.footer.setObjectName("footer")
        for page in pages:
            self.stack.addWidget(page)
            page.verticalScrollBar().rangeChanged.connect(self._fit_panel)
        self.stack.currentChanged.connect(self._fit_panel)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.rail)
        layout.addLayout(self._right(), 1)

    def _right(self) -> QVBoxLayout:
        foot = QHBoxLayout()
        foot.setContentsMargins(MARGIN - 8, 0, MARGIN, 6)
        foot.addWidget(self.footer)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.stack, 1)
        right.addWidget(self.panel)
        right.addWidget(self.buttons)
        right.addLayout(foot)
        return right

    @property
    def page(self) -> WizardPage:
        page = self.stack.currentWidget()
        assert isinstance(page, WizardPage)
        return page

    def _fit_panel(self) -> None:
        self.panel.stand_below(self.page)

    def fit_rail(self, text_size: int) -> None:
        """In a narrow window or with large text, the line above the title says it alone."""
        self.rail.setVisible(self.window().width() >= _NARROW and text_size < _LARGE_TEXT)

    def step(self, *, forward: bool) -> bool:
        """Tab, as one reads."""
        along = [stop for area in self._areas() for stop in area]
        return tab_order.step(self.window(), along, forward=forward)

    def next_area(self) -> None:
        """Move the focus on: rail, page, problem, buttons."""
        areas = [list(filter(tab_order.is_usable, area)) for area in self._areas()]
        focused = self.window().focusWidget()
        at = next((number for number, stops in enumerate(areas) if focused in stops), 0)
        for stops in areas[at + 1 :] + areas[: at + 1]:
            if stops:
                stops[0].setFocus(Qt.FocusReason.TabFocusReason)
                return

    def _areas(self) -> list[list[QWidget]]:
        """Where Tab may stop: in the rail, on the page, in the problem panel, on the buttons."""
        insides = (self.rail, self.page.widget(), self.panel.widget(), self.buttons)
        return [tab_order.stops(inside) for inside in insides]
