"""Who is told of the copy by mail, through which server, and a trial of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QPushButton, QVBoxLayout, QWidget

from omm_desktop.language import translate as _
from omm_desktop.model.account import Security
from omm_desktop.model.plan import Notices
from omm_desktop.model.problem import Problem
from omm_desktop.model.secret import Secret
from omm_desktop.support.catalogue import Catalogue
from omm_desktop.ui.page import label, set_state
from omm_desktop.ui.task import Task
from omm_desktop.ui.widgets.field_row import FieldRow
from omm_desktop.ui.widgets.private_edit import PrivateEdit
from omm_desktop.ui.widgets.typed_edit import TypedEdit
from omm_desktop.wizard.draft import Draft
from omm_desktop.wizard.notice_draft import known_server, notices
from omm_desktop.wizard.present import accounts, problems
from omm_desktop.wizard.rules import Fault, Field, notice_faults

SendTrial = Callable[[Notices, Secret], None]


class MailNotice(QWidget):
    """Writes straight into the draft. `told` with what a trial came to, to be announced."""

    told = Signal(str)

    def __init__(self, draft: Draft, catalogue: Catalogue, send: SendTrial) -> None:
        super().__init__()
        self._draft, self._catalogue, self._send = draft, catalogue, send
        self._trial: Task | None = None
        self._outcome: Callable[[], str] | None = None
        self.title = label("section")
        self.address, self.host, self.port = PrivateEdit(), TypedEdit(), TypedEdit()
        self.port.setMaxLength(5)
        self.port.setMaximumWidth(120)
        self.security = QComboBox()
        for security in Security:
            self.security.addItem("", security)
        self.rows = {
            Field.NOTICE: FieldRow(self.address),
            Field.OUTGOING: FieldRow(self.host),
            Field.OUTGOING_PORT: FieldRow(self.port),
            Field.OUTGOING_SECURITY: FieldRow(self.security),
        }
        self.trial, self.outcome = QPushButton(), label("outcome")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.title)
        for row in self.rows.values():
            layout.addWidget(row)
        layout.addWidget(self.trial, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.outcome)
        for edit in (self.address, self.host, self.port):
            edit.typed.connect(self._typed)
        self.security.activated.connect(self._security_chosen)
        self.trial.clicked.connect(self.try_it)

    def load(self) -> None:
        notice = self._draft.options.notice
        shown = {
            self.address: notice.address,
            self.host: notice.host,
            self.port: str(notice.port) if notice.port else "",
        }
        for field, text in shown.items():
            if field.text().strip() != text:
                field.setText(text)
        self.security.setCurrentIndex(self.security.findData(notice.security))
        self._show_parts()

    def retranslate(self) -> None:
        self.title.setText(_("Tell me by e-mail"))
        hint = _("Optional. A short mail at the start, at the end, and when you are needed.")
        self.rows[Field.NOTICE].set_texts(_("To this address"), hint)
        self.rows[Field.OUTGOING].set_texts(
            _("Outgoing server of the new mailbox"), _("Your provider gives its name.")
        )
        self.rows[Field.OUTGOING_PORT].set_texts(_("Port of the outgoing server"))
        self.rows[Field.OUTGOING_SECURITY].set_texts(_("Security of the outgoing server"))
        for index in range(self.security.count()):
            security = Security(self.security.itemData(index))
            self.security.setItemText(index, _(accounts.SECURITY_NAMES[security]))
        self._show_button()
        self._show_outcome()

    def show_faults(self, faults: list[Fault]) -> None:
        for fault in faults:
            self.rows[fault.field].set_fault(problems.fault(fault))

    def try_it(self) -> None:
        """In the background: the person may go on, and an edit makes the answer worth nothing."""
        faults = notice_faults(self._draft)
        self.show_faults(faults)
        wanted = notices(self._draft.options.notice, self._draft.destination)
        if faults or wanted is None:
            self.rows[faults[0].field if faults else Field.NOTICE].take_focus()
            return
        send, secret = self._send, self._draft.secrets.destination
        self._trial = Task(lambda _step: send(wanted, secret))
        self._trial.done.connect(lambda _nothing: self._ended(_gone_out, failed=False))
        self._trial.failed.connect(self._failed)
        self._outcome = None
        self._show_outcome()
        self._show_button()
        self._trial.begin()

    def stop(self) -> None:
        """Whatever a trial comes to, it is no longer told."""
        if self._trial is not None:
            self._trial.cancel()
            self._trial = None
        self._outcome = None
        self._show_outcome()
        self._show_button()

    def _failed(self, problem: Problem) -> None:
        def outcome() -> str:
            text = problems.problem(self._catalogue, problem)
            return f"!  {text.title} {text.remedy} {text.code_line}"

        self._ended(outcome, failed=True)

    def _ended(self, outcome: Callable[[], str], *, failed: bool) -> None:
        """`outcome` says it in the language of the moment."""
        self._trial, self._outcome = None, outcome
        set_state(self.outcome, "failed", "true" if failed else "false")
        self._show_outcome()
        self._show_button()
        self.told.emit(outcome().lstrip("✓! "))

    def _show_outcome(self) -> None:
        self.outcome.setText(self._outcome() if self._outcome is not None else "")
        self.outcome.setVisible(self._outcome is not None)

    def _show_button(self) -> None:
        """Pressable while it is on its way, too: then a new one takes its place."""
        waiting = self._trial is not None
        self.trial.setText(_("Sending…") if waiting else _("Send a test"))

    def _typed(self) -> None:
        notice, port = self._draft.options.notice, self.port.text().strip()
        notice.address, notice.host = self.address.text().strip(), self.host.text().strip()
        notice.port = int(port) if port.isdecimal() else 0
        self._changed()

    def _security_chosen(self) -> None:
        self._draft.options.notice.use_security(Security(self.security.currentData()))
        self.load()
        self._changed()

    def _changed(self) -> None:
        for row in self.rows.values():
            row.set_fault("")
        self.stop()
        self._show_parts()

    def _show_parts(self) -> None:
        """Nothing more is asked than is needed."""
        wanted = self._draft.options.notice.wanted
        asked = wanted and known_server(self._draft.destination) is None
        for field, row in self.rows.items():
            row.setVisible(field is Field.NOTICE or asked)
        self.trial.setVisible(wanted)
        self.outcome.setVisible(wanted and bool(self.outcome.text()))


def _gone_out() -> str:
    return _("✓  The mail has gone out.")
