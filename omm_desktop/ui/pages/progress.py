"""4 Copy: a running copy, sampled five times a second."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QLabel,
    QProgressBar,
    QPushButton,
    QWidget,
)

from omm_desktop.language import translate as _
from omm_desktop.model.problem import Place, Problem
from omm_desktop.model.progress import Mood, Snapshot
from omm_desktop.model.secret import Secret
from omm_desktop.ui.page import PageContext, WizardPage, card, label, set_state
from omm_desktop.ui.question import Answer, ask
from omm_desktop.ui.services import Migration
from omm_desktop.ui.widgets.answer_card import AnswerCard
from omm_desktop.ui.widgets.progress_voice import ProgressVoice
from omm_desktop.ui.widgets.table import Table
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.present import progress as words
from omm_desktop.wizard.present.progress import FolderRows, ProgressText

_SAMPLE_MS = 200


class ProgressPage(WizardPage):
    """No default button here: Enter does nothing. `sampled` repeats every snapshot."""

    page_id = PageId.PROGRESS
    sampled = Signal(object)

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._migration: Migration | None = None
        self._snapshot: Snapshot | None = None
        self._voice, self._rows = ProgressVoice(context.announcer), FolderRows()
        self._build()
        self.pause_button, self.stop_button = QPushButton(), QPushButton()
        self.bar_buttons = [self.pause_button, self.stop_button]
        self.pause_button.clicked.connect(self.toggle_pause)
        self.stop_button.clicked.connect(self.ask_to_stop)
        self.timer = QTimer(self)
        self.timer.setInterval(_SAMPLE_MS)
        self.timer.timeout.connect(self.sample)

    def _build(self) -> None:
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.percent, self.numbers = QLabel(), label()
        self.percent.setObjectName("number")
        self.remaining = label("quiet")
        self.figures, figures = card()
        for figure in (self.percent, self.bar, self.numbers, self.remaining):
            figures.addWidget(figure)
        self.caution, layout = card("caution")
        self.waiting = label()
        layout.addWidget(self.waiting)
        self.answer = AnswerCard()
        self.answer.answered.connect(self._answer)
        self.folders = Table(3, numbers=2)
        self.failures = label("warning")
        self.leave_hint = label("quiet")
        for widget in (
            self.figures, self.caution, self.answer, self.folders, self.failures, self.leave_hint,
        ):  # fmt: skip
            self.content.addWidget(widget)

    def watch(self, migration: Migration) -> None:
        """From now on this page shows that copy."""
        self._migration, self._snapshot = migration, None
        self._rows = FolderRows()
        self.answer.ask(None, None)
        self.folders.clear()
        self._voice.begin()
        self.timer.start()
        self.sample()

    def stop_watching(self) -> None:
        self.timer.stop()
        self._migration = None

    def load(self) -> None:
        self.retranslate()
        if self.answer.problem is not None:
            self.problem_found.emit(self.answer.problem)

    def retranslate(self) -> None:
        self.promise.setText(words.promise(from_files=self.draft.from_files))
        self.bar.setAccessibleName(_("Progress of the copy"))
        self.folders.setAccessibleName(_("Progress of each folder"))
        self.stop_button.setText(_("&Stop…"))
        self.answer.retranslate()
        self._rows = FolderRows()
        self._show_snapshot()

    def first_field(self) -> QWidget:
        if self.answer.problem is not None:
            return self.answer.first_field
        return self.stop_button if self.is_scheduled else self.pause_button

    @property
    def snapshot(self) -> Snapshot | None:
        return self._snapshot

    @property
    def is_scheduled(self) -> bool:
        """Whether the time of the copy is still to come, or it ended before."""
        return self._snapshot is not None and self._snapshot.starts_at is not None

    def side_buttons(self) -> list[QPushButton]:
        return self.bar_buttons if self._may_pause else [self.stop_button]

    @property
    def _may_pause(self) -> bool:
        """Beside a question, "Resume" would be a second answer that does nothing."""
        return not self.is_scheduled and self.answer.problem is None

    def sample(self) -> None:
        if self._migration is None:
            return
        self._snapshot = self._migration.snapshot()
        self._show_snapshot()
        self.sampled.emit(self._snapshot)

    def toggle_pause(self) -> None:
        if self._migration is None or self._snapshot is None or self.answer.problem is not None:
            return
        if self.is_scheduled:
            return
        if self._snapshot.mood is Mood.PAUSED:
            self._migration.resume()
        else:
            self._migration.pause()
        self.sample()

    def ask_to_stop(self) -> None:
        """What is copied stays; the person confirms, since the copy would have to be resumed."""
        ask(
            self.window(),
            _("Stop the copy"),
            _("What is copied stays copied. You can resume later."),
            [Answer(_("Stop"), self._stop), Answer(_("Go on copying"))],
        )

    def _stop(self) -> None:
        if self._migration is not None:
            # The buttons are of no use from now on.
            self.folders.setFocus()
            self._migration.stop()
            self.sample()

    def _answer(self, secret: Secret | None) -> None:
        if self._migration is not None:
            self._migration.answer(secret)
            self.sample()
            self.pause_button.setFocus()

    def _show_snapshot(self) -> None:
        snapshot = self._snapshot
        if snapshot is None:
            return
        text = words.progress(snapshot, self.services.catalogue)
        self.title.setText(text.headline)
        self._show_bar(text)
        self.numbers.setText(text.numbers)
        self.remaining.setText(text.remaining)
        self.remaining.setVisible(bool(text.remaining))
        self.waiting.setText(f"…  {text.waiting}")
        self.caution.setVisible(bool(text.waiting))
        self.failures.setText(f"!  {text.failures}")
        self.failures.setVisible(bool(text.failures))
        self.leave_hint.setText(text.leaving)
        self._show_folders(snapshot, text)
        self._show_owner_needed(snapshot)
        self._show_buttons(snapshot)
        if self._migration is not None and snapshot.owner_needed is None:
            far = f"{text.percent}, {text.numbers}"
            self._voice.tell(text.headline, text.waiting, text.permille, far)

    def _show_bar(self, text: ProgressText) -> None:
        self.figures.setHidden(self.is_scheduled)
        for widget in (self.caution, self.waiting):
            set_state(widget, "calm", "true" if self.is_scheduled else "false")
        if text.permille is None:
            self.bar.setRange(0, 0)
        else:
            self.bar.setRange(0, 1000)
            self.bar.setValue(text.permille)
        self.percent.setText(text.percent)
        self.percent.setVisible(bool(text.percent))

    def _show_folders(self, snapshot: Snapshot, text: ProgressText) -> None:
        rows = self._rows.of(snapshot.folders)
        self.folders.setHeaderLabels([_("Folder"), _("State"), text.number_column])
        self.folders.show_rows(rows)
        self.folders.setVisible(bool(rows))

    def _show_owner_needed(self, snapshot: Snapshot) -> None:
        problem = snapshot.owner_needed
        if problem == self.answer.problem:
            return
        self.answer.password.is_app_password = self._wants_app_password(problem)
        self.answer.ask(problem, snapshot.too_big)
        self.problem_found.emit(problem)
        if problem is not None:
            self.answer.first_field.setFocus()
            self.ensureWidgetVisible(self.answer)

    def _wants_app_password(self, problem: Problem | None) -> bool:
        of_old = problem is not None and problem.place is Place.SOURCE
        account = self.draft.source if of_old else self.draft.destination
        return self.services.providers.wants_app_password(account.server.host)

    def _show_buttons(self, snapshot: Snapshot) -> None:
        paused = snapshot.mood is Mood.PAUSED
        self.pause_button.setText(_("&Resume") if paused else _("&Pause"))
        stopping = snapshot.mood is Mood.STOPPING
        self.pause_button.setVisible(self._may_pause)
        self.pause_button.setEnabled(not stopping)
        self.stop_button.setEnabled(not stopping)
