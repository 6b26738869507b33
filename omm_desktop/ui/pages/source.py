"""1 Source: where the mail comes from."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from omm_desktop.language import translate as _
from omm_desktop.model.account import EndpointKind, Server
from omm_desktop.model.problem import Place
from omm_desktop.ui.page import PageContext, card, label
from omm_desktop.ui.pages.account_page import AccountPage
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.present import accounts, finding
from omm_desktop.wizard.probe_result import ProbeResult
from omm_desktop.wizard.rules import account_faults


class SourcePage(AccountPage):
    page_id = PageId.SOURCE
    place = Place.SOURCE
    ways = (EndpointKind.IMAP, EndpointKind.POP3, EndpointKind.EWS)

    def __init__(self, context: PageContext) -> None:
        account = context.draft.source
        super().__init__(context, account, lambda: account_faults(account))
        self.form.taken = self._server_of_the_new_mailbox
        self.content.addWidget(self.form)
        self.content.addWidget(self.check_list)
        self.offer_card, layout = card("notice")
        self.offer, self.use_imap = label(), QPushButton()
        layout.addWidget(self.offer)
        layout.addWidget(self.use_imap, alignment=Qt.AlignmentFlag.AlignLeft)
        self.content.addWidget(self.offer_card)
        self.use_imap.clicked.connect(self._use_imap)

    def question(self, result: ProbeResult) -> str:
        return accounts.imap_offer(result.imap) if result.imap else ""

    def ask(self) -> None:
        self.use_imap.setFocus()
        self.ensureWidgetVisible(self.use_imap)

    def main_text(self) -> str:
        return _("Co&ntinue by POP") if self._offered else super().main_text()

    def retranslate(self) -> None:
        self.title.setText(_("Where does your mail come from?"))
        self.promise.setText(_("Nothing will be deleted or changed there."))
        self.form.set_address_hint(finding.only_the_domain())
        self.use_imap.setText(_("&Use IMAP instead"))
        super().retranslate()

    @property
    def _offered(self) -> Server | None:
        result = self.account.checked
        return result.imap if result and not self.checking else None

    def _show_check(self) -> None:
        super()._show_check()
        server = self._offered
        self.offer_card.setVisible(server is not None)
        if server is not None:
            self.offer.setText(accounts.imap_offer(server))

    def _use_imap(self) -> None:
        server = self._offered
        if server is not None:
            self.account.use_kind(EndpointKind.IMAP)
            self.account.use_server(server)
            self.form.load()
            self._edited()
            self.main_pressed()

    def _server_of_the_new_mailbox(self) -> str:
        """When a domain moves, both mailboxes have one address: the search finds the new one."""
        return self.draft.destination.server.host if self.draft.one_address else ""
