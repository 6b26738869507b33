"""Which OVHcloud offer? All have the same MX: the `_autodiscover` SRV record names the platform.

Only signing in tells for sure, so that every offer that may be meant is a candidate, the likeliest
first. One whose server number is unknown comes last, without a server.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from omm_desktop.guide.discovery.candidate import Candidate, Origin
from omm_desktop.guide.discovery.hosts import answer_in, belongs
from omm_desktop.guide.providers import Providers
from omm_desktop.guide.resolver import LookupFailed, Resolver
from omm_desktop.guide.service import Service, ServiceKind


def candidates(
    domain: str, services: Iterable[Service], resolver: Resolver, providers: Providers
) -> list[Candidate]:
    """`services` are those of the region the MX tells; what the SRV record names comes first."""
    named = [
        replace(found, origin=Origin.KNOWN_MX)
        for host in autodiscover_hosts(domain, resolver)
        if (found := named_by(host, domain, providers))
    ]
    others = [
        Candidate.of_service(Origin.KNOWN_MX, service)
        for service in services
        if all(service != one.service for one in named)
    ]
    return named + sorted(others, key=lambda candidate: not candidate.imap)


def autodiscover_hosts(domain: str, resolver: Resolver) -> list[str]:
    """In the order to try them; none when the record is missing or cannot be read."""
    try:
        found = resolver.srv(f"_autodiscover._tcp.{domain}")
    except LookupFailed:
        return []
    return [record.host for record in found.records if record.host]


def named_by(host: str, domain: str, providers: Providers) -> Candidate | None:
    """The offer that lives at this host; below the domain itself it is a Private Exchange."""
    for service in providers.services:
        if service.kind is not ServiceKind.OVH or not service.imap:
            continue
        if service.ask is None:
            if host == service.imap[0].host:
                return Candidate.of_service(Origin.AUTODISCOVER, service)
        elif answer := _answer(host, domain, service):
            return Candidate.of_service(Origin.AUTODISCOVER, service, answer)
    return None


def _answer(host: str, domain: str, service: Service) -> str:
    assert service.ask is not None
    if service.imap[0].host == f"{{{service.ask.name}}}":
        return host if belongs(host, domain) else ""
    return answer_in(host, service)
