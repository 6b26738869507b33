"""The windows that stand beside the wizard: settings, check of a domain, what Exchange changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from omm_desktop.ui.differences import DifferencesWindow
from omm_desktop.ui.domain.window import DomainWindow
from omm_desktop.ui.reference.window import ReferenceWindow
from omm_desktop.wizard.belonging import own_domain, service_of
from omm_desktop.wizard.flow import PageId

if TYPE_CHECKING:
    from omm_desktop.ui.window import Window


class Beside(QObject):
    """Each is made when it is first wanted, and stays."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.reference: ReferenceWindow | None = None
        self.domain: DomainWindow | None = None
        self.differences: DifferencesWindow | None = None

    def open_reference(self, service: str = "") -> ReferenceWindow:
        """The settings reference on this service, or else on the one the page is about."""
        window = self._window
        if self.reference is None:
            given = window.services
            self.reference = ReferenceWindow(given.providers, given.catalogue, window.appearance)
            self.reference.addActions(window.menus.actions_everywhere())
        draft = window.draft
        account = draft.source if window.current_page_id is PageId.SOURCE else draft.destination
        self.reference.show_service(service or account.service or "")
        self.reference.bring_forward()
        return self.reference

    def open_guide(self, service: str) -> None:
        """The settings reference where it tells how to sign in at this service."""
        self.open_reference(service).show_guide()

    def open_domain(self) -> None:
        """The check of the domain of the new mailbox."""
        account, known = self._window.draft.destination, self._window.services.providers
        service = service_of(account, known)
        self.show_domain(own_domain(account, known) or "", service.id if service else "")

    def show_domain(self, domain: str, service: str) -> None:
        """The check of this domain, for the offer with this id; either may be empty."""
        window = self._window
        if self.domain is None:
            self.domain = DomainWindow(window.services, window.appearance)
            self.domain.addActions(window.menus.actions_everywhere())
        self.domain.show_domain(domain, service, window.draft.destination.host)

    def open_differences(self) -> None:
        """The manual's page on what Exchange changes."""
        window = self._window
        if self.differences is None:
            self.differences = DifferencesWindow()
            self.differences.addActions(window.menus.actions_everywhere())
        self.differences.bring_forward()
        told = f"{self.differences.title.text()}. {self.differences.promise.text()}"
        window.announcer.say(told)

    def retranslate(self) -> None:
        for window in (self.reference, self.domain, self.differences):
            if window is not None:
                window.retranslate()

    def leave(self) -> None:
        """Before the program ends."""
        for window in (self.reference, self.domain):
            if window is not None:
                window.leave()
        if self.differences is not None:
            self.differences.close()
