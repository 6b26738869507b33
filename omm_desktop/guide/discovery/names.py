"""What the name system tells: whose servers take the domain's mail, and its SRV records."""

from __future__ import annotations

from omm_desktop.guide.discovery import ovhcloud
from omm_desktop.guide.discovery.candidate import ADDRESS, LOGIN_OF_FORM, Candidate, Origin
from omm_desktop.guide.discovery.hosts import foreign, is_host, known_service
from omm_desktop.guide.providers import Providers
from omm_desktop.guide.resolver import Resolver
from omm_desktop.guide.service import ServiceKind
from omm_desktop.model.account import Security, Server

_OFFERED = {
    "imap": (("_imaps._tcp", Security.TLS), ("_imap._tcp", Security.STARTTLS)),
    "pop": (("_pop3s._tcp", Security.TLS), ("_pop3._tcp", Security.STARTTLS)),
    "smtp": (("_submissions._tcp", Security.TLS), ("_submission._tcp", Security.STARTTLS)),
}


def by_mx(domain: str, resolver: Resolver, providers: Providers) -> list[Candidate]:
    """Known providers that take the domain's mail; raises LookupFailed."""
    for exchange in resolver.mx(domain).records:
        services = providers.by_mx(exchange.host)
        if any(service.kind is ServiceKind.OVH for service in services):
            return ovhcloud.candidates(domain, services, resolver, providers)
        if services:
            return [Candidate.of_service(Origin.KNOWN_MX, service) for service in services]
    return []


def by_srv(domain: str, resolver: Resolver, providers: Providers) -> list[Candidate]:
    """Servers of RFC 6186 and RFC 8314, encrypted ones alone; raises LookupFailed."""
    found: dict[str, tuple[Server, ...]] = {}
    for protocol, names in _OFFERED.items():
        found[protocol] = tuple(
            Server(record.host, record.port, security)
            for name, security in names
            for record in resolver.srv(f"{name}.{domain}").records
            if is_host(record.host)
        )
    reading = (*found["imap"], *found["pop"])
    if not reading:
        return []
    stranger = foreign((*reading, *found["smtp"]), domain, providers)
    imap, pop, smtp = found["imap"], found["pop"], found["smtp"]
    service, answer = known_service(imap, providers)
    login = LOGIN_OF_FORM[service.login] if service else ADDRESS
    return [Candidate(Origin.SRV, service, answer, imap, pop, smtp, "", login, stranger)]
