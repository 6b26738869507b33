"""Taking back what one copy brought: what would go, its progress, what became of it."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QProgressBar, QPushButton, QWidget

from omm_desktop.language import mark
from omm_desktop.language import translate as _
from omm_desktop.model.account import Account
from omm_desktop.model.problem import OmmError, Problem
from omm_desktop.model.progress import Mood, Snapshot
from omm_desktop.model.report import Grade
from omm_desktop.model.secret import Secret
from omm_desktop.model.undoing import UndoPreview, UndoReport
from omm_desktop.store.history import PastRun
from omm_desktop.ui.page import PageContext, WizardPage, card, label
from omm_desktop.ui.question import Answer, ask
from omm_desktop.ui.task import Task
from omm_desktop.ui.undo.question import UndoQuestion
from omm_desktop.ui.undo.result import UndoResult
from omm_desktop.ui.undo.thread import UndoThread
from omm_desktop.ui.widgets.answer_card import AnswerCard
from omm_desktop.ui.widgets.field_row import FieldRow
from omm_desktop.ui.widgets.progress_voice import ProgressVoice
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.present import undo as words
from omm_desktop.wizard.present.home import way
from omm_desktop.wizard.present.problems import fault_count

_SAMPLE_MS = 200


class UndoPage(WizardPage):
    """`turned` when it shows something else and is to be opened as if anew; `left` when the person
    is done with it, whether anything was removed or not. `sampled` with each snapshot while it
    removes, and with None at the end.
    """

    page_id = PageId.UNDO
    turned = Signal()
    left = Signal()
    sampled = Signal(object)

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._run: PastRun | None = None
        self._found: UndoPreview | None = None
        self._report: UndoReport | None = None
        self._problem: Problem | None = None
        self._thread: UndoThread | None = None
        self._looking: Task | None = None
        self._voice = ProgressVoice(context.announcer)
        self.question, self.result = UndoQuestion(), UndoResult()
        self.question.faulty.connect(self._tell_faults)
        self._build_progress()
        for widget in (self.question, self.under_way, self.answer, self.result):
            self.content.addWidget(widget)
        self.keep_button = QPushButton()
        self.pause_button, self.stop_button = QPushButton(), QPushButton()
        self.bar_buttons = [self.keep_button, self.pause_button, self.stop_button]
        self.keep_button.clicked.connect(self.left)
        self.pause_button.clicked.connect(self.toggle_pause)
        self.stop_button.clicked.connect(self.ask_to_stop)
        self._timer = QTimer(self)
        self._timer.setInterval(_SAMPLE_MS)
        self._timer.timeout.connect(self.sample)

    def _build_progress(self) -> None:
        self.under_way, inside = card()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.numbers, self.waiting = label(), label("warning")
        self.answer = AnswerCard(mark("Removing waits for you. It goes on where it was."))
        self.answer.answered.connect(self._answer)
        for widget in (self.bar, self.numbers, self.waiting):
            inside.addWidget(widget)

    # What is asked

    def ask(self, run: PastRun) -> None:
        """About this copy, once it is counted what would go."""
        preview = self.services.preview_undo
        self._stop_looking()
        self._looking = Task(lambda _step: preview(run.id))
        self._looking.done.connect(lambda found: self._ask(run, found))
        self._looking.failed.connect(self.problem_found)
        self._looking.begin()

    def _ask(self, run: PastRun, found: UndoPreview | None) -> None:
        """Its password is looked for meanwhile."""
        self._looking = None
        if found is None or not found.is_offered:
            self.left.emit()
            return
        self._run, self._found, self._report, self._problem = run, found, None, None
        self.question.ask(found)
        self._expect_password_of(run.plan.destination)
        if not found.on_disk:
            recall, account = self.services.credentials.recall, run.plan.destination
            self._looking = Task(lambda _step: recall(account))
            self._looking.done.connect(self._recalled)
            self._looking.begin()
        self.turned.emit()

    def _expect_password_of(self, account: Account) -> None:
        wanted = self.services.providers.wants_app_password(account.server.host)
        for field in (self.question.password, self.answer.password):
            field.is_app_password = wanted

    def _recalled(self, secret: Secret | None) -> None:
        self._looking = None
        if secret and not self.is_running and self._report is None:
            self.question.recalled(secret)

    def load(self) -> None:
        self.retranslate()
        self.problem_found.emit(self.answer.problem or self._problem)

    def leave(self) -> None:
        self._stop_looking()
        self.question.forget_password()

    def _stop_looking(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None

    def first_field(self) -> QWidget | None:
        if self.is_running:
            return self.answer.first_field if self.answer.problem else self.pause_button
        return self.question.first_field if self._report is None else None

    def main_text(self) -> str:
        if self.is_running or self._found is None:
            return ""
        if self._report is None:
            return words.preview(self._found).main
        if self._report.grade is Grade.INTERRUPTED:
            return _("&Go on removing")
        return _("&Finish")

    def main_removes(self) -> bool:
        return self._found is not None and self._report is None

    def side_buttons(self) -> list[QPushButton]:
        if self.is_running:
            pause = [] if self.answer.problem else [self.pause_button]
            return [*pause, self.stop_button]
        is_over = self._report is not None and self._report.grade is not Grade.INTERRUPTED
        return [] if is_over else [self.keep_button]

    def main_pressed(self) -> None:
        if self._report is None:
            if self.question.is_answered():
                self._start(self.question.password.secret)
        elif self._report.grade is Grade.INTERRUPTED and self._run is not None:
            self.ask(self._run)
        else:
            self.left.emit()

    def _tell_faults(self, fields: list[FieldRow]) -> None:
        self.ensureWidgetVisible(fields[0])
        self.announcer.say(fault_count(fields), at_once=True)

    # While it runs

    @property
    def is_running(self) -> bool:
        return self._thread is not None

    def is_at_work(self) -> bool:
        """Whether the program has to stay; the person is then asked to stop first."""
        if self.is_running:
            self.ask_to_stop()
        return self.is_running

    def _start(self, secret: Secret) -> None:
        assert self._run is not None
        try:
            undo = self.services.start_undo(self._run.id, secret)
        except OmmError as error:
            self.problem_found.emit(error.problem)
            return
        self.problem_found.emit(None)
        self._thread = UndoThread(undo)
        self._thread.ended.connect(self._ended)
        self._thread.start()
        self._voice.begin()
        self._timer.start()
        self.sample()
        self._show_state()
        self.pause_button.setFocus()

    def sample(self) -> None:
        if self._thread is not None:
            snapshot = self._thread.undo.snapshot()
            self._show(snapshot)
            self.sampled.emit(snapshot)

    def _show(self, snapshot: Snapshot) -> None:
        text = words.progress(snapshot, self.services.catalogue)
        self.title.setText(text.headline)
        self.bar.setRange(0, 0 if text.permille is None else 1000)
        self.bar.setValue(text.permille or 0)
        self.numbers.setText(text.numbers)
        self.waiting.setText(f"…  {text.waiting}")
        self.waiting.setVisible(bool(text.waiting))
        if snapshot.owner_needed is None:
            self._voice.tell(text.headline, text.waiting, text.permille, text.numbers)
        paused = snapshot.mood is Mood.PAUSED
        self.pause_button.setText(_("&Resume") if paused else _("&Pause"))
        self.pause_button.setHidden(snapshot.owner_needed is not None)
        self.pause_button.setEnabled(snapshot.mood is not Mood.STOPPING)
        self.stop_button.setEnabled(snapshot.mood is not Mood.STOPPING)
        if snapshot.owner_needed != self.answer.problem:
            self.answer.ask(snapshot.owner_needed, None)
            self.problem_found.emit(snapshot.owner_needed)
            if snapshot.owner_needed is not None:
                self.answer.first_field.setFocus()

    def toggle_pause(self) -> None:
        if self._thread is None or self.answer.problem is not None:
            return
        undo = self._thread.undo
        paused = undo.snapshot().mood is Mood.PAUSED
        (undo.resume if paused else undo.pause)()
        self.sample()

    def _answer(self, secret: Secret | None) -> None:
        if self._thread is not None:
            self._thread.undo.answer(secret)
            self.sample()
            self.pause_button.setFocus()

    def ask_to_stop(self) -> None:
        assert self._found is not None
        ask(
            self.window(),
            _("Stop removing"),
            words.when_stopped(on_disk=self._found.on_disk),
            [Answer(_("Stop"), self.stop), Answer(_("Continue"))],
        )

    def stop(self) -> None:
        if self._thread is not None:
            self._thread.undo.stop()
            self.sample()

    def wait(self, milliseconds: int) -> None:
        """Before the program ends."""
        if self._thread is not None:
            self._thread.undo.stop()
            self._thread.wait(milliseconds)

    def _ended(self, told: UndoReport | Problem) -> None:
        assert self._thread is not None
        self._thread.wait()
        self._thread = None
        self._timer.stop()
        self.sampled.emit(None)
        self.answer.ask(None, None)
        if isinstance(told, Problem):
            self._problem = told
            self.turned.emit()
        else:
            self.show_report(told)

    # What came of it

    def show_report(self, report: UndoReport) -> None:
        self._report, self._problem = report, report.stopped_by
        self.question.forget_password()
        self.turned.emit()
        self.announcer.say(self.result.headline.text(), at_once=True)

    def retranslate(self) -> None:
        self.bar.setAccessibleName(_("Progress of the removal"))
        begun = self._report is not None
        self.keep_button.setText(_("&Later") if begun else _("&Keep it all"))
        self.stop_button.setText(_("&Stop…"))
        self.question.retranslate()
        self.answer.retranslate()
        if self._report is not None:
            self.result.show_report(self._report, self.services.catalogue)
        self._show_state()

    def _show_state(self) -> None:
        self.question.setVisible(not self.is_running and self._report is None)
        self.under_way.setVisible(self.is_running)
        self.result.setVisible(not self.is_running and self._report is not None)
        if self._run is not None:
            self.promise.setText(way(self._run.plan))
        if self.is_running:
            self.sample()
        else:
            self.title.setText(_("Remove what was copied"))
        self.changed.emit()
