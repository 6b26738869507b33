"""The check of a domain in every state worth looking at, on a real name server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from omm_desktop.guide.resolver import NameServer
from omm_desktop.ui.domain.window import DomainWindow
from omm_desktop.ui.window import Window
from tests.servers.dns_server import DnsServer, Fault
from tests.servers.process import LOOPBACK
from tests.unit.zones import CODE, DOMAIN, ELSEWHERE, HOST, Records, right_zone

Scene = Callable[[Window, DnsServer], DomainWindow]

OF_THE_OLD_PROVIDER: Records = {
    f"{DOMAIN} MX": ["1 mx0.mail.ovh.net.", *ELSEWHERE],
    f"{DOMAIN} TXT": ['"v=spf1 include:spf.ancien.test include:news.lettre.test -all"'],
}


def ask(window: Window, server: DnsServer) -> None:
    """The window asks this name server, and no other."""
    known = NameServer(LOOPBACK, server.port)
    window.services = replace(window.services, name_servers=lambda: (known,))


def opened(window: Window, service: str, host: str = "") -> DomainWindow:
    window.draft.destination.host = host
    window.beside.show_domain(DOMAIN, service)
    assert window.beside.domain is not None
    return window.beside.domain


def empty(window: Window, server: DnsServer) -> DomainWindow:
    window.draft.destination.address = "claire.moreau@exemple.com"
    window.beside.open_domain()
    assert window.beside.domain is not None
    return window.beside.domain


def fine(window: Window, server: DnsServer) -> DomainWindow:
    server.zone = dict(right_zone("ovh-zimbra-starter-eu"))
    shown = opened(window, "ovh-zimbra-starter-eu")
    shown.form.code.setText(CODE)
    shown.check()
    return shown


def to_change(window: Window, server: DnsServer) -> DomainWindow:
    server.zone = dict(right_zone("ovh-mxplan-eu") | OF_THE_OLD_PROVIDER)
    shown = opened(window, "ovh-emailpro", "pro3.mail.ovh.net")
    shown.check()
    return shown


def private(window: Window, server: DnsServer) -> DomainWindow:
    server.zone = dict(right_zone("ovh-exchange-private"))
    shown = opened(window, "ovh-exchange-private", HOST)
    shown.check()
    return shown


def partly_silent(window: Window, server: DnsServer) -> DomainWindow:
    server.zone = dict(right_zone("ovh-mxplan-eu"))
    server.faults[f"{DOMAIN} MX"] = Fault.SERVFAIL
    shown = opened(window, "ovh-mxplan-eu")
    shown.check()
    return shown


def unknown(window: Window, server: DnsServer) -> DomainWindow:
    shown = opened(window, "ovh-mxplan-eu")
    shown.check()
    return shown


def faults(window: Window, server: DnsServer) -> DomainWindow:
    shown = opened(window, "ovh-emailpro")
    shown.form.server.setText("trois")
    shown.form.domain.setText("claire")
    shown.form.code.setText("a b")
    shown.check()
    return shown


SCENES: dict[str, Scene] = {
    "empty": empty,
    "fine": fine,
    "to-change": to_change,
    "private": private,
    "partly-silent": partly_silent,
    "unknown": unknown,
    "faults": faults,
}
