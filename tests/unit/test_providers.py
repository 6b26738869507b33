"""Known services: complete, dated, consistent; found by domain, address and MX."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from omm_desktop import paths
from omm_desktop.guide.providers import Providers
from omm_desktop.guide.service import LoginForm, Service, ServiceKind, SignIn, Wording
from omm_desktop.model.account import Security, Server
from omm_desktop.model.protocol import Protocol

FILE = paths.resources() / "services.toml"
PROVIDERS = Providers.load(FILE)
PORTS = {
    "imap": {Security.TLS: 993, Security.STARTTLS: 143},
    "pop": {Security.TLS: 995, Security.STARTTLS: 110},
    "smtp": {Security.TLS: 465, Security.STARTTLS: 587},
}
every_service = pytest.mark.parametrize("service", PROVIDERS.services, ids=lambda one: one.id)


def test_all_services_are_there_once() -> None:
    assert len(PROVIDERS.services) == 63
    ids = Counter(service.id for service in PROVIDERS.services)
    domains = Counter(domain for service in PROVIDERS.services for domain in service.domains)
    assert max(ids.values()) == 1
    assert max(domains.values()) == 1


@every_service
def test_ports_match_security(service: Service) -> None:
    for protocol, ports in PORTS.items():
        for server in getattr(service, protocol):
            assert server.port == ports[server.security], (protocol, server)


@every_service
def test_every_value_is_dated_and_sourced(service: Service) -> None:
    assert date(2020, 1, 1) < service.checked <= date(2026, 11, 21)
    assert service.sources or service.kind in (ServiceKind.GENERIC, ServiceKind.OVH_AUTODETECT)


@every_service
def test_both_languages_are_complete(service: Service) -> None:
    wordings = [service.name, service.advice, service.ask.words if service.ask else None]
    for wording in wordings:
        if wording is not None:
            assert wording.fr
            assert wording.en
            assert not re.search(r"'|[^\u202f][;:?!»]", wording.fr), wording.fr


@every_service
def test_hosts_and_domains_are_well_formed(service: Service) -> None:
    asked = {service.ask.name: "1"} if service.ask else {}
    for server in (*service.imap, *service.pop, *service.smtp):
        assert re.fullmatch(r"[a-z0-9.-]+", server.host.format(**asked)), server
    for domain in service.domains:
        assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", domain)


@every_service
def test_who_needs_more_than_the_usual_password_is_told(service: Service) -> None:
    if service.sign_in[0] is not SignIn.PASSWORD:
        assert service.advice is not None


@pytest.mark.parametrize(
    ("address", "id"),
    [
        ("marie@gmail.com", "gmail"),
        (" Marie.Dupont@GoogleMail.COM ", "gmail"),
        ("x@wanadoo.fr", "orange"),
        ("x@hotmail.fr", "outlookcom"),
        ("x@me.com", "icloud"),
    ],
)
def test_an_address_leads_to_its_service(address: str, id: str) -> None:
    found = PROVIDERS.for_address(address)
    assert found is not None
    assert found.id == id


@pytest.mark.parametrize("address", ["marie@exemple.fr", "gmail.com", "", "@", "marie@"])
def test_an_unknown_address_leads_nowhere(address: str) -> None:
    assert PROVIDERS.for_address(address) is None


def test_the_server_is_ready_for_an_account() -> None:
    gmail = PROVIDERS.by_id("gmail")
    assert gmail.server(Protocol.IMAP) == Server("imap.gmail.com", 993, Security.TLS)
    assert gmail.login.login("marie@gmail.com") == "marie@gmail.com"


def test_icloud_wants_the_local_part_to_read_and_the_address_to_send() -> None:
    icloud = PROVIDERS.by_id("icloud")
    assert icloud.login.login("marie@icloud.com") == "marie"
    assert icloud.smtp_login is LoginForm.FULL_ADDRESS


def test_a_server_number_completes_the_host() -> None:
    pro = PROVIDERS.by_id("ovh-emailpro")
    assert pro.server(Protocol.IMAP) is None
    assert pro.server(Protocol.IMAP, "2") == Server("pro2.mail.ovh.net", 993, Security.TLS)


def test_microsoft_takes_no_password_and_gmail_an_app_password() -> None:
    assert not PROVIDERS.by_id("outlookcom").takes_password
    assert not PROVIDERS.by_id("microsoft365").takes_password
    assert PROVIDERS.by_id("gmail").takes_password
    assert PROVIDERS.by_id("gmail").wants_app_password


def test_mx_leads_to_every_offer_behind_it() -> None:
    offers = {service.id for service in PROVIDERS.by_mx("mx1.mail.ovh.net.")}
    assert {"ovh-mxplan-eu", "ovh-emailpro", "ovh-exchange-eu"} <= offers
    assert [one.id for one in PROVIDERS.by_mx("ALT1.ASPMX.L.google.com")] == ["gmail"]
    assert PROVIDERS.by_mx("mx.exemple.fr") == ()


def test_a_wording_follows_the_language() -> None:
    assert Wording("oui", "yes").text("fr") == "oui"
    assert Wording("oui", "yes").text("en") == "yes"


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ('kind = "ovh"', 'kynd = "ovh"'),
        ("port = 993", "prot = 993"),
        ('security = "tls"', 'security = "ssl"'),
        ('login = "full-address"', 'login = "whatever"'),
        ("mailbox_bytes = 5_000_000_000", "mailbox_size = 5"),
        ('"mxplan-outlook-2026"', '"hearsay"'),
    ],
)
def test_what_is_not_known_is_refused(tmp_path: Path, good: str, bad: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    head, first, _ = text.partition("[[service]]")
    entry = text.split("[[service]]")[1]
    assert good in entry
    broken = tmp_path / "services.toml"
    broken.write_text(head + first + entry.replace(good, bad, 1), encoding="utf-8")
    with pytest.raises((ValueError, KeyError, TypeError)):
        Providers.load(broken)
