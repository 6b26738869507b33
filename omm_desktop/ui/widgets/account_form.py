"""Address, password and, folded away, the settings of one mailbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from omm_desktop.guide.discovery.candidate import Candidate
from omm_desktop.guide.service import Service
from omm_desktop.language import translate as _
from omm_desktop.model.account import EndpointKind
from omm_desktop.model.problem import Place
from omm_desktop.model.secret import Secret
from omm_desktop.ui.page import card, label, link
from omm_desktop.ui.services import Services
from omm_desktop.ui.widgets.field_row import FieldRow
from omm_desktop.ui.widgets.password_field import PasswordField
from omm_desktop.ui.widgets.private_edit import PrivateEdit
from omm_desktop.ui.widgets.server_settings import ServerSettings
from omm_desktop.ui.widgets.settings_finder import SettingsFinder
from omm_desktop.ui.widgets.typed_edit import TypedEdit
from omm_desktop.wizard.belonging import imap_beside
from omm_desktop.wizard.draft import AccountDraft
from omm_desktop.wizard.finding import Scope
from omm_desktop.wizard.present import accounts, problems
from omm_desktop.wizard.rules import SETTINGS_FIELDS, Fault, Field, complete_address

_PATIENCE_MS = 2000


class AccountForm(QWidget):
    """Writes straight into the draft. `edited` after every change by the person or a search.

    `guide_wanted` with the id of the service that wants more than the password of the mailbox.
    `taken` tells the host that must not be found for this mailbox; empty when there is none.
    """

    edited = Signal()
    found = Signal()
    missed = Signal()
    guide_wanted = Signal(str)

    def __init__(
        self,
        account: AccountDraft,
        services: Services,
        faults: Callable[[], list[Fault]],
        place: Place,
        kinds: Sequence[EndpointKind] = (EndpointKind.IMAP,),
    ) -> None:
        super().__init__()
        self.account = account
        self._services = services
        self._faults = faults
        self._visited: set[Field] = set()
        self._hint_of_address = ""
        self.taken: Callable[[], str] = str
        self.finder = SettingsFinder(services, place, by_pop=EndpointKind.POP3 in kinds)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        self.address, self.answer = PrivateEdit(), TypedEdit()
        self.password = PasswordField()
        self.settings = ServerSettings(services.providers, kinds)
        self.rows: dict[Field, FieldRow] = {
            Field.ADDRESS: FieldRow(self.address),
            Field.ANSWER: FieldRow(self.answer),
            Field.PASSWORD: FieldRow(self.password, self.password.edit),
            **self.settings.rows,
        }
        layout.addWidget(self.rows[Field.ADDRESS])
        layout.addWidget(self.rows[Field.ANSWER])
        layout.addLayout(self._known_line())
        layout.addWidget(self.finder)
        layout.addWidget(self._remark())
        layout.addWidget(self._advice())
        layout.addWidget(self.rows[Field.PASSWORD])
        self.fold = link("fold")
        layout.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.settings)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._connect()

    def _known_line(self) -> QHBoxLayout:
        self.known, self.change = label("good"), link()
        line = QHBoxLayout()
        line.addWidget(self.known, 1)
        line.addWidget(self.change)
        return line

    def _remark(self) -> QWidget:
        self.remark_card, layout = card("notice")
        self.remark = label()
        layout.addWidget(self.remark)
        return self.remark_card

    def _advice(self) -> QWidget:
        self.advice_card, layout = card("notice")
        self.advice, self.how = label(), link()
        self._advised = ""
        layout.addWidget(self.advice)
        layout.addWidget(self.how, 0, Qt.AlignmentFlag.AlignLeft)
        return self.advice_card

    def _connect(self) -> None:
        self.address.typed.connect(self._address_typed)
        self.address.editingFinished.connect(lambda: self._leave(Field.ADDRESS))
        self.answer.typed.connect(self._answer_typed)
        self.answer.editingFinished.connect(lambda: self._leave(Field.ANSWER))
        self.password.typed.connect(self._password_typed)
        self.password.cleaned.connect(self._tell_cleaned)
        self.password.edit.editingFinished.connect(lambda: self._leave(Field.PASSWORD))
        self.settings.edited.connect(self._setting_changed)
        self.settings.service_chosen.connect(self._service_picked)
        for field in (Field.HOST, Field.PORT, Field.LOGIN, Field.MAILBOX):
            edit = self.settings.rows[field].edit
            assert isinstance(edit, QLineEdit)
            edit.editingFinished.connect(lambda field=field: self._leave(field))
        self.fold.clicked.connect(lambda: self._open(not self.account.settings_open))
        self.change.clicked.connect(self._change_settings)
        self.how.clicked.connect(lambda: self.guide_wanted.emit(self._advised))
        self._patience.timeout.connect(self._after_typing)
        self.finder.wanted.connect(self._find)
        self.finder.found.connect(self._take)
        self.finder.missed.connect(self._miss)

    @property
    def service(self) -> Service | None:
        known = self.account.service
        return self._services.providers.by_id(known) if known else None

    def load(self) -> None:
        if self.address.text().strip() != self.account.address:
            self.address.setText(self.account.address)
        self.password.set_secret(self.account.password)
        self._show_settings()

    def use_service(self, service: Service | None) -> None:
        """Takes the settings of a known service, or opens them for typing."""
        self.finder.stop()
        self.account.use_service(service)
        self._propose_login()
        self._show_settings()
        self.edited.emit()

    def take_imap(self) -> None:
        """Exchange does not answer: its mailboxes have IMAP, too."""
        account = self.account
        service = imap_beside(account, self._services.providers)
        account.choose_kind(EndpointKind.IMAP)
        if service is not None:
            account.service = service.id
        self.use_service(service)

    def show_faults(self, faults: Sequence[Fault]) -> None:
        """Marks every fault of the page and puts the cursor on the first."""
        self._visited |= set(self.rows)
        if any(fault.field in SETTINGS_FIELDS for fault in faults):
            self._open(True)
        self._mark()
        if faults and faults[0].field in self.rows:
            self.rows[faults[0].field].edit.setFocus()

    def focus(self, field: Field) -> None:
        if field in SETTINGS_FIELDS:
            self._open(True)
        edit = self.rows[field].edit
        edit.setFocus()
        if isinstance(edit, QLineEdit):
            edit.selectAll()

    def retranslate(self) -> None:
        self.rows[Field.PASSWORD].set_texts(_("&Password"), self._where_kept())
        self.password.retranslate()
        self.settings.retranslate()
        self.finder.retranslate()
        self.change.setText(_("Chan&ge"))
        self._show_settings()
        self._mark()

    def set_address_hint(self, text: str) -> None:
        self._hint_of_address = text
        self._name_address()

    def _name_address(self) -> None:
        hint = accounts.address_hint(self.account, self._hint_of_address)
        self.rows[Field.ADDRESS].set_texts(_("E-mail &address"), hint)

    def _where_kept(self) -> str:
        if self._services.credentials.is_safe_place:
            return _("It stays on this computer, in the system's own vault.")
        return _("It is kept in memory only: this computer has no vault. (Code 41-01)")

    def _address_typed(self) -> None:
        self.account.address = self.address.text().strip()
        if self.finder.domain != self.account.address.rpartition("@")[2]:
            self.finder.stop()
            self.account.forget_found()
        self._mend(Field.ADDRESS)
        self._patience.start()
        if complete_address(self.account.address):
            self._look_up()
        else:
            self._propose_login()
            self.edited.emit()

    def _look_up(self) -> None:
        if self.account.scope is not Scope.ANYBODY or self.account.found is not None:
            self._propose_login()
            self._show_settings()
            self.edited.emit()
            return
        found = self._services.providers.for_address(self.account.address)
        if found is not None and found.imap:
            self.use_service(found)
        elif self.account.service is not None:
            self.account.host = ""
            self.use_service(None)
        else:
            self._propose_login()
            self._show_settings()
            self.edited.emit()

    def _propose_login(self) -> None:
        if self.account.login_typed:
            return
        address = self.account.address
        if self.account.found is not None:
            self.account.login = self.account.found.login_for(address)
            return
        self.account.login = self.service.login.login(address) if self.service else address

    def _answer_typed(self) -> None:
        self.account.answer = self.answer.text().strip()
        self._mend(Field.ANSWER)
        self.use_service(self.service)

    def _password_typed(self) -> None:
        self.account.password = self.password.secret
        self._mend(Field.PASSWORD)
        self.edited.emit()

    def _tell_cleaned(self) -> None:
        removed = _("Blanks in the password were taken away.")
        self.rows[Field.PASSWORD].set_texts(_("&Password"), f"{removed} {self._where_kept()}")

    def _setting_changed(self, field: Field) -> None:
        self.settings.store(self.account, field)
        if self.finder.looking or self.finder.asking or field is Field.KIND:
            self.finder.stop()
        service = self.service
        if field is Field.KIND and service is not None and self.account.kind in service.ways:
            self.use_service(service)
            return
        if field not in (Field.LOGIN, Field.MAILBOX):
            self.account.keep_found()
            self.account.service = None
        self._mend(field)
        self._show_settings()
        self.edited.emit()
        if field is Field.KIND:
            self.find_if_needed()

    def _service_picked(self, service: Service | None) -> None:
        self.account.login_typed = False
        self.use_service(service)

    def _show_settings(self) -> None:
        self._name_address()
        if self.account.kind.is_on_disk:
            return
        service = self.service
        self.settings.load(self.account, service)
        asks = service.ask if service else None
        self.rows[Field.ANSWER].setVisible(asks is not None)
        if asks is not None:
            self.rows[Field.ANSWER].set_texts(asks.words.text())
        if self.answer.text().strip() != self.account.answer:
            self.answer.setText(self.account.answer)
        self.remark.setText(accounts.remark(self.account))
        self.remark_card.setVisible(bool(self.remark.text()))
        self.known.setText(accounts.settings_line(self.account, service))
        has_line = bool(self.known.text()) and bool(self.account.host)
        self.known.setVisible(has_line)
        self.change.setVisible(has_line and not self.account.settings_open)
        # A mailbox of an earlier copy has its server, and no choice any more.
        known = service or self._services.providers.by_host(self.account.server.host)
        self.password.is_app_password = bool(known and known.wants_app_password)
        self._show_advice(known)
        possible = self.account.scope is not None and complete_address(self.account.address)
        self.finder.offer(possible=possible)
        self.settings.setVisible(self.account.settings_open)
        sign = "▾" if self.account.settings_open else "▸"
        self.fold.setText(f"{sign}  " + _("&Settings"))
        state = _("shown") if self.account.settings_open else _("hidden")
        self.fold.setAccessibleName(_("Settings, {state}").format(state=state))

    def _show_advice(self, service: Service | None) -> None:
        advice = accounts.sign_in_advice(service)
        self._advised = service.id if service is not None else ""
        self.advice_card.setVisible(bool(advice))
        self.advice.setText(advice)
        self.how.setVisible(bool(service and service.guide))
        by_password = service is None or service.takes_password
        self.how.setText(_("How t&o get one") if by_password else _("What to do instead"))

    def _open(self, opened: bool) -> None:
        self.account.settings_open = opened
        self._show_settings()

    def _change_settings(self) -> None:
        self._open(True)
        self.settings.host.setFocus()

    def _after_typing(self) -> None:
        self._leave(Field.ADDRESS)

    def _leave(self, field: Field) -> None:
        """A field that was left empty is not reproached before the main button is pressed."""
        edit = self.rows[field].edit
        if isinstance(edit, QLineEdit) and not edit.text():
            return
        self._visited.add(field)
        if field is Field.ADDRESS:
            self.find_if_needed()
        self._mark()

    def find_if_needed(self) -> None:
        """Looks for settings, unless they are there, were looked for, or cannot be found yet."""
        if self._needs_settings():
            self._find()

    def _needs_settings(self) -> bool:
        """A domain is searched for once, and nothing that was typed is searched for at all."""
        account = self.account
        return (
            not account.kind.is_on_disk
            and complete_address(account.address)
            and account.scope is not None
            and not (account.host or account.service)
            and self.finder.domain != account.address.rpartition("@")[2]
        )

    def _find(self) -> None:
        if self.account.scope is not None:
            self.finder.look(self.account.address, self.account.scope, self.taken())
            self._show_settings()

    def _take(self, candidates: tuple[Candidate, ...]) -> None:
        self.account.use_candidates(candidates)
        self._mend_settings()
        self._show_settings()
        self.edited.emit()
        self.found.emit()

    def _miss(self) -> None:
        hopeless = self.account.scope is not Scope.OVHCLOUD and self.finder.exchange is None
        self._open(self.account.settings_open or hopeless)
        self.missed.emit()

    def _mend_settings(self) -> None:
        for field in SETTINGS_FIELDS | {Field.ANSWER}:
            self._mend(field)

    def _mend(self, field: Field) -> None:
        """A fault disappears at the first corrective key."""
        self._visited.discard(field)
        self.rows[field].set_fault("")

    def _mark(self) -> None:
        wrong: dict[Field, str] = {}
        for fault in self._faults():
            wrong.setdefault(fault.field, problems.fault(fault))
        for field, row in self.rows.items():
            row.set_fault(wrong.get(field, "") if field in self._visited else "")

    def set_password(self, secret: Secret) -> None:
        self.account.password = secret
        self.password.set_secret(secret)
