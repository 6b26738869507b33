"""2 Destination: where the mail goes to."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QRadioButton

from omm_desktop.guide.service import Service, ServiceKind
from omm_desktop.language import mark
from omm_desktop.language import translate as _
from omm_desktop.model.account import EndpointKind
from omm_desktop.model.problem import Place
from omm_desktop.ui.page import PageContext, card, label
from omm_desktop.ui.pages.account_page import AccountPage
from omm_desktop.ui.widgets.field_row import FieldRow
from omm_desktop.ui.widgets.service_choice import ServiceChoice
from omm_desktop.wizard.finding import Scope
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.present import accounts, finding
from omm_desktop.wizard.probe_result import ProbeResult
from omm_desktop.wizard.rules import Field, destination_faults


class DestinationPage(AccountPage):
    page_id = PageId.DESTINATION
    place = Place.DESTINATION

    def __init__(self, context: PageContext) -> None:
        draft = context.draft
        super().__init__(context, draft.destination, lambda: destination_faults(draft))
        self.ovh, self.exchange, self.other = QRadioButton(), QRadioButton(), QRadioButton()
        self.kinds = QButtonGroup(self)
        for button in (self.ovh, self.exchange, self.other):
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
        self.form.rows[Field.SERVICE] = self.offer_row
        for widget in (self.ovh, self.offer_row, self.exchange, self.other):
            self.content.addWidget(widget)
        self.content.addWidget(self.form)
        self.content.addWidget(self.check_list)
        self.holds_card, layout = card("notice")
        self.holds = label()
        layout.addWidget(self.holds)
        self.content.addWidget(self.holds_card)
        self.ovh.clicked.connect(lambda: self._choose_offer(self.offer.current()))
        self.exchange.clicked.connect(self._choose_exchange)
        self.other.clicked.connect(self._choose_other)
        self.offer.chosen.connect(self._choose_offer)
        self.form.found.connect(self._note_same_settings)
        self.form.edited.connect(self._show_kind)

    def load(self) -> None:
        self._show_kind()
        if self.ovh.isChecked():
            automatic = self.account.scope is Scope.OVHCLOUD
            self.offer.select(None if automatic else self.form.service)
        super().load()

    def extra_lines(self, result: ProbeResult) -> list[str]:
        return [accounts.space_line(result), accounts.kinds_line(result)]

    def retranslate(self) -> None:
        self.title.setText(_("Where does your mail go?"))
        self.promise.setText(_("What this mailbox already holds stays there."))
        self.ovh.setText(_("OVHclo&ud mailbox (settings found automatically)"))
        self.exchange.setText(_("Another Exchange server"))
        self.other.setText(_("Another mailbox, by IMAP"))
        self.offer_row.set_texts(
            _("&Kind of OVHcloud mailbox"),
            _("Your customer account names it, beside the address."),
        )
        self.offer.retranslate()
        self.form.set_address_hint(finding.only_the_domain())
        super().retranslate()

    def _choose_exchange(self) -> None:
        self.account.scope = Scope.EXCHANGE
        self._use(None, EndpointKind.EWS)

    def _choose_other(self) -> None:
        self.account.scope = Scope.ANYBODY
        self._use(self.services.providers.for_address(self.account.address))

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
        self.holds.setText(accounts.already_there(result) if result else "")
        self.holds_card.setVisible(bool(self.holds.text()))
