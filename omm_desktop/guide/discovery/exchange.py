"""Is there an Exchange server? Asked without the address and without a password (autodiscover)."""

from __future__ import annotations

from urllib.parse import urlsplit

from omm_desktop.guide.discovery import ovhcloud
from omm_desktop.guide.discovery.candidate import Candidate, Origin
from omm_desktop.guide.discovery.hosts import belongs, is_host, is_known
from omm_desktop.guide.discovery.web import Page, Web
from omm_desktop.guide.providers import Providers
from omm_desktop.guide.resolver import Resolver

HOSTS = ("{domain}", "autodiscover.{domain}")
PATHS = ("/autodiscover/autodiscover.xml", "/autodiscover/autodiscover.svc")
_UNAUTHORIZED = 401


def by_host(host: str, domain: str, web: Web, providers: Providers) -> list[Candidate]:
    """An endpoint at this host, in its POX or SOAP form; raises OmmError."""
    for path in PATHS:
        page = web.get(f"https://{host}{path}")
        if _is_endpoint(page):
            # Credentials would go where the redirects led: that host counts.
            reached = urlsplit(page.url).hostname or host
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
    target = urlsplit(page.location)
    if target.scheme != "https" or not is_host(target.hostname or ""):
        return []
    found = by_host(target.hostname or "", domain, web, providers)
    return [
        Candidate(
            one.origin, exchange=one.exchange, foreign_host=urlsplit(one.exchange).hostname or ""
        )
        for one in found
    ]


def _is_endpoint(page: Page) -> bool:
    """It wants to know who asks, or answers in its own language."""
    if page.status == _UNAUTHORIZED:
        return "WWW-Authenticate" in page.headers
    return page.status == 200 and b"<Autodiscover" in page.body
