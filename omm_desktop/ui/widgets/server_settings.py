"""The settings of a server, folded away while they are known."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from omm_desktop.guide.providers import Providers
from omm_desktop.guide.service import Service, ServiceKind
from omm_desktop.language import mark
from omm_desktop.language import translate as _
from omm_desktop.model.account import EndpointKind, Security
from omm_desktop.ui.page import card
from omm_desktop.ui.widgets.field_row import FieldRow
from omm_desktop.ui.widgets.other_mailbox import OtherMailbox
from omm_desktop.ui.widgets.private_edit import PrivateEdit
from omm_desktop.ui.widgets.service_choice import ServiceChoice
from omm_desktop.ui.widgets.typed_edit import TypedEdit
from omm_desktop.wizard.draft import AccountDraft
from omm_desktop.wizard.present import accounts
from omm_desktop.wizard.rules import Field


class ServerSettings(QWidget):
    """`edited` at every key or choice of the person; `service_chosen` with a Service or None.

    `kinds` are the ways to read a mailbox among which there is a choice.
    """

    edited = Signal(object)
    service_chosen = Signal(object)

    def __init__(self, providers: Providers, kinds: Sequence[EndpointKind]) -> None:
        super().__init__()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        frame, layout = card()
        outer.addWidget(frame)
        self.service = ServiceChoice(
            [
                service
                for service in providers.services
                if service.imap
                and service.kind is not ServiceKind.OVH_AUTODETECT
                and service.ask is None
            ],
            otherwise=mark("Another one"),
        )
        self.host, self.port, self.login = TypedEdit(), TypedEdit(), PrivateEdit()
        self.port.setMaxLength(5)
        self.port.setMaximumWidth(120)
        self.kind, self.security = QComboBox(), QComboBox()
        for kind in kinds:
            self.kind.addItem("", kind)
        for security in Security:
            self.security.addItem("", security)
        self.service_row = FieldRow(self.service)
        self.rows = {
            Field.KIND: FieldRow(self.kind),
            Field.HOST: FieldRow(self.host),
            Field.PORT: FieldRow(self.port),
            Field.SECURITY: FieldRow(self.security),
            Field.LOGIN: FieldRow(self.login),
        }
        self.other = OtherMailbox()
        self.rows[Field.MAILBOX] = self.other.row
        layout.addWidget(self.service_row)
        layout.addWidget(self.rows[Field.KIND])
        self.rows[Field.KIND].setVisible(len(kinds) > 1)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.rows[Field.HOST], 1)
        line.addWidget(self.rows[Field.PORT], 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(line)
        layout.addWidget(self.rows[Field.SECURITY])
        layout.addWidget(self.rows[Field.LOGIN])
        layout.addWidget(self.other)
        self._connect()

    def _connect(self) -> None:
        self.host.typed.connect(lambda: self.edited.emit(Field.HOST))
        self.port.typed.connect(lambda: self.edited.emit(Field.PORT))
        self.login.typed.connect(lambda: self.edited.emit(Field.LOGIN))
        self.kind.activated.connect(lambda: self.edited.emit(Field.KIND))
        self.security.activated.connect(lambda: self.edited.emit(Field.SECURITY))
        self.other.edited.connect(lambda: self.edited.emit(Field.MAILBOX))
        self.service.chosen.connect(self.service_chosen)

    def load(self, account: AccountDraft, service: Service | None) -> None:
        """Shows the draft without touching a field the person is typing in."""
        self.service.select(service)
        shown = {
            self.host: account.host,
            self.port: str(account.port) if account.port else "",
            self.login: account.login,
        }
        for field, text in shown.items():
            if field.text().strip() != text:
                field.setText(text)
        self.kind.setCurrentIndex(self.kind.findData(account.kind))
        self.security.setCurrentIndex(self.security.findData(account.security))
        self.other.load(account)
        self._show_fields(by_exchange=account.kind is EndpointKind.EWS)

    def _show_fields(self, *, by_exchange: bool) -> None:
        """The address of Exchange tells port and protection, too."""
        for field in (Field.PORT, Field.SECURITY):
            self.rows[field].setHidden(by_exchange)
        self.other.setVisible(by_exchange)
        if by_exchange:
            hint = _("Its name is enough, such as ex.example.com. The whole address may be typed.")
            self.rows[Field.HOST].set_texts(_("Exchange se&rver or address"), hint)
        else:
            self.rows[Field.HOST].set_texts(_("Se&rver"))

    def store(self, account: AccountDraft, changed: Field) -> None:
        """Takes over what the person changed in one field."""
        if changed is Field.HOST:
            account.host = self.host.text().strip()
        elif changed is Field.PORT:
            text = self.port.text().strip()
            account.port = int(text) if text.isdecimal() else 0
            account.port_typed = bool(text)
        elif changed is Field.LOGIN:
            account.login = self.login.text().strip()
            account.login_typed = bool(account.login)
        elif changed is Field.KIND:
            account.choose_kind(EndpointKind(self.kind.currentData()))
        elif changed is Field.MAILBOX:
            self.other.store(account)
        elif changed is Field.SECURITY:
            account.use_security(Security(self.security.currentData()))

    def retranslate(self) -> None:
        self.service.retranslate()
        self.service_row.set_texts(_("Wh&ich provider"))
        self.rows[Field.KIND].set_texts(_("Account typ&e"))
        self.rows[Field.PORT].set_texts(_("Por&t"))
        self.rows[Field.SECURITY].set_texts(_("Securit&y"))
        self.rows[Field.LOGIN].set_texts(_("&Login"))
        self.other.retranslate()
        for index in range(self.kind.count()):
            self.kind.setItemText(index, _(accounts.KIND_NAMES[self.kind.itemData(index)]))
        for index in range(self.security.count()):
            security = Security(self.security.itemData(index))
            self.security.setItemText(index, _(accounts.SECURITY_NAMES[security]))
