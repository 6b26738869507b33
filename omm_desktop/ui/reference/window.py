"""The window of the settings reference: services on the left, one of them on the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from omm_desktop import paths
from omm_desktop.guide.providers import Providers
from omm_desktop.guide.service import Service
from omm_desktop.language import translate as _
from omm_desktop.support.catalogue import Catalogue
from omm_desktop.ui.page import MARGIN
from omm_desktop.ui.reference.printing import print_sheet
from omm_desktop.ui.reference.service_list import ServiceList
from omm_desktop.ui.reference.service_view import ServiceView
from omm_desktop.ui.theme import Appearance
from omm_desktop.ui.widgets.announcer import Announcer

_NARROW = 720
_LARGE_TEXT = 150
_LIST_WIDTH = 280


class ReferenceWindow(QMainWindow):
    """Stands beside other windows and remembers nothing. Closing it only hides it."""

    def __init__(self, providers: Providers, catalogue: Catalogue, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.announcer = Announcer(self)
        self.setWindowIcon(QIcon(str(paths.resources() / "icons" / "omm-desktop.svg")))
        self.resize(900, 640)
        self.setMinimumSize(520, 480)
        self.services = ServiceList(providers.services)
        self.view = ServiceView(providers.services[0], catalogue, appearance)
        self.bar, self.close_button = QFrame(), QPushButton()
        self.print_button, self.try_button = QPushButton(), QPushButton()
        self.try_button.setObjectName("main")
        self._build_frame()
        self._connect()
        self.retranslate()
        self.show_service(providers.services[0].id)

    def _build_frame(self) -> None:
        frame = QWidget()
        frame.setObjectName("frame")
        self.bar.setObjectName("buttons")
        buttons = QHBoxLayout(self.bar)
        buttons.setContentsMargins(MARGIN, 10, MARGIN, 10)
        buttons.addWidget(self.close_button)
        buttons.addStretch(1)
        buttons.addWidget(self.print_button)
        buttons.addWidget(self.try_button)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.view, 1)
        right.addWidget(self.bar)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight, frame)
        self._sides.setContentsMargins(0, 0, 0, 0)
        self._sides.setSpacing(0)
        self._sides.addWidget(self.services)
        self._sides.addLayout(right, 1)
        self.setCentralWidget(frame)

    def _connect(self) -> None:
        self.services.chosen.connect(self._chosen)
        for part in (self.services, self.view):
            part.said.connect(lambda text: self.announcer.say(text, at_once=True))
        self.try_button.clicked.connect(self.view.begin_trial)
        self.print_button.clicked.connect(self._ask_printer)
        self.close_button.clicked.connect(self.close)
        self._appearance.changed.connect(self._look_changed)
        for keys, act in (("Esc", self.close), ("Ctrl+P", self._ask_printer)):
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    def show_service(self, id: str) -> None:
        """All about this service; an unknown id leaves what is shown."""
        self.services.show_service(id)

    def bring_forward(self) -> None:
        """Show the window, in front, ready for typing."""
        self.show()
        self.raise_()
        self.activateWindow()
        first = self.services.list if self.services.list.isVisibleTo(self) else self.services.choice
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        self.announcer.say(f"{self.windowTitle()}. {self.view.title.text()}")

    def show_guide(self) -> None:
        """How to sign in at the service on show."""
        self.view.show_guide()

    def leave(self) -> None:
        """Before the program ends."""
        self.view.trial.forget()
        self.close()

    def retranslate(self) -> None:
        self.setWindowTitle(_("E-mail settings – OMM Desktop"))
        self.print_button.setText(_("&Print…"))
        self.try_button.setText(_("&Try these settings"))
        self.close_button.setText(_("&Close"))
        self.services.retranslate()
        self.view.retranslate()

    def _chosen(self, service: Service) -> None:
        self.view.show_service(service)

    def _ask_printer(self) -> None:
        printer = QPrinter()
        printer.setDocName(self.view.title.text())
        dialog = QPrintDialog(printer, self)
        if dialog.exec():
            self.print_on(printer)

    def print_on(self, printer: QPrinter) -> None:
        print_sheet(self.view.sheet, self.view.steps.program.currentData(), printer)
        self.announcer.say(_("Sent to the printer."), at_once=True)

    def _look_changed(self) -> None:
        self.view.redraw()
        self._fit()

    def _fit(self) -> None:
        """In a narrow window or with large text, one line takes the place of the list."""
        compact = self.width() < _NARROW or self._appearance.text_size >= _LARGE_TEXT
        self.services.set_compact(compact)
        direction = QBoxLayout.Direction
        self._sides.setDirection(direction.TopToBottom if compact else direction.LeftToRight)
        self.services.setMaximumWidth(16_777_215 if compact else self._list_width())

    def _list_width(self) -> int:
        return _LIST_WIDTH * self._appearance.text_size // 100

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
