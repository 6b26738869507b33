"""4 Copy: a running copy, sampled five times a second."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from omm_desktop.language import translate as _
from omm_desktop.model.problem import Problem, ProblemId
from omm_desktop.model.progress import Mood, Snapshot
from omm_desktop.model.secret import Secret
from omm_desktop.ui.page import PageContext, WizardPage, card, label
from omm_desktop.ui.services import Migration
from omm_desktop.ui.widgets.field_row import FieldRow
from omm_desktop.ui.widgets.password_field import PasswordField
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.present import progress as words
from omm_desktop.wizard.present.progress import FolderRow, ProgressText

_SAMPLE_MS = 200
_ANNOUNCED_STEP = 100
_PASSWORD_PROBLEMS = frozenset(
    {ProblemId.SIGN_IN_REFUSED, ProblemId.APP_PASSWORD_NEEDED, ProblemId.ACCOUNT_LOCKED}
)


class ProgressPage(WizardPage):
    """No default button here: Enter does nothing. `sampled` repeats every snapshot."""

    page_id = PageId.PROGRESS
    sampled = Signal(object)

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._migration: Migration | None = None
        self._snapshot: Snapshot | None = None
        self._asked: Problem | None = None
        self._announced = 0
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
        self.caution, layout = card("caution")
        self.waiting = label()
        layout.addWidget(self.waiting)
        self._build_answer()
        self.folders = _folder_table()
        self.failures = label("warning")
        self.leave_hint = label("quiet")
        for widget in (
            self.percent, self.bar, self.numbers, self.remaining, self.caution, self.answer_card,
            self.folders, self.failures, self.leave_hint,
        ):  # fmt: skip
            self.content.addWidget(widget)

    def _build_answer(self) -> None:
        self.answer_card, layout = card("notice")
        self.answer_text = label()
        self.password = PasswordField()
        self.password_row = FieldRow(self.password, self.password.edit)
        self.answer_button = QPushButton()
        layout.addWidget(self.answer_text)
        layout.addWidget(self.password_row)
        layout.addWidget(self.answer_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.answer_button.clicked.connect(self._answer)
        self.password.edit.returnPressed.connect(self._answer)

    def watch(self, migration: Migration) -> None:
        """From now on this page shows that copy."""
        self._migration, self._snapshot, self._asked, self._announced = migration, None, None, 0
        self.folders.clear()
        self.timer.start()
        self.sample()

    def stop_watching(self) -> None:
        self.timer.stop()
        self._migration = None

    def load(self) -> None:
        self.retranslate()

    def retranslate(self) -> None:
        self.promise.setText(_("Nothing is deleted or changed in the old mailbox."))
        self.bar.setAccessibleName(_("Progress of the copy"))
        self.folders.setHeaderLabels([_("Folder"), _("State"), _("Messages")])
        self.folders.setAccessibleName(_("Progress of each folder"))
        self.leave_hint.setText(_("You may close this window: the copy goes on."))
        self.stop_button.setText(_("&Stop…"))
        self.answer_text.setText(_("The copy waits for you. It goes on where it was."))
        self.answer_button.setText(_("Continue"))
        self.password.retranslate()
        self.password_row.set_texts(_("New &password"))
        self._show_snapshot()

    def first_field(self) -> QWidget:
        return self.pause_button

    @property
    def snapshot(self) -> Snapshot | None:
        return self._snapshot

    def sample(self) -> None:
        if self._migration is None:
            return
        self._snapshot = self._migration.snapshot()
        self._show_snapshot()
        self.sampled.emit(self._snapshot)

    def toggle_pause(self) -> None:
        if self._migration is None or self._snapshot is None or self._asked is not None:
            return
        if self._snapshot.mood is Mood.PAUSED:
            self._migration.resume()
        else:
            self._migration.pause()
        self.sample()

    def ask_to_stop(self) -> None:
        """What is copied stays; the person confirms, since the copy would have to be resumed."""
        box = QMessageBox(self.window())
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(_("Stop the copy"))
        box.setText(_("What is copied stays copied. You can resume later."))
        stop = box.addButton(_("Stop"), QMessageBox.ButtonRole.AcceptRole)
        go_on = box.addButton(_("Go on copying"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(go_on)
        box.setEscapeButton(go_on)
        box.finished.connect(lambda: self._stop_if(box.clickedButton() is stop))
        box.open()

    def _stop_if(self, wanted: bool) -> None:
        if wanted and self._migration is not None:
            self._migration.stop()
            self.sample()

    def _answer(self) -> None:
        if self._migration is None or self._asked is None:
            return
        asks_password = self._asked.id in _PASSWORD_PROBLEMS
        if asks_password and not self.password.secret:
            self.password_row.set_fault(_("Type the password of this mailbox."))
            self.password.edit.setFocus()
            return
        secret = self.password.secret if asks_password else None
        self.password.set_secret(Secret(""))
        self.password_row.set_fault("")
        self._migration.answer(secret)
        self.sample()

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
        self._show_folders(text.folders)
        self._show_owner_needed(snapshot.owner_needed)
        self._show_buttons(snapshot)
        self._announce(text)

    def _show_bar(self, text: ProgressText) -> None:
        if text.permille is None:
            self.bar.setRange(0, 0)
        else:
            self.bar.setRange(0, 1000)
            self.bar.setValue(text.permille)
        self.percent.setText(text.percent)
        self.percent.setVisible(bool(text.percent))

    def _show_folders(self, rows: tuple[FolderRow, ...]) -> None:
        tree = self.folders
        while tree.topLevelItemCount() < len(rows):
            item = QTreeWidgetItem(tree)
            item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for index, row in enumerate(rows):
            found = tree.topLevelItem(index)
            assert found is not None
            for column, text in enumerate((row.name, row.state, row.numbers)):
                if found.text(column) != text:
                    found.setText(column, text)
        tree.setVisible(bool(rows))
        tree.setMinimumHeight(self._height_of(min(len(rows), 8)))

    def _height_of(self, rows: int) -> int:
        row = max(32, self.fontMetrics().height() + 12)
        return self.folders.header().sizeHint().height() + rows * row + 8

    def _show_owner_needed(self, problem: Problem | None) -> None:
        self.answer_card.setVisible(problem is not None)
        if problem == self._asked:
            return
        self._asked = problem
        self.problem_found.emit(problem)
        if problem is None:
            return
        asks_password = problem.id in _PASSWORD_PROBLEMS
        self.password_row.setVisible(asks_password)
        (self.password.edit if asks_password else self.answer_button).setFocus()
        self.ensureWidgetVisible(self.answer_card)

    def _show_buttons(self, snapshot: Snapshot) -> None:
        paused = snapshot.mood is Mood.PAUSED
        self.pause_button.setText(_("&Resume") if paused else _("&Pause"))
        stopping = snapshot.mood is Mood.STOPPING
        self.pause_button.setEnabled(not stopping and self._asked is None)
        self.stop_button.setEnabled(not stopping)

    def _announce(self, text: ProgressText) -> None:
        if text.waiting:
            self.announcer.say_progress(text.waiting)
        elif text.permille is not None and text.permille - self._announced >= _ANNOUNCED_STEP:
            self._announced = text.permille // _ANNOUNCED_STEP * _ANNOUNCED_STEP
            self.announcer.say_progress(f"{text.percent}, {text.numbers}")


def _folder_table() -> QTreeWidget:
    tree = QTreeWidget()
    tree.setColumnCount(3)
    tree.setRootIsDecorated(False)
    tree.setUniformRowHeights(True)
    tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    header = tree.header()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
    return tree
