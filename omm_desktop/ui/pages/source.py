"""1 Source: where the mail comes from."""

from __future__ import annotations

from omm_desktop.language import translate as _
from omm_desktop.model.problem import Place
from omm_desktop.ui.page import PageContext
from omm_desktop.ui.pages.account_page import AccountPage
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.present import finding
from omm_desktop.wizard.rules import account_faults


class SourcePage(AccountPage):
    page_id = PageId.SOURCE
    place = Place.SOURCE

    def __init__(self, context: PageContext) -> None:
        account = context.draft.source
        super().__init__(context, account, lambda: account_faults(account))
        self.form.taken = self._server_of_the_new_mailbox
        self.content.addWidget(self.form)
        self.content.addWidget(self.check_list)

    def retranslate(self) -> None:
        self.title.setText(_("Where does your mail come from?"))
        self.promise.setText(_("Nothing will be deleted or changed there."))
        self.form.set_address_hint(finding.only_the_domain())
        super().retranslate()

    def _server_of_the_new_mailbox(self) -> str:
        """When a domain moves, both mailboxes have one address: the search finds the new one."""
        return self.draft.destination.host if self.draft.one_address else ""
