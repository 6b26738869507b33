"""Looks for the settings of an address, and asks before another company's server is used."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from omm_desktop.guide.discovery.candidate import Candidate, Findings
from omm_desktop.language import translate as _
from omm_desktop.model.problem import Place, Problem
from omm_desktop.model.secret import Secret
from omm_desktop.ui.page import label, link
from omm_desktop.ui.services import Services, SettingsSearch
from omm_desktop.ui.task import Task
from omm_desktop.wizard import finding
from omm_desktop.wizard.finding import Scope
from omm_desktop.wizard.present import finding as words


class SettingsFinder(QWidget):
    """Says how it ends: `found` with candidates to try in their order, or `missed`.

    After `sign_in` also `refused` with a Problem; after `stop` nothing, whatever was on its way.
    `told` comes with each new text that is shown. Between `rest` and `wake` nothing begins: a page
    that is left still tells of its fields.
    """

    found = Signal(object)
    missed = Signal()
    refused = Signal(object)
    told = Signal(str)
    wanted = Signal()
    reference_wanted = Signal()

    def __init__(self, services: Services, place: Place, *, by_pop: bool) -> None:
        """`by_pop`: settings without IMAP will do."""
        super().__init__()
        self._services, self._place, self._by_pop = services, place, by_pop
        self._search: SettingsSearch | None = None
        self._task: Task | None = None
        self._resting = self._signed_in = False
        self._waiting: list[Candidate] = []
        self._missed: Findings | None = None
        self._scope, self._taken = Scope.ANYBODY, ""
        self.domain, self._note, self._possible = "", "", False
        self.state = label("hint")
        self.use, self.refuse = QPushButton(), QPushButton()
        self.reference, self.detect = link(), link()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.state)
        answers = QHBoxLayout()
        answers.addWidget(self.use)
        answers.addWidget(self.refuse)
        answers.addStretch(1)
        layout.addLayout(answers)
        for button in (self.reference, self.detect):
            layout.addWidget(button, alignment=Qt.AlignmentFlag.AlignLeft)
        self.use.clicked.connect(self._use)
        self.refuse.clicked.connect(self._refuse)
        self.detect.clicked.connect(self.wanted)
        self.reference.clicked.connect(self.reference_wanted)
        self._show()

    @property
    def looking(self) -> bool:
        return self._task is not None

    @property
    def asking(self) -> bool:
        return bool(self._waiting)

    def look(self, address: str, scope: Scope, taken: str = "") -> None:
        """Begins a search; one that is under way ends. `taken`: see `finding.usable`."""
        self.stop()
        if self._resting:
            return
        try:
            search = self._services.search(address, self._place, scope is Scope.EXCHANGE)
        except ValueError:
            self.missed.emit()
            return
        self._scope, self._taken, self._search = scope, taken, search
        self.domain = address.rpartition("@")[2]
        self._task = Task(lambda step: search.run())
        self._task.done.connect(self._done)
        self._task.failed.connect(lambda problem: self._done(Findings()))
        self._task.begin()
        self._show()

    @property
    def exchange(self) -> Candidate | None:
        """The domain's own Exchange server, not asked yet, when nothing better was found."""
        found = self._missed.exchange_only if self._missed and not self.asking else None
        usable = found is not None and not found.needs_consent and not self._signed_in
        return found if usable and self._scope is not Scope.OVHCLOUD else None

    def sign_in(self, address: str, secret: Secret) -> None:
        """Asks that Exchange server for the mailbox's settings."""
        found, place, ask = self.exchange, self._place, self._services.ask_exchange
        if found is None:
            return
        self._task = Task(lambda step: Findings((ask(found, address, secret, place),)))
        self._task.done.connect(self._done)
        self._task.failed.connect(self._refused)
        self._task.begin()
        self._signed_in = True
        self._show()

    def stop(self) -> None:
        """Nothing is looked for or asked any more."""
        if self._task is not None:
            self._task.cancel()
        if self._search is not None:
            self._search.cancel()
        self._task, self._search, self._missed = None, None, None
        self._waiting, self.domain, self._note, self._signed_in = [], "", "", False
        self._show()

    def rest(self) -> None:
        self.stop()
        self._resting = True

    def wake(self) -> None:
        self._resting = False

    def note(self, text: str) -> None:
        """Something to know about what was found."""
        self._note = text
        self._show()

    def offer(self, *, possible: bool) -> None:
        """Whether a search makes sense: the address is complete."""
        self._possible = possible
        self._show()

    def retranslate(self) -> None:
        self.use.setText(_("Use these settings"))
        self.refuse.setText(_("Do not use them"))
        self.reference.setText(_("Open the mail settings of the providers"))
        self.detect.setText(_("Detect the settings"))
        self._show()

    def _done(self, findings: Findings) -> None:
        self._task = self._search = None
        candidates = finding.usable(findings, self._scope, self._taken, by_pop=self._by_pop)
        self._missed = findings
        self._go_on(candidates)

    def _refused(self, problem: Problem) -> None:
        """The password may be typed again, so the server may be asked again."""
        self._task, self._signed_in = None, False
        self._show()
        self.refused.emit(problem)

    def _go_on(self, candidates: list[Candidate]) -> None:
        self._waiting = []
        if not candidates:
            self._show()
            self.missed.emit()
        elif candidates[0].needs_consent:
            self._waiting = candidates
            self._show()
        else:
            self._missed = None
            self._show()
            self.found.emit(finding.alternatives(candidates))

    def _use(self) -> None:
        candidates, self._waiting, self._missed = self._waiting, [], None
        self._show()
        self.found.emit(finding.alternatives(candidates))

    def _refuse(self) -> None:
        self._go_on(self._waiting[1:])

    def _show(self) -> None:
        before = self.state.text()
        self.state.setText(self._words())
        self.state.setVisible(bool(self.state.text()))
        for button in (self.use, self.refuse):
            button.setVisible(self.asking)
        self.detect.setVisible(self._possible and not self.looking and not self.asking)
        self.reference.setVisible(self._has_missed and self._scope is Scope.ANYBODY)
        if self.state.text() and self.state.text() != before:
            self.told.emit(self.state.text())

    @property
    def _has_missed(self) -> bool:
        return self._missed is not None and not self.asking and self.exchange is None

    def _words(self) -> str:
        if self.looking:
            return words.looking()
        if self.asking:
            return words.consent(self._waiting[0])
        if self.exchange is not None:
            return words.exchange_found(self.domain)
        if self._missed is not None:
            return words.nothing_found(
                self.domain, self._missed, self._scope, self._taken, self._services.catalogue
            )
        return self._note
