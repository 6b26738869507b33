"""The last look: the plan in plain sentences, and the button that starts."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from omm_desktop.guide.service import Service
from omm_desktop.language import translate as _
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.ui.page import PageContext, WizardPage, card, empty, label, link, set_state
from omm_desktop.ui.task import Task
from omm_desktop.ui.widgets.text_list import FoldedList
from omm_desktop.wizard.draft import AccountDraft
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.present import review as words

_AT_ONCE = 1_000
"""Folders whose review takes no time that anybody would notice."""


class ReviewPage(WizardPage):
    """`change_wanted` with the page on which a statement can be changed."""

    page_id = PageId.REVIEW
    change_wanted = Signal(object)

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        frame, layout = card()
        self.content.addWidget(frame)
        self._sentences = QVBoxLayout()
        self._sentences.setSpacing(4)
        layout.addLayout(self._sentences)
        self.names, self.name_list = label(), FoldedList()
        self.limits = QVBoxLayout()
        self.limits.setSpacing(layout.spacing())
        self.space, self.duration, self.unchanged = label(), label(), label("good")
        layout.addWidget(self.names)
        layout.addWidget(self.name_list)
        layout.addLayout(self.limits)
        for widget in (self.space, self.duration, self.unchanged):
            layout.addWidget(widget)
        self.advice = label("quiet")
        self.content.addWidget(self.advice)
        self.links: list[QPushButton] = []
        self._missing, self._room = 0, ""
        self._making: Task | None = None

    def load(self) -> None:
        self.retranslate()
        if self._making is None:
            self._tell_what_is_missing()

    def leave(self) -> None:
        if self._making is not None:
            self._making.cancel()
            self._making = None

    def _tell_what_is_missing(self) -> None:
        if self._missing:
            on_disk = self.draft.destination.kind.is_on_disk
            full = ProblemId.SAVING_DISK_FULL if on_disk else ProblemId.MAILBOX_FULL
            problem = Problem(full, Place.DESTINATION, subject=self._room)
            self.problem_found.emit(problem)

    def retranslate(self) -> None:
        self.name_list.set_texts(
            _("See the na&mes"),
            _("Hi&de the names"),
            _("Folders that change their name"),
        )
        plan = self.draft.plan()
        self._make(plan)
        self.unchanged.setText("✓  " + words.unchanged(plan))
        self.advice.setText(
            _("Plug the computer in and leave it on. Your mail keeps working meanwhile.")
        )

    def _make(self, plan: MigrationPlan) -> None:
        """At once, or in the background where there are many folders."""
        each, history = self.draft.found_each, self.services.history
        checked = self.draft.destination.checked
        ends = self._service(self.draft.source), self._service(self.draft.destination)

        def review(_step: object = None) -> words.Review:
            led_to = [
                history.led_to(one, plan.destination, found.folders if found else ())
                for one, found in zip(plan.sources, each, strict=True)
            ]
            return words.review(plan, each, checked, ends, led_to)

        self.leave()
        if sum(len(found.folders) for found in each if found) <= _AT_ONCE:
            self._show(review())
            return
        self._blank()
        self._making = Task(review)
        self._making.done.connect(self._made)
        self._making.failed.connect(self.problem_found)
        self._making.begin()

    def _made(self, review: words.Review) -> None:
        self._making = None
        self._show(review)
        self._tell_what_is_missing()
        self.changed.emit()

    def main_text(self) -> str:
        return _("&Start the copy")

    def first_field(self) -> QWidget | None:
        return None

    def problem_actions(self, problem: Problem) -> list[QPushButton]:
        if problem.id not in (ProblemId.MAILBOX_FULL, ProblemId.SAVING_DISK_FULL):
            return []
        less = QPushButton(_("Choose fewer folders"))
        less.clicked.connect(lambda: self.change_wanted.emit(PageId.OPTIONS))
        again = _("Check the new mailbox again")
        if problem.id is ProblemId.SAVING_DISK_FULL:
            again = _("Check the folder again")
        measure = QPushButton(again)
        measure.clicked.connect(self._measure_again)
        return [less, measure]

    def _measure_again(self) -> None:
        """The room that was found is the one of that moment: the person may have made more."""
        self.draft.destination.check = None
        self.change_wanted.emit(PageId.DESTINATION)

    def main_pressed(self) -> None:
        if self._making is not None:
            return
        if self._missing:
            self.load()
            self.announcer.say(self._room, at_once=True)
            return
        self.advance.emit()

    def _blank(self) -> None:
        """Nothing is told that might be of another plan."""
        empty(self._sentences)
        empty(self.limits)
        self.links, self._missing = [], 0
        self._say_whether_it_is_ready()
        for widget in (self.names, self.space, self.duration):
            widget.clear()
        self.name_list.hide()

    def _show(self, review: words.Review) -> None:
        self._blank()
        for sentence in review.sentences:
            self._sentences.addWidget(self._row(sentence))
        lines = review.names.lines
        self.names.setText(review.names.summary)
        self.name_list.show_lines(lines)
        for widget in (self.names, self.name_list):
            widget.setVisible(bool(lines))
        for limit in review.limits:
            self.limits.addWidget(label(text=f"·  {limit}"))
        self._missing, self._room = review.space_missing, review.space
        self._say_whether_it_is_ready()
        sign = "!" if review.space_missing else "✓" if review.space_sure else "·"
        self.space.setText(f"{sign}  {review.space}")
        set_state(self.space, "missing", "true" if review.space_missing else "false")
        self.duration.setText(review.duration)

    def _say_whether_it_is_ready(self) -> None:
        ready = not self._missing
        self.title.setText(_("Everything is ready") if ready else _("Not enough room"))
        self.promise.setText(
            _("This is what will happen. Nothing has been copied yet.")
            if ready
            else _("Nothing has been copied yet. Make room, or copy less.")
        )

    def _row(self, sentence: words.Sentence) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        change = link()
        change.setText(_("Change"))
        change.setAccessibleName(_("Change: {what}").format(what=sentence.text))
        change.clicked.connect(lambda: self.change_wanted.emit(sentence.page))
        told = label("sentence", sentence.text)
        told.setIndent(0)  # else padding above and below moves it to the right
        layout.addWidget(told, 1)
        layout.addWidget(change)
        self.links.append(change)
        return row

    def _service(self, account: AccountDraft) -> Service | None:
        return self.services.providers.by_id(account.service) if account.service else None
