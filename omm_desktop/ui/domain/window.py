"""The window "Check the domain": what the zone holds, what the offer expects, what to type."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QIcon, QKeySequence, QShortcut
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
from omm_desktop.guide.diagnosis import diagnose
from omm_desktop.guide.findings import Diagnosis, Finding, Part
from omm_desktop.guide.resolver import LookupStopped, NameServer, Resolver
from omm_desktop.language import translate as _
from omm_desktop.model.problem import Problem
from omm_desktop.ui import tab_order
from omm_desktop.ui.domain.finding_card import FindingCard, breakable
from omm_desktop.ui.domain.question_form import Asked, QuestionForm
from omm_desktop.ui.page import MARGIN, label
from omm_desktop.ui.services import Services
from omm_desktop.ui.task import Cancelled, Task
from omm_desktop.ui.theme import Appearance
from omm_desktop.ui.widgets.announcer import Announcer
from omm_desktop.ui.widgets.problem_panel import ProblemPanel
from omm_desktop.wizard.present import domain as words
from omm_desktop.wizard.present import problems

_ORDER = tuple(Part)


class DomainWindow(QMainWindow):
    """Stands beside other windows. Closing it ends a check and hides it."""

    def __init__(self, services: Services, appearance: Appearance) -> None:
        super().__init__()
        self._services = services
        self._task: Task | None = None
        self._stop = threading.Event()
        self._diagnosis: Diagnosis | None = None
        self._problem: Problem | None = None
        self.cards: list[FindingCard] = []
        self.announcer = Announcer(self)
        self.setWindowIcon(QIcon(str(paths.resources() / "icons" / "omm-desktop.svg")))
        self.resize(760, 700)
        self.setMinimumSize(520, 480)
        self.form = QuestionForm(services.providers)
        self.panel = ProblemPanel(above=8, below=12)
        self.close_button, self.cancel_button = QPushButton(), QPushButton()
        self.check_button = QPushButton()
        self.check_button.setObjectName("main")
        self._build()
        self.form.wanted.connect(self.check)
        self.form.edited.connect(self._forget)
        self.check_button.clicked.connect(self.check)
        self.cancel_button.clicked.connect(self.cancel)
        self.close_button.clicked.connect(self.close)
        appearance.changed.connect(self.panel.fit)
        QShortcut(QKeySequence("Esc"), self).activated.connect(self._escape)
        self.retranslate()

    def _build(self) -> None:
        self.page = QScrollArea()
        self.page.setObjectName("page")
        self.page.setWidgetResizable(True)
        self.page.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body, frame, self.bar = QWidget(), QWidget(), QFrame()
        body.setObjectName("pageBody")
        self.bar.setObjectName("buttons")
        frame.setObjectName("frame")
        self.page.setWidget(body)
        self.title, self.promise = label("title"), label("promise")
        self.headline, self.place = label("section"), label("quiet")
        self._cards = QVBoxLayout()
        self._cards.setSpacing(12)
        content = QVBoxLayout(body)
        content.setContentsMargins(MARGIN, 20, MARGIN, 20)
        content.setSpacing(12)
        for widget in (self.title, self.promise, self.form, self.headline, self.place):
            content.addWidget(widget)
        content.addLayout(self._cards)
        content.addStretch(1)
        buttons = QHBoxLayout(self.bar)
        buttons.setContentsMargins(MARGIN, 10, MARGIN, 10)
        buttons.addWidget(self.close_button)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.check_button)
        outer = QVBoxLayout(frame)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.page, 1)
        outer.addWidget(self.panel)
        outer.addWidget(self.bar)
        self.setCentralWidget(frame)

    def show_domain(self, domain: str, service: str, host: str = "") -> None:
        """The window in front, with these values; nothing is asked yet.

        `host` is the server of the new mailbox: it may hold the number that the offer asks for.
        """
        self._forget()
        self.form.fill(domain, service, host)
        self.retranslate()
        self.bring_forward()

    def bring_forward(self) -> None:
        self.show()
        self.raise_()
        self.activateWindow()
        self.form.domain.setFocus(Qt.FocusReason.OtherFocusReason)
        self.announcer.say(f"{self.title.text()}. {self.promise.text()}")

    def focusNextPrevChild(self, forward: bool) -> bool:
        inside = self.page.widget(), self.panel.widget(), self.bar
        along = [stop for part in inside for stop in tab_order.stops(part)]
        return tab_order.step(self, along, forward=forward)

    def leave(self) -> None:
        """Before the program ends."""
        self.close()

    @property
    def checking(self) -> bool:
        return self._task is not None

    def check(self) -> None:
        if self.checking:
            return
        asked = self.form.read()
        if asked is None:
            self.announcer.say(self.form.first_fault(), at_once=True)
            return
        self._forget()
        self._stop = threading.Event()
        self._task = Task(_work(asked, self._services.name_servers, self._stop))
        self._task.stepped.connect(self._add)
        self._task.done.connect(self._ended)
        self._task.failed.connect(self._failed)
        self._task.begin()
        self._show_state()
        self.announcer.say(self.check_button.text(), at_once=True)

    def cancel(self) -> None:
        """Nothing more is told; what was found stays."""
        if self._task is None:
            return
        self._end_task()
        self.announcer.say(_("The check is cancelled."), at_once=True)

    def retranslate(self) -> None:
        self.setWindowTitle(_("Check the domain – OMM Desktop"))
        self.title.setText(_("Check the domain"))
        self.promise.setText(_("This check changes nothing.") + " " + words.patience())
        self.close_button.setText(_("C&lose"))
        self.cancel_button.setText(_("C&ancel"))
        self.form.retranslate()
        self.panel.retranslate()
        findings = [card.finding for card in self.cards]
        self._clear()
        for finding in findings:
            self._add(finding)
        self._show_state()
        self._show_problem(self._problem)

    def _ended(self, diagnosis: Diagnosis) -> None:
        self._diagnosis = diagnosis
        self._end_task()
        self._show_problem(diagnosis.unanswered)
        self.announcer.say(self.headline.text(), at_once=True)
        QTimer.singleShot(0, self, self._show_result)

    def _show_result(self) -> None:
        """The headline on top, once the lines have their places."""
        self.page.verticalScrollBar().setValue(self.headline.y() - MARGIN // 2)

    def _failed(self, problem: Problem) -> None:
        self._clear()
        self._end_task()
        self._show_problem(problem)
        self.announcer.say(self.panel.accessibleName(), at_once=True)

    def _end_task(self) -> None:
        if self._task is not None:
            self._stop.set()
            self._task.cancel()
            self._task = None
        self._show_state()

    def _forget(self) -> None:
        """What is shown belongs to other values."""
        self._end_task()
        self._diagnosis = None
        self._clear()
        self._show_state()
        self._show_problem(None)

    def _show_state(self) -> None:
        self.check_button.setText(_("Checking…") if self.checking else _("&Check the domain"))
        self.cancel_button.setVisible(self.checking)
        found = self._diagnosis
        self.headline.setText(words.headline(found) if found else "")
        self.place.setText(breakable(words.name_servers(found)) if found else "")
        for text in (self.headline, self.place):
            text.setVisible(bool(text.text()))

    def _show_problem(self, problem: Problem | None) -> None:
        self._problem = problem
        if problem is None:
            self.panel.clear()
        else:
            self.panel.tell(problems.problem(self._services.catalogue, problem))

    def _add(self, finding: Finding) -> None:
        """In the order of the lines, whatever was answered first."""
        card = FindingCard(finding)
        card.copied.connect(lambda: self.announcer.say(_("Copied."), at_once=True))
        place = _ORDER.index(finding.part)
        at = sum(_ORDER.index(other.finding.part) < place for other in self.cards)
        self.cards.insert(at, card)
        self._cards.insertWidget(at, card)

    def _clear(self) -> None:
        for card in self.cards:
            card.hide()
            card.deleteLater()
        self.cards = []

    def _escape(self) -> None:
        if self.checking:
            self.cancel()
        else:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._end_task()
        super().closeEvent(event)


def _work(
    asked: Asked, name_servers: Callable[[], Sequence[NameServer]], stop: threading.Event
) -> Callable[[Callable[[Finding], None]], Diagnosis]:
    def work(step: Callable[[Finding], None]) -> Diagnosis:
        resolver = Resolver(name_servers(), stopped=stop.is_set)
        try:
            return diagnose(
                resolver,
                asked.domain,
                asked.service,
                server=asked.server,
                ownership_code=asked.code,
                tell=step,
            )
        except LookupStopped:
            raise Cancelled from None

    return work
