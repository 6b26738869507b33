"""Home, once there is a history: resume, look again, copy what is new, forget."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from omm_desktop.language import translate as _
from omm_desktop.model.problem import OmmError
from omm_desktop.store.history import PastRun
from omm_desktop.ui.page import PageContext, WizardPage, card, empty, label, link
from omm_desktop.ui.question import Answer, ask
from omm_desktop.ui.task import Task
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.present import home as words
from omm_desktop.wizard.present import person


class HomePage(WizardPage):
    """`run_again` with a PastRun (resume and second pass are the same act), `look_at` and
    `take_back` likewise.
    """

    page_id = PageId.HOME
    run_again = Signal(object)
    look_at = Signal(object)
    take_back = Signal(object)

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(12)
        self.content.addLayout(self._cards)
        self.resume_buttons: list[QPushButton] = []

    def load(self) -> None:
        self.retranslate()

    def retranslate(self) -> None:
        self.title.setText(_("Your copies"))
        self.promise.setText(_("Copying again brings only what is missing."))
        empty(self._cards)
        self.resume_buttons = []
        for run in self.services.history.runs():
            self._cards.addWidget(self._card(run))

    def first_field(self) -> QWidget | None:
        return self.resume_buttons[0] if self.resume_buttons else None

    def main_text(self) -> str:
        return _("Make a&nother copy")

    def _card(self, run: PastRun) -> QWidget:
        frame, layout = card("notice" if run.interrupted else "card")
        if run.interrupted:
            layout.addWidget(label("section", words.interrupted(run)))
            layout.addWidget(label("quiet", words.way(run.plan)))
        else:
            layout.addWidget(label("section", words.way(run.plan)))
            layout.addWidget(label("quiet", words.outcome(run)))
        again, *links = self._buttons(run)
        for buttons in ([again], links):
            row = QHBoxLayout()
            for button in buttons:
                row.addWidget(button)
            row.addStretch(1)
            layout.addLayout(row)
        return frame

    def _buttons(self, run: PastRun) -> list[QPushButton]:
        again, look, forget = QPushButton(), link(), link()
        again.setText(words.again(run))
        look.setText(_("See the report"))
        forget.setText(_("Forget"))
        for button in (again, look, forget):
            button.setAccessibleName(f"{button.text()}, {words.way(run.plan)}")
        again.clicked.connect(lambda: self.run_again.emit(run))
        look.clicked.connect(lambda: self.look_at.emit(run))
        forget.clicked.connect(lambda: self._ask_to_forget(run))
        self.resume_buttons.append(again)
        has_report = self.services.history.report(run.id) is not None
        wanted = [again, look, forget] if has_report else [again, forget]
        return [*wanted, self._more(run)] if run.removable or run.undoing else wanted

    def _more(self, run: PastRun) -> QPushButton:
        """What is seldom wanted, and never by a slip of the hand."""
        more = link()
        more.setText(_("More"))
        more.setAccessibleName(f"{more.text()}, {words.way(run.plan)}")
        menu = QMenu(more)
        menu.addAction(_("&Remove what was copied…"), lambda: self.take_back.emit(run))
        more.setMenu(menu)
        more.setProperty("menu", True)
        return more

    def _ask_to_forget(self, run: PastRun) -> None:
        rescued, explained = self.services.rescued(run.id), ""
        if rescued is not None:
            place = person.place(rescued)
            explained = _("The rescued messages stay on this computer, in {}").format(place)
        ask(
            self.window(),
            _("Forget this copy"),
            _("Its record and its stored passwords go. No mail is deleted anywhere."),
            [Answer(_("Forget"), lambda: self._forget(run)), Answer(_("Keep"))],
            explained=explained,
        )

    def _forget(self, run: PastRun) -> None:
        try:
            self.services.history.forget(run.id)
        except OmmError as error:
            self.problem_found.emit(error.problem)
            return
        forget = self.services.credentials.forget
        Task(lambda _step: [forget(account) for account in run.plan.mailboxes]).begin()
        self.load()
        self.changed.emit()
