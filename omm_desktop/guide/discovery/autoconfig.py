"""The settings file a domain publishes for mail programs (autoconfig, config-v1.1.xml)."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from omm_desktop.guide.discovery import documents
from omm_desktop.guide.discovery.candidate import ADDRESS, DOMAIN, Candidate, Origin
from omm_desktop.guide.discovery.hosts import foreign, is_host, is_port, known_service
from omm_desktop.guide.discovery.web import Web
from omm_desktop.guide.providers import Providers
from omm_desktop.model.account import Security, Server
from omm_desktop.model.problem import Place

PLACES = (
    "https://autoconfig.{domain}/mail/config-v1.1.xml",
    "https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml",
)
_SECURITY = {"SSL": Security.TLS, "STARTTLS": Security.STARTTLS}
_KINDS = {"imap": "imap", "pop3": "pop", "smtp": "smtp"}


def by_autoconfig(
    url: str, domain: str, web: Web, providers: Providers, place: Place
) -> list[Candidate]:
    """What the file says; nothing when there is none. Raises OmmError."""
    page = web.get(url.format(domain=domain))
    if page.status != 200:
        return []
    root = documents.parse(page.body, domain, place)
    servers: dict[str, list[Server]] = {"imap": [], "pop": [], "smtp": []}
    logins: dict[str, str] = {}
    for name in ("incomingServer", "outgoingServer"):
        for element in documents.inside(root, name):
            kind, server = _KINDS.get(element.get("type", "")), _server(element, domain)
            if kind is not None and server is not None:
                servers[kind].append(server)
                logins.setdefault(kind, documents.text(element, "username"))
    if not servers["imap"] and not servers["pop"]:
        return []
    imap, pop, smtp = (tuple(servers[kind]) for kind in ("imap", "pop", "smtp"))
    stranger = foreign((*imap, *pop, *smtp), domain, providers)
    login = logins.get("imap") or logins.get("pop") or ADDRESS
    service, answer = known_service(imap, providers)
    return [Candidate(Origin.AUTOCONFIG, service, answer, imap, pop, smtp, "", login, stranger)]


def _server(element: Element, domain: str) -> Server | None:
    """None for a server that is not encrypted, or that no host and port can be."""
    host = documents.text(element, "hostname").replace(DOMAIN, domain).lower().rstrip(".")
    port = documents.text(element, "port")
    security = _SECURITY.get(documents.text(element, "socketType").upper())
    if security is None or not is_host(host) or not is_port(port):
        return None
    return Server(host, int(port), security)
