"""Is there an Exchange server? Asked without the address and without a password (autodiscover)."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from omm_desktop.endpoints.ews.exchange_online import is_exchange_online
from omm_desktop.guide.discovery import ovhcloud
from omm_desktop.guide.discovery.candidate import Candidate, Origin
from omm_desktop.guide.discovery.hosts import belongs, is_host, is_known
from omm_desktop.guide.discovery.web import Page, Web, host_of
from omm_desktop.guide.providers import Providers
from omm_desktop.guide.resolver import Resolver

HOSTS = ("{domain}", "autodiscover.{domain}")
PATHS = ("/autodiscover/autodiscover.xml", "/autodiscover/autodiscover.svc")
ONLINE = "microsoft365"
_UNAUTHORIZED = 401
_ABSENT = frozenset({404, 410})


def by_host(host: str, domain: str, web: Web, providers: Providers) -> list[Candidate]:
    """An endpoint at this host, in its POX or SOAP form; raises OmmError."""
    for path in PATHS:
        page = web.get(f"https://{host}{path}")
        if _is_endpoint(page, web):
            # Credentials would go where the redirects led: that host counts.
            reached = host_of(page.url)
            if is_exchange_online(reached):
                return [Candidate.of_service(Origin.AUTODISCOVER, providers.by_id(ONLINE))]
            stranger = "" if belongs(reached, domain) or is_known(reached, providers) else reached
            return [Candidate(Origin.AUTODISCOVER, exchange=page.url, foreign_host=stranger)]
    return []


def by_srv(domain: str, resolver: Resolver, web: Web, providers: Providers) -> list[Candidate]:
    """What `_autodiscover._tcp` names: an OVHcloud offer, or a host to ask; raises OmmError."""
    for host in ovhcloud.autodiscover_hosts(domain, resolver):
        offer = ovhcloud.named_by(host, domain, providers) if is_known(host, providers) else None
        if offer is not None:
            return [offer]
        if is_host(host) and (found := by_host(host, domain, web, providers)):
            return found
    return []


def by_plain_redirect(domain: str, web: Web, providers: Providers) -> list[Candidate]:
    """Where http://autodiscover.DOMAIN leads to over HTTPS.

    Anybody on the way can write such an answer, so that even a known host is asked about.
    """
    page = web.ask(f"http://autodiscover.{domain}{PATHS[0]}")
    host = host_of(page.location)
    if not is_host(host) or urlsplit(page.location).scheme != "https":
        return []
    return [
        replace(one, foreign_host=host_of(one.exchange) or one.host)
        for one in by_host(host, domain, web, providers)
    ]


def answers(url: str, web: Web) -> bool:
    """Whether something other than "not here" comes from there; raises OmmError.

    Asked as EWS is, with POST: a server may know no other question there.
    """
    page = web.ask(url, b"")
    return page.status not in _ABSENT and not page.location


def _is_endpoint(page: Page, web: Web) -> bool:
    """It wants to know who asks, or answers in its own language.

    A site that is closed as a whole, as while it is being built, asks everywhere who comes: no
    mailbox's password may go there.
    """
    if page.status == _UNAUTHORIZED:
        closed = web.ask(urljoin(page.url, "/")).status == _UNAUTHORIZED
        return "WWW-Authenticate" in page.headers and not closed
    return page.status == 200 and b"<Autodiscover" in page.body
