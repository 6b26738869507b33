"""2 Destination: where the mail goes to."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QRadioButton

from omm_desktop.guide.providers import Service, ServiceKind
from omm_desktop.language import translate as _
from omm_desktop.model.problem import Place
from omm_desktop.ui.page import PageContext, card, label
from omm_desktop.ui.pages.account_page import AccountPage
from omm_desktop.ui.widgets.field_row import FieldRow
from omm_desktop.ui.widgets.service_choice import ServiceChoice
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.present import accounts
from omm_desktop.wizard.probe_result import ProbeResult
from omm_desktop.wizard.rules import destination_faults


class DestinationPage(AccountPage):
    page_id = PageId.DESTINATION
    place = Place.DESTINATION

    def __init__(self, context: PageContext) -> None:
        draft = context.draft
        super().__init__(context, draft.destination, lambda: destination_faults(draft))
        self.ovh, self.other = QRadioButton(), QRadioButton()
        self.kinds = QButtonGroup(self)
        self.kinds.addButton(self.ovh)
        self.kinds.addButton(self.other)
        self.offer = ServiceChoice(
            [
                service
                for service in context.services.providers.services
                if service.kind is ServiceKind.OVH and service.imap
            ],
            with_other=False,
        )
        self.offer_row = FieldRow(self.offer)
        for widget in (self.ovh, self.offer_row, self.other):
            self.content.addWidget(widget)
        self.content.addWidget(self.form)
        self.content.addWidget(self.check_list)
        self.holds_card, layout = card("notice")
        self.holds = label()
        layout.addWidget(self.holds)
        self.content.addWidget(self.holds_card)
        self.ovh.clicked.connect(lambda: self._choose(ovh=True))
        self.other.clicked.connect(lambda: self._choose(ovh=False))
        self.offer.chosen.connect(self.form.use_service)

    def load(self) -> None:
        account = self.account
        service = self.form.service
        is_new = not account.host and service is None and not account.address
        is_ovh = is_new or (service is not None and service.kind is ServiceKind.OVH)
        self._show_kind(ovh=is_ovh)
        if is_ovh:
            self.offer.select(service)
            if service is None:
                self.form.use_service(self.offer.current())
        super().load()

    def extra_lines(self, result: ProbeResult) -> list[str]:
        return [accounts.space_line(result), accounts.kinds_line()]

    def retranslate(self) -> None:
        self.title.setText(_("Where does your mail go?"))
        self.promise.setText(_("What this mailbox already holds stays there."))
        self.ovh.setText(_("OVHclo&ud mailbox (settings known)"))
        self.other.setText(_("Another mailbox, by IMAP"))
        self.offer_row.set_texts(
            _("&Kind of OVHcloud mailbox"),
            _("Your customer account names it, beside the address."),
        )
        self.offer.retranslate()
        super().retranslate()

    def _choose(self, *, ovh: bool) -> None:
        self._show_kind(ovh=ovh)
        self.form.use_service(self.offer.current() if ovh else self._known_by_address())

    def _known_by_address(self) -> Service | None:
        self.account.host = ""
        found = self.services.providers.for_address(self.account.address)
        return found if found is not None and found.imap else None

    def _show_kind(self, *, ovh: bool) -> None:
        (self.ovh if ovh else self.other).setChecked(True)
        self.offer_row.setVisible(ovh)
        self.form.look_up_by_domain = not ovh

    def _show_check(self) -> None:
        super()._show_check()
        result = self.account.checked
        self.holds.setText(accounts.already_there(result) if result else "")
        self.holds_card.setVisible(bool(self.holds.text()))
