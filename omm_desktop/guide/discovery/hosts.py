"""Whose host is it? Rules about names alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from omm_desktop.guide.providers import Providers
from omm_desktop.guide.service import Service
from omm_desktop.model.account import Server

_HOST = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}")


def is_host(name: str) -> bool:
    """A full host name: letters, digits, hyphens and at least one dot; no IP address."""
    return _HOST.fullmatch(name) is not None


def is_port(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 5 and 0 < int(text) < 1 << 16


def belongs(host: str, domain: str) -> bool:
    """True when the host is the domain or lies below it.

    Which suffixes are public is known only to a list that changes every week. This rule needs none:
    for an address below a company's main domain it asks about the company's own hosts once too
    often, and it never takes a stranger's host for one's own.
    """
    return host == domain or host.endswith(f".{domain}")


def is_known(host: str, providers: Providers) -> bool:
    """True when the host is one that a known provider's settings name."""
    return any(fnmatchcase(host, pattern) for s in providers.services for pattern in _patterns(s))


def foreign(servers: Iterable[Server], domain: str, providers: Providers) -> str:
    """The first host that is neither the domain's own nor a known provider's; empty when none."""
    for server in servers:
        if not belongs(server.host, domain) and not is_known(server.host, providers):
            return server.host
    return ""


def known_service(servers: Sequence[Server], providers: Providers) -> tuple[Service | None, str]:
    """The provider whose IMAP host comes first among these, and what completes its host names."""
    host = servers[0].host if servers else ""
    for service in providers.services:
        if answer := answer_in(host, service):
            return service, answer
        if host in {server.host for server in service.imap}:
            return service, ""
    return None, ""


def answer_in(host: str, service: Service) -> str:
    """What completes the service's host names to this host: "3" for pro3.mail.ovh.net.

    Empty when the host is none of the service's, or when the service asks for a whole host name.
    """
    if service.ask is None or not service.imap:
        return ""
    name = f"{{{service.ask.name}}}"
    if service.imap[0].host == name:
        return ""
    pattern = re.escape(service.imap[0].host).replace(re.escape(name), r"(\d+)")
    found = re.fullmatch(pattern, host)
    return found[1] if found else ""


def _patterns(service: Service) -> Iterable[str]:
    """Host names as shell patterns; a service whose whole host is asked for has none."""
    ask = f"{{{service.ask.name}}}" if service.ask else None
    for server in (*service.imap, *service.pop, *service.smtp):
        if server.host != ask:
            yield server.host.replace(ask, "*[0-9]") if ask else server.host
