"""1 Source: where the mail comes from."""

from __future__ import annotations

from omm_desktop.language import translate as _
from omm_desktop.model.problem import Place
from omm_desktop.ui.page import PageContext
from omm_desktop.ui.pages.account_page import AccountPage
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.rules import account_faults


class SourcePage(AccountPage):
    page_id = PageId.SOURCE
    place = Place.SOURCE

    def __init__(self, context: PageContext) -> None:
        account = context.draft.source
        super().__init__(context, account, lambda: account_faults(account))
        self.content.addWidget(self.form)
        self.content.addWidget(self.check_list)

    def retranslate(self) -> None:
        self.title.setText(_("Where does your mail come from?"))
        self.promise.setText(_("Nothing will be deleted or changed there."))
        self.form.set_address_hint(_("Your settings are looked up on this computer."))
        super().retranslate()
