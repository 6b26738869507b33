"""What happened, what to do, and the code: the same place and shape on every page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout

from omm_desktop.language import in_context
from omm_desktop.language import translate as _
from omm_desktop.ui.page import MARGIN, label, link
from omm_desktop.ui.widgets.flow_layout import FlowLayout
from omm_desktop.wizard.present.problems import ProblemText


class ProblemPanel(QScrollArea):
    """As tall as its text, up to half of the window; beyond that it scrolls.

    `above` and `below` are distances in pixels that go when it is hidden: without a problem the
    page reaches down to the buttons.
    """

    def __init__(self, above: int, below: int) -> None:
        super().__init__()
        self._above, self._below, self._beside = above, below, 0
        self.setViewportMargins(MARGIN, above, MARGIN, below)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._frame = QFrame()
        self._frame.setObjectName("problem")
        self.setWidget(self._frame)
        self._text: ProblemText | None = None
        outer = QVBoxLayout(self._frame)
        outer.setContentsMargins(16, 10, 16, 8)
        outer.setSpacing(4)
        self.title = label("problemTitle")
        self.remedy = label()
        self._actions = FlowLayout()
        self.code = QLabel()
        self.code.setObjectName("quiet")
        self.copy_button, self.details_button = link(), link()
        self.details = label("quiet")
        outer.addWidget(self.title)
        outer.addWidget(self.remedy)
        outer.addLayout(self._actions)
        outer.addLayout(FlowLayout(self.code, self.copy_button, self.details_button))
        outer.addWidget(self.details)
        outer.addStretch(1)  # else texts spread over room meant for a narrower window
        self.copy_button.clicked.connect(self._copy)
        self.details_button.setCheckable(True)
        self.details_button.toggled.connect(self._toggle)
        self.hide()

    def tell(self, text: ProblemText, actions: Sequence[QPushButton] = ()) -> None:
        if text != self._text:
            self.details_button.setChecked(False)
        self._text = text
        self.title.setText(f"!  {text.title}")
        self.remedy.setText(text.remedy)
        self.code.setText(text.code_line)
        self.details.setText("\n".join(text.details))
        self.details.setVisible(self.details_button.isChecked())
        self.setAccessibleName(f"{text.title} {text.remedy} {text.code_line}")
        self._show_actions(actions)
        self.retranslate()
        self.show()
        self.fit()
        self.verticalScrollBar().setValue(0)

    def clear(self) -> None:
        self._text = None
        self._show_actions(())
        self.hide()

    def retranslate(self) -> None:
        self.copy_button.setText(in_context("clipboard", "Cop&y"))
        self.copy_button.setAccessibleName(_("Copy to the clipboard"))
        self.details_button.setText(_("Details for the help desk"))

    def _show_actions(self, actions: Sequence[QPushButton]) -> None:
        while item := self._actions.takeAt(0):
            if widget := item.widget():
                widget.deleteLater()
        for button in actions:
            self._actions.addWidget(button)

    def _toggle(self, shown: bool) -> None:
        self.details.setVisible(shown)
        self.fit()

    def stand_below(self, page: QScrollArea) -> None:
        """Ends where the page's contents end, whose scroll bar takes room of theirs."""
        bar = page.verticalScrollBar()
        self._beside = bar.sizeHint().width() if bar.maximum() else 0
        self.fit()

    def fit(self) -> None:
        """Takes the height that the text needs at this width."""
        wanted = self._frame.heightForWidth(self.width() - 2 * MARGIN - self._beside)
        if wanted <= 0:  # nothing was laid out yet
            return
        wanted += self._above + self._below
        most = self.window().height() // 2
        # A scroll bar of its own stands below the page's. Where all fits there is none, not even
        # for a moment: it would make lines wrap, and so be needed for ever.
        fits, policy = wanted <= most, Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAlwaysOff if fits else policy.ScrollBarAsNeeded
        )
        beside = self._beside if fits else 0
        self.setViewportMargins(MARGIN, self._above, MARGIN + beside, self._below)
        self.setFixedHeight(min(wanted, most))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A button that was added counts from the moment when the layout shows it."""
        handled = super().eventFilter(watched, event)
        if watched is self.widget() and event.type() is QEvent.Type.LayoutRequest:
            self.fit()
        return handled

    def _copy(self) -> None:
        if self._text is not None:
            QGuiApplication.clipboard().setText(self._text.whole)
