"""What a copy that waits for the person asks: a password, room, or leave to go on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from omm_desktop.language import mark
from omm_desktop.language import translate as _
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.progress import TooBig
from omm_desktop.model.secret import Secret
from omm_desktop.ui.page import label
from omm_desktop.ui.widgets.field_row import FieldRow
from omm_desktop.ui.widgets.password_field import PasswordField
from omm_desktop.ui.widgets.text_list import FoldedList
from omm_desktop.wizard.present import progress as words

_PASSWORD_PROBLEMS = frozenset(
    {ProblemId.SIGN_IN_REFUSED, ProblemId.APP_PASSWORD_NEEDED, ProblemId.ACCOUNT_LOCKED}
)


class AnswerCard(QFrame):
    """`answered` with the password, or None where none was asked for."""

    answered = Signal(object)

    def __init__(
        self, waits: str = mark("The copy waits for you. It goes on where it was.")
    ) -> None:
        """`waits` is what it says beside the question, to be translated."""
        super().__init__()
        self._waits = waits
        self.setObjectName("notice")
        self._problem: Problem | None = None
        self._too_big: TooBig | None = None
        self.text, self.list = label(), FoldedList()
        self.password = PasswordField()
        self.password_row = FieldRow(self.password, self.password.edit)
        self.button = QPushButton()
        self.button.setObjectName("main")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        for widget in (self.text, self.list, self.password_row):
            layout.addWidget(widget)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.button.clicked.connect(self._answer)
        self.hide()

    @property
    def problem(self) -> Problem | None:
        return self._problem

    @property
    def first_field(self) -> QWidget:
        return self.password.edit if self._asks_password else self.button

    @property
    def _asks_password(self) -> bool:
        return self._problem is not None and self._problem.id in _PASSWORD_PROBLEMS

    def ask(self, problem: Problem | None, too_big: TooBig | None) -> None:
        """None takes the question away."""
        self._problem = problem
        is_list = problem is not None and problem.id is ProblemId.ITEMS_TOO_BIG
        self._too_big = too_big if is_list else None
        self.password_row.setVisible(self._asks_password)
        self.list.setVisible(is_list)
        self.setVisible(problem is not None)
        self.retranslate()

    def retranslate(self) -> None:
        self.password.retranslate()
        of_old = self._problem is not None and self._problem.place is Place.SOURCE
        self.password_row.set_texts(
            _("&Password of the old mailbox") if of_old else _("&Password of the new mailbox")
        )
        self.list.set_texts(
            _("S&ee the list"),
            _("Hid&e the list"),
            _("Messages that are too large"),
        )
        if self._too_big is None:
            self.text.setText(_(self._waits))
            self.button.setText(_("Continue"))
        else:
            self.text.setText(words.left_behind(self._too_big))
            self.button.setText(_("&Go on without them"))
            self.list.show_lines(words.left_behind_lines(self._too_big))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in the field answers, and presses nothing that has the focus then."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and self.password.edit.hasFocus():
            self._answer()
        else:
            super().keyPressEvent(event)

    def _answer(self) -> None:
        if self._problem is None:
            return
        if not self._asks_password:
            self.answered.emit(None)
            return
        secret = self.password.secret
        if not secret:
            self.password_row.set_fault(_("Type the password of this mailbox."))
            self.password.edit.setFocus()
            return
        self.password.set_secret(Secret(""))
        self.password_row.set_fault("")
        self.answered.emit(secret)
