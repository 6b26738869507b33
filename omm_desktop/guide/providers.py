"""Known mail services (resources/services.toml): one truth for the wizard and the reference."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from omm_desktop import paths
from omm_desktop.guide.service import Citation, Service
from omm_desktop.guide.services_file import read


class Providers:
    """All known services. Look-ups by domain and by MX never leave this computer."""

    def __init__(self, services: Iterable[Service], citations: Iterable[Citation] = ()) -> None:
        self.services = tuple(services)
        self.citations = {citation.id: citation for citation in citations}
        self._by_id = {service.id: service for service in self.services}
        self._by_domain = {
            domain: service for service in self.services for domain in service.domains
        }
        # Of several at one server the first of the file, which is the one most people have.
        self._by_host = {
            server.host: service
            for service in reversed(self.services)
            for server in (*service.imap, *service.pop)
        }

    @classmethod
    def load(cls, path: Path) -> Providers:
        """Reads the file. ValueError or KeyError on an unknown key, value or a missing one."""
        return cls(*read(path))

    def by_id(self, id: str) -> Service:
        """KeyError when there is no such service."""
        return self._by_id[id]

    def by_domain(self, domain: str) -> Service | None:
        return self._by_domain.get(domain.strip().rstrip(".").lower())

    def for_address(self, address: str) -> Service | None:
        """The service an e-mail address belongs to; None when its domain is not a known one."""
        _, at, domain = address.strip().rpartition("@")
        return self.by_domain(domain) if at else None

    def by_host(self, host: str) -> Service | None:
        """The service whose IMAP or POP3 server it is; None for an unknown host."""
        name = host.strip().rstrip(".").lower()
        return self._by_host.get(name)

    def wants_app_password(self, host: str) -> bool:
        """Whether the service of this IMAP or POP3 server is known to want one."""
        service = self.by_host(host)
        return service is not None and service.wants_app_password

    def by_mx(self, host: str) -> tuple[Service, ...]:
        """Every service whose mail arrives at this host, in the order of the file."""
        name = host.rstrip(".").lower()
        return tuple(
            service
            for service in self.services
            if any(fnmatchcase(name, pattern) for pattern in service.mx)
        )


@cache
def providers() -> Providers:
    """The services that come with the program."""
    return Providers.load(paths.resources() / "services.toml")
