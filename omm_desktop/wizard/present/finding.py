"""What the pages say about the search for settings."""

from __future__ import annotations

from omm_desktop.guide.discovery.candidate import Candidate, Findings, Origin
from omm_desktop.language import mark
from omm_desktop.language import translate as _
from omm_desktop.model.account import EndpointKind
from omm_desktop.support.catalogue import Catalogue
from omm_desktop.wizard.finding import Scope

_ORIGINS = {
    Origin.KNOWN_DOMAIN: mark("known settings"),
    Origin.KNOWN_MX: mark("the domain's mail goes there"),
    Origin.SRV: mark("from the domain's own records"),
    Origin.AUTOCONFIG: mark("from the domain's own settings file"),
    Origin.AUTODISCOVER: mark("from the domain's own records"),
    Origin.GUESS: mark("this server answers under its usual name"),
}


_LINES = {
    EndpointKind.IMAP: mark("{name}, by IMAP – {origin}"),
    EndpointKind.POP3: mark("{name}, by POP – {origin}"),
    EndpointKind.EWS: mark("{name}, by Exchange – {origin}"),
}


def origin_line(candidate: Candidate, host: str, kind: EndpointKind) -> str:
    """What was found and where it comes from: "Gmail, by IMAP – known settings"."""
    name = candidate.service.name.text() if candidate.service else host
    return _(_LINES[kind]).format(name=name, origin=_(_ORIGINS[candidate.origin]))


def only_the_domain() -> str:
    return _("Only the part after @ is used for this search.")


def looking() -> str:
    return _("Looking for settings…")


def consent(candidate: Candidate) -> str:
    """Asked before another company's host is used."""
    return _("These settings come from {host}. Use them?").format(host=candidate.foreign_host)


def nothing_found(
    domain: str, findings: Findings, scope: Scope, taken: str, catalogue: Catalogue
) -> str:
    """Why the person has to choose or type, and what is known all the same."""
    if taken and any(one.host == taken for one in findings.candidates):
        return _(
            "This address is also the new mailbox, and only that one is found. "
            "Type the server of the old mailbox."
        )
    if scope is Scope.OVHCLOUD:
        return _(
            "The domain {domain} does not tell which OVHcloud mailbox this is. "
            "Choose its kind above."
        ).format(domain=domain)
    if findings.exchange_only is not None:
        return _(
            "The Exchange server of {domain} does not tell its address to other programs. "
            "Type its settings, or ask your administrator for them."
        ).format(domain=domain)
    told = _("No settings were found for {domain}.")
    if scope is Scope.EXCHANGE:
        told = _("No Exchange server was found for {domain}.")
    said = [told.format(domain=domain)]
    if findings.problem is not None:
        entry = catalogue.entry(findings.problem)
        said.append(_("{title} (Code {code})").format(title=entry.title, code=entry.code))
    said.append(_("Type those that your provider gives."))
    return " ".join(said)


def exchange_found(domain: str) -> str:
    """What the main button will do with the password."""
    return _(
        "{domain} has an Exchange server. "
        "Type your password: it will be asked for its settings when you continue."
    ).format(domain=domain)


def same_settings() -> str:
    """The old and the new mailbox have one address, and the search found one server for both."""
    return _(
        "The old mailbox has this address and this server too. "
        "If the domain has moved, type the old server on the page Source."
    )
