"""Home, once there is a history: resume, look again, copy what is new, forget."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from omm_desktop.language import translate as _
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.store.history import PastRun
from omm_desktop.ui.page import PageContext, WizardPage, empty
from omm_desktop.ui.question import Answer, ask
from omm_desktop.ui.task import Task
from omm_desktop.ui.widgets.past_copy import PastCopy
from omm_desktop.ui.widgets.reopen_box import ReopenBox
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.present import person


class HomePage(WizardPage):
    """`run_again` with a PastRun (resume and second pass are the same act), `look_at` and
    `take_back` likewise. `counted` when what each copy brought is told, `forgotten` when one is no
    more.
    """

    page_id = PageId.HOME
    run_again = Signal(object)
    look_at = Signal(object)
    take_back = Signal(object)
    counted = Signal()
    forgotten = Signal()

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(12)
        self.content.addLayout(self._cards)
        self.reopen = ReopenBox(self.services.preferences)
        self.content.addWidget(self.reopen, 0, Qt.AlignmentFlag.AlignLeft)
        self.copies: list[PastCopy] = []
        self._unfinished: PastRun | None = None
        self._counting: Task | None = None

    @property
    def resume_buttons(self) -> list[QPushButton]:
        return [copy.again for copy in self.copies]

    def load(self) -> None:
        self.retranslate()

    def leave(self) -> None:
        if self._counting is not None:
            self._counting.cancel()
            self._counting = None

    def retranslate(self) -> None:
        self.title.setText(_("Your copies"))
        self.promise.setText(_("Copying again brings only what is missing."))
        focused = self._focused_copy()
        empty(self._cards)
        runs = self.services.history.listed()
        self._unfinished = _unfinished(runs)
        self.copies = [self._card(run, leads=run is self._unfinished) for run in runs]
        for copy in self.copies:
            self._cards.addWidget(copy)
        if focused is not None and self.copies:
            self.copies[min(focused, len(self.copies) - 1)].again.setFocus()
        self.reopen.load()
        self.reopen.retranslate()
        self.reopen.setVisible(self.services.history.has_unfinished())
        self.leave()
        if self.copies:
            self._count()

    def _focused_copy(self) -> int | None:
        """Its place in the list: a new language makes all of them anew."""
        focused = self.window().focusWidget()
        places = (number for number, copy in enumerate(self.copies) if copy.isAncestorOf(focused))
        return next(places, None) if focused is not None else None

    def _count(self) -> None:
        """In the background, since a copy may have brought a million items."""
        runs = self.services.history.runs
        self._counting = Task(lambda _step: runs())
        self._counting.done.connect(self._counted)
        self._counting.failed.connect(self.problem_found)
        self._counting.begin()

    def _counted(self, runs: Sequence[PastRun]) -> None:
        self._counting = None
        known = {run.id: run for run in runs}
        for copy in self.copies:
            if copy.run.id in known:
                copy.show_counts(known[copy.run.id])
        self.counted.emit()

    def first_field(self) -> QWidget | None:
        return self.resume_buttons[0] if self.copies else None

    def main_text(self) -> str:
        return _("Make a&nother copy")

    def main_leads(self) -> bool:
        """Another copy comes second where one waits to be finished."""
        return self._unfinished is None

    def _card(self, run: PastRun, *, leads: bool) -> PastCopy:
        copy = PastCopy(run, leads=leads)
        copy.again_wanted.connect(lambda: self.run_again.emit(copy.run))
        copy.look_wanted.connect(lambda: self.look_at.emit(copy.run))
        copy.forget_wanted.connect(lambda: self._ask_to_forget(copy.run))
        copy.undo_wanted.connect(lambda: self.take_back.emit(copy.run))
        return copy

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
        """In the background: what many items leave behind takes long to forget."""
        history, credentials = self.services.history, self.services.credentials

        def forget(_step: object) -> bool:
            history.forget(run.id)
            return credentials.forget_all(run.plan.mailboxes)

        forgetting = Task(forget)
        forgetting.done.connect(self._forgotten)
        forgetting.failed.connect(self.problem_found)
        forgetting.begin()

    def _forgotten(self, whole: bool) -> None:
        self.load()
        if not whole:
            self.problem_found.emit(Problem(ProblemId.PASSWORD_STAYS, Place.COMPUTER))
        self.changed.emit()
        self.forgotten.emit()


def _unfinished(runs: Sequence[PastRun]) -> PastRun | None:
    """Of copies, newest first, the first that stopped and that no later one has gone on with."""
    later = set()
    for run in runs:
        ends = run.plan.source.identity, run.plan.destination.identity
        if run.interrupted and ends not in later:
            return run
        later.add(ends)
    return None
