"""2 Destination: where the mail goes to."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from omm_desktop.guide.service import Service, ServiceKind
from omm_desktop.language import mark
from omm_desktop.language import translate as _
from omm_desktop.model.account import EndpointKind
from omm_desktop.model.problem import Place
from omm_desktop.ui.exports import ReadersWindow
from omm_desktop.ui.page import BELOW_ITS_CHOICE, PageContext, card, choices, label
from omm_desktop.ui.pages.account_page import AccountPage
from omm_desktop.ui.widgets.field_row import FieldRow
from omm_desktop.ui.widgets.save_folder import SaveFolder
from omm_desktop.ui.widgets.service_choice import ServiceChoice
from omm_desktop.wizard.finding import Scope
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.present import accounts, files, finding
from omm_desktop.wizard.probe_result import ProbeResult
from omm_desktop.wizard.rules import Field, destination_faults


class DestinationPage(AccountPage):
    page_id = PageId.DESTINATION
    place = Place.DESTINATION

    def __init__(self, context: PageContext) -> None:
        draft = context.draft
        super().__init__(context, draft.destination, lambda: destination_faults(draft))
        self.ovh, self.exchange, self.other = QRadioButton(), QRadioButton(), QRadioButton()
        self.files = QRadioButton()
        self.kinds = QButtonGroup(self)
        for button in (self.ovh, self.exchange, self.other, self.files):
            self.kinds.addButton(button)
        self.offer = ServiceChoice(
            [
                service
                for service in context.services.providers.services
                if service.kind is ServiceKind.OVH and service.imap
            ],
            otherwise=mark("Found automatically"),
        )
        self.offer_row = FieldRow(self.offer)
        self.offer_row.setContentsMargins(*BELOW_ITS_CHOICE)
        self.form.rows[Field.SERVICE] = self.offer_row
        self.folder = SaveFolder(draft.destination)
        self.readers: ReadersWindow | None = None
        self.form.rows[Field.FOLDER] = self.folder.row
        kinds = choices(*self.kinds.buttons())
        kinds.insertWidget(1, self.offer_row)
        self.content.addLayout(kinds)
        for widget in (self.folder, self.form, self.check_list):
            self.content.addWidget(widget)
        self.holds_card, layout = card("notice")
        self.holds = label()
        layout.addWidget(self.holds)
        self.content.addWidget(self.holds_card)
        self.ovh.clicked.connect(lambda: self._choose_offer(self.offer.current()))
        self.exchange.clicked.connect(self._choose_exchange)
        self.other.clicked.connect(self._choose_other)
        self.files.clicked.connect(self._choose_files)
        self.folder.edited.connect(self._edited)
        self.folder.guide_wanted.connect(self.open_readers)
        self.offer.chosen.connect(self._choose_offer)
        self.form.found.connect(self._note_same_settings)
        self.form.edited.connect(self._show_kind)

    def load(self) -> None:
        self._show_kind()
        self.folder.load()
        if self.ovh.isChecked():
            automatic = self.account.scope is Scope.OVHCLOUD
            self.offer.select(None if automatic else self.form.service)
        super().load()

    def extra_lines(self, result: ProbeResult) -> list[str]:
        lines = [accounts.space_line(result)]
        return lines if self._to_files else [*lines, accounts.kinds_line(result)]

    def summary(self, result: ProbeResult) -> str:
        return files.writable() if self._to_files else super().summary(result)

    def first_field(self) -> QWidget:
        return self.folder.path if self._to_files else super().first_field()

    @property
    def _to_files(self) -> bool:
        return self.account.kind.is_on_disk

    def retranslate(self) -> None:
        self.title.setText(_("Where does your mail go?"))
        self._show_promise()
        self.ovh.setText(_("OVHclo&ud mailbox (settings are found)"))
        self.exchange.setText(_("Another Exchange server"))
        self.other.setText(_("Another mailbox, by IMAP"))
        self.files.setText(_("Files on this computer"))
        self.folder.retranslate()
        if self.readers is not None:
            self.readers.retranslate()
        self.offer_row.set_texts(
            _("&Kind of OVHcloud mailbox"),
            _("Your customer account names it, beside the address."),
        )
        self.offer.retranslate()
        self.form.set_address_hint(finding.only_the_domain())
        super().retranslate()

    def open_readers(self) -> None:
        """How to read in other programs what is saved."""
        if self.readers is None:
            self.readers = ReadersWindow()
        self.readers.bring_forward()
        self.announcer.say(self.readers.title.text())

    def _show_promise(self) -> None:
        mailbox = _("What this mailbox already holds stays there.")
        self.promise.setText(files.promise() if self._to_files else mailbox)

    def _choose_exchange(self) -> None:
        self.account.scope = Scope.EXCHANGE
        self._use(None, EndpointKind.EWS)

    def _choose_other(self) -> None:
        self.account.scope = Scope.ANYBODY
        self._use(self.services.providers.for_address(self.account.address))

    def _choose_files(self) -> None:
        self.form.finder.stop()
        self.account.kind = EndpointKind.FILES
        self.folder.load()
        self._edited()
        self._show_kind()

    def _choose_offer(self, offer: Service | None) -> None:
        self.account.scope = Scope.OVHCLOUD if offer is None else None
        self._use(offer)

    def _use(self, service: Service | None, kind: EndpointKind = EndpointKind.IMAP) -> None:
        self.account.service, self.account.host = None, ""
        self.account.use_kind(kind)
        self.form.use_service(service if service is not None and service.imap else None)
        self.form.find_if_needed()

    def _show_kind(self) -> None:
        scope = self.account.scope
        self._show_promise()
        self.folder.setVisible(self._to_files)
        self.form.setHidden(self._to_files)
        if self._to_files:
            self.files.setChecked(True)
            self.offer_row.hide()
            return
        ovh = scope in (Scope.OVHCLOUD, None)
        by_exchange = self.account.kind is EndpointKind.EWS
        chosen = self.exchange if scope is Scope.EXCHANGE or by_exchange else self.other
        (self.ovh if ovh else chosen).setChecked(True)
        self.offer_row.setVisible(ovh)

    def _note_same_settings(self) -> None:
        if self.draft.one_address and self.account.server.host == self.draft.source.server.host:
            self.form.finder.note(finding.same_settings())

    def _show_check(self) -> None:
        super()._show_check()
        result = self.account.checked
        there = accounts.already_there(result, to_files=self._to_files) if result else ""
        self.holds.setText(there)
        self.holds_card.setVisible(bool(self.holds.text()))
