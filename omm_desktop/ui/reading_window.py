"""A window to read beside the others: a title, a promise, and cards below each other."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from omm_desktop import paths
from omm_desktop.language import translate as _
from omm_desktop.ui import tab_order
from omm_desktop.ui.page import MARGIN, empty, label


class ReadingWindow(QMainWindow):
    """Stands beside other windows; the arrow keys scroll it. Closing it only hides it.

    `above` is for fields over the cards, `beside_close` for buttons.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setWindowIcon(QIcon(str(paths.resources() / "icons" / "omm-desktop.svg")))
        self.resize(760, 700)
        self.setMinimumSize(520, 480)
        self.title, self.promise = label("title"), label("promise")
        self.close_button = QPushButton()
        self.close_button.clicked.connect(self.close)
        self._build()
        QShortcut(QKeySequence("Esc"), self).activated.connect(self.close)
        self.retranslate()

    def _build(self) -> None:
        self.page, body, frame, self.bar = QScrollArea(), QWidget(), QWidget(), QFrame()
        self.page.setObjectName("reader")
        self.page.setWidgetResizable(True)
        self.page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body.setObjectName("pageBody")
        frame.setObjectName("frame")
        self.bar.setObjectName("buttons")
        self.page.setWidget(body)
        self.above, self._cards = QVBoxLayout(), QVBoxLayout()
        for part in (self.above, self._cards):
            part.setSpacing(12)
        content = QVBoxLayout(body)
        content.setContentsMargins(MARGIN, 20, MARGIN, 20)
        content.setSpacing(12)
        content.addWidget(self.title)
        content.addWidget(self.promise)
        content.addLayout(self.above)
        content.addLayout(self._cards)
        content.addStretch(1)
        buttons, self.beside_close = QHBoxLayout(self.bar), QHBoxLayout()
        buttons.setContentsMargins(MARGIN, 10, MARGIN, 10)
        buttons.addWidget(self.close_button)
        buttons.addStretch(1)
        buttons.addLayout(self.beside_close)
        outer = QVBoxLayout(frame)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.page, 1)
        outer.addWidget(self.bar)
        self.setCentralWidget(frame)

    def focusNextPrevChild(self, forward: bool) -> bool:
        inside = self.page.widget(), self.bar
        along = [self.page, *(stop for part in inside for stop in tab_order.stops(part))]
        return tab_order.step(self, along, forward=forward)

    def bring_forward(self) -> None:
        self.show()
        self.raise_()
        self.activateWindow()
        self.page.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self.page.setAccessibleName(self.title.text())
        self.setWindowTitle(f"{self.title.text()} – OMM Desktop")
        self.close_button.setText(_("C&lose"))
        self.show_cards()

    def show_cards(self) -> None:
        empty(self._cards)
        for card in self.cards():
            self._cards.addWidget(card)

    def cards(self) -> Iterable[QWidget]:
        """What there is to read, in the current language."""
        return ()
