"""Somebody who asks about one domain, whose zone each test writes."""

from __future__ import annotations

from omm_desktop.guide.diagnosis import diagnose
from omm_desktop.guide.findings import Badge, Diagnosis, Finding, Part, Reason
from omm_desktop.guide.resolver import NameServer, Resolver
from tests.servers.dns_server import DnsServer
from tests.servers.process import LOOPBACK

from .zones import CODE, DOMAIN, SERVERS, Records, right_zone


class Desk:
    """Asks about the domain of the tests."""

    def __init__(self, server: DnsServer) -> None:
        self.server = server

    def ask(
        self,
        service: str,
        zone: Records,
        number: str | None = None,
        code: str = CODE,
        seconds: float = 8.0,
    ) -> Diagnosis:
        self.server.zone = dict(zone)
        answer = SERVERS.get(service, "") if number is None else number
        resolver = Resolver([NameServer(LOOPBACK, self.server.port)], seconds)
        return diagnose(resolver, DOMAIN, service, server=answer, ownership_code=code)

    def line(
        self, part: Part, service: str, change: Records, number: str | None = None, code: str = CODE
    ) -> Finding:
        """In a zone where all else is right; an empty value takes the record away."""
        zone = {name: values for name, values in (right_zone(service) | change).items() if values}
        found = self.ask(service, zone, number, code)
        return next(finding for finding in found.findings if finding.part is part)


def verdict(finding: Finding) -> tuple[Badge, Reason]:
    return finding.badge, finding.reason
