"""One past copy: what it was, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QMenu, QPushButton, QVBoxLayout

from omm_desktop.language import translate as _
from omm_desktop.store.history import PastRun
from omm_desktop.ui.page import label, link
from omm_desktop.ui.widgets.flow_layout import FlowLayout
from omm_desktop.wizard.present import home as words


class PastCopy(QFrame):
    """Each signal is a wish of the person's."""

    again_wanted = Signal()
    look_wanted = Signal()
    forget_wanted = Signal()
    undo_wanted = Signal()

    def __init__(self, run: PastRun, *, leads: bool) -> None:
        """`leads` when going on with it is what one would do next."""
        super().__init__()
        self.run = run
        self.setObjectName("notice" if run.interrupted else "card")
        self.headline, self.details = label("section"), label("quiet")
        self.again, self.look = QPushButton(words.again(run)), link()
        self.forget, self.more = link(), link()
        self.again.setObjectName("main" if leads else "")
        self.look.setText(_("See the report"))
        self.forget.setText(_("Forget"))
        # What is seldom wanted, and never by a slip of the hand.
        self.more.setText(_("More"))
        menu = QMenu(self.more)
        menu.addAction(_("&Remove what was copied…"), self.undo_wanted.emit)
        self.more.setMenu(menu)
        self.more.setProperty("menu", True)
        self._lay_out()
        self.look.setVisible(run.has_report)
        self.again.clicked.connect(self.again_wanted)
        self.look.clicked.connect(self.look_wanted)
        self.forget.clicked.connect(self.forget_wanted)
        self.show_counts(run)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addWidget(self.headline)
        layout.addWidget(self.details)
        buttons = self.again, self.look, self.forget, self.more
        for button in buttons:
            button.setAccessibleName(f"{button.text()}, {words.way(self.run.plan)}")
        layout.addLayout(FlowLayout(*buttons, spacing=12))

    def show_counts(self, run: PastRun) -> None:
        """The same copy, once its items have been counted."""
        self.run = run
        way = words.way(run.plan)
        told = (words.interrupted(run), way) if run.interrupted else (way, words.outcome(run))
        self.headline.setText(told[0])
        self.details.setText(told[1])
        self.more.setVisible(bool(run.removable) or run.undoing)
