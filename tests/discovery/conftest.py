"""A small internet on loopback: name system, HTTPS with an authority of its own, mail servers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from omm_desktop.guide.discovery.candidate import Findings
from omm_desktop.guide.discovery.network import Surroundings
from omm_desktop.guide.discovery.search import Search
from omm_desktop.guide.providers import providers
from omm_desktop.guide.resolver import NameServer
from tests.servers.certificates import Authority
from tests.servers.dns_server import DnsServer
from tests.servers.process import LOOPBACK, free_ports
from tests.servers.web_server import WebServer

DOMAIN = "exemple.test"
HOSTS = tuple(
    f"{name}{domain}"
    for domain in (DOMAIN, "autre.test")
    for name in ("", "autoconfig.", "autodiscover.", "imap.", "mail.", "pop.", "exchange.")
)
ADDRESS = "claire.moreau@exemple.test"
PASSWORD = "mot-de-passe-tres-secret"
USUAL_PORTS = (80, 110, 143, 443, 587, 993, 995)

Find = Callable[..., Findings]


@pytest.fixture
def names() -> Iterator[DnsServer]:
    """The name system. Nothing is in it but what a test puts there."""
    with DnsServer({f"{DOMAIN} A": [LOOPBACK]}) as server:
        yield server


@pytest.fixture
def web(authority: Authority) -> Iterator[WebServer]:
    """HTTPS for every host of `HOSTS`; 404 for everything a test does not put there."""
    with WebServer(authority.named(*HOSTS)) as server:
        yield server


@pytest.fixture
def surroundings(
    names: DnsServer, web: WebServer, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> Surroundings:
    """Nobody listens on the usual ports but the web server."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    closed = dict(zip(USUAL_PORTS, free_ports(len(USUAL_PORTS)), strict=True))
    return Surroundings(
        providers(),
        [NameServer(LOOPBACK, names.port)],
        ports={**closed, 443: web.port},
    )


@pytest.fixture
def find(surroundings: Surroundings) -> Iterator[Find]:
    """`find(address, seconds=…, ports={…})`; afterwards no thread of a search is left."""
    before = set(threading.enumerate())

    def find(address: str = ADDRESS, seconds: float = 8.0, **more: object) -> Findings:
        if ports := more.pop("ports", None):
            more["ports"] = {**surroundings.ports, **ports}  # type: ignore[dict-item]
        return Search(address, replace(surroundings, **more), seconds=seconds).run()  # type: ignore[arg-type]

    yield find
    for thread in set(threading.enumerate()) - before:
        if thread.name.startswith("search "):
            thread.join(5)
            assert not thread.is_alive(), thread
