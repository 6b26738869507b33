"""Account pages while settings are looked for by an address, and after."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QApplication

from omm_desktop.guide.discovery.candidate import Candidate, Findings, Origin
from omm_desktop.model.account import Security, Server
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.ui.pages.account_page import AccountPage
from omm_desktop.ui.task import Task
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId

from .scripted import ScriptedSearch


def source_looking(window: Window) -> None:
    look_for(window.source, None)


def source_found(window: Window) -> None:
    server = Server("imap.exemple.fr", 993, Security.TLS)
    search_found(window.source, Candidate(Origin.AUTOCONFIG, imap=(server,)))


def source_consent(window: Window) -> None:
    server = Server("imap.hebergeur.net", 993, Security.TLS)
    search_found(
        window.source, Candidate(Origin.SRV, imap=(server,), foreign_host="imap.hebergeur.net")
    )


def source_nothing_found(window: Window) -> None:
    search_found(window.source, problem=Problem(ProblemId.NAME_SERVERS_SILENT, Place.COMPUTER))


def source_exchange(window: Window) -> None:
    search_found(window.source, Candidate(Origin.AUTODISCOVER, exchange="https://exemple.fr/"))


def destination_found(window: Window) -> None:
    window.review.change_wanted.emit(PageId.DESTINATION)
    services = window.services.providers
    search_found(
        window.destination,
        Candidate.of_service(Origin.KNOWN_MX, services.by_id("ovh-emailpro"), "3"),
    )


def source_hosted_exchange(window: Window) -> None:
    """OVHcloud's shared Exchange, by the number that its records tell."""
    services = window.services.providers
    search_found(
        window.source,
        Candidate.of_service(Origin.KNOWN_MX, services.by_id("ovh-exchange-eu"), "5"),
    )


def destination_private_exchange(window: Window) -> None:
    """OVHcloud's private Exchange: the host name is the customer's own."""
    window.review.change_wanted.emit(PageId.DESTINATION)
    service = window.services.providers.by_id("ovh-exchange-private")
    search_found(
        window.destination, Candidate.of_service(Origin.KNOWN_MX, service, "mail.exemple.fr")
    )


def destination_untold(window: Window) -> None:
    window.review.change_wanted.emit(PageId.DESTINATION)
    search_found(window.destination)


def search_found(page: AccountPage, *candidates: Candidate, problem: Problem | None = None) -> None:
    """A search for the settings of an address that ended so."""
    look_for(page, Findings(candidates, {Origin.KNOWN_MX: problem} if problem else {}))
    Task.wait_for_all(10_000)
    QApplication.processEvents()


def look_for(page: AccountPage, findings: Findings | None) -> None:
    """An address is typed and left; None is a search that goes on."""
    form, address = page.form, "claire.moreau@exemple.fr"
    form.finder._services = replace(
        page.services, search=lambda address, place, exchange_only: ScriptedSearch(findings)
    )
    form.address.setText(address)
    form.address.typed.emit(address)
    form.address.editingFinished.emit()
