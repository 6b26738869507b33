"""Every provider of the reference collection leads to its settings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from omm_desktop.guide.discovery.candidate import Candidate, Origin
from omm_desktop.guide.providers import providers
from omm_desktop.model.account import Security, Server
from tests.servers.dns_server import DnsServer
from tests.servers.process import need

from .conftest import DOMAIN, Find

COLLECTION = Path(__file__).parents[3] / "shared" / "reference" / "providers.json"
SECURITY = {"ssl": Security.TLS, "starttls": Security.STARTTLS}
LOGIN = {"full_address": "claire@{domain}", "local_part": "claire"}
# The kinds that are no one's: nothing leads to them, and "found automatically" is a search.
NOBODY = ("generic", "ovh-autodetect")


def entries() -> list[dict[str, Any]]:
    if not COLLECTION.is_file():
        return []
    every: list[dict[str, Any]] = json.loads(COLLECTION.read_text(encoding="utf-8"))["providers"]
    return [entry for entry in every if entry["kind"] not in NOBODY]


ENTRIES = entries()
with_domains = pytest.mark.parametrize(
    "entry", [entry for entry in ENTRIES if entry["domains"]], ids=lambda entry: entry["id"]
)
without_domains = pytest.mark.parametrize(
    "entry", [entry for entry in ENTRIES if not entry["domains"]], ids=lambda entry: entry["id"]
)


def test_the_collection_is_there() -> None:
    need(ENTRIES, f"the collection of providers ({COLLECTION})")
    assert len(ENTRIES) >= 59


@with_domains
def test_from_each_of_its_domains(find: Find, names: DnsServer, entry: dict[str, Any]) -> None:
    for domain in entry["domains"]:
        best = find(f"claire@{domain}").best
        assert best is not None
        assert best.origin is Origin.KNOWN_DOMAIN
        assert_settings(best, entry, domain)
    assert names.questions == []


@without_domains
def test_from_its_mx_and_srv_records(find: Find, names: DnsServer, entry: dict[str, Any]) -> None:
    template = entry.get("host_template")
    answer = {"n": "4", "host": f"exchange.{DOMAIN}"}.get(template["parameter"]) if template else ""
    if entry["mx_patterns"]:
        names.zone[f"{DOMAIN} MX"] = [f"1 {entry['mx_patterns'][0].replace('*', 'mx0')}."]
    elif template:
        names.zone[f"{DOMAIN} MX"] = ["1 mx0.mail.ovh.net."]
    else:
        names.zone |= srv_records(entry)
    if template:
        host = template["template"].replace(f"{{{template['parameter']}}}", answer)
        names.zone[f"_autodiscover._tcp.{DOMAIN} SRV"] = [f"0 0 443 {host}."]
    found = find(f"claire@{DOMAIN}")
    candidate = next(
        one for one in found.candidates if one.service and one.service.id == entry["id"]
    )
    assert not candidate.needs_consent
    assert_settings(candidate, entry, DOMAIN, answer)
    if template:
        assert found.best is candidate


@pytest.mark.parametrize("region", ["net", "ca"])
def test_the_mx_tells_the_region_of_an_ovhcloud_mailbox(
    find: Find, names: DnsServer, region: str
) -> None:
    names.zone[f"{DOMAIN} MX"] = [f"1 mx0.mail.ovh.{region}.", f"5 mx1.mail.ovh.{region}."]
    found = find()
    assert found.best is not None
    assert found.best.imap[0].host == f"imap.mail.ovh.{region}"
    served = {server.host for one in found.candidates for server in one.imap}
    assert all(host.endswith((f".ovh.{region}", "ssl0.ovh.net")) for host in served)


def test_offers_whose_number_is_unknown_come_last(find: Find, names: DnsServer) -> None:
    names.zone[f"{DOMAIN} MX"] = ["1 mx0.mail.ovh.net."]
    found = find().candidates
    asked = [one.service.id for one in found if one.service and one.service.ask]
    assert asked == ["ovh-emailpro", "ovh-exchange-eu"]
    assert [one.service.id for one in found if one.service][-2:] == asked


@pytest.mark.parametrize(
    ("target", "id", "host"),
    [
        ("pro3.mail.ovh.net", "ovh-emailpro", "pro3.mail.ovh.net"),
        ("ex12.mail.ovh.net", "ovh-exchange-eu", "ex12.mail.ovh.net"),
    ],
)
def test_the_srv_record_names_the_platform_before_the_mail_moves(
    find: Find, names: DnsServer, target: str, id: str, host: str
) -> None:
    """The MX still leads to the old provider, whom nobody knows."""
    names.zone[f"{DOMAIN} MX"] = ["1 mx.autre.test."]
    names.zone[f"_autodiscover._tcp.{DOMAIN} SRV"] = [f"0 0 443 {target}."]
    best = find().best
    assert best is not None
    assert best.service is not None
    assert (best.service.id, best.imap[0].host) == (id, host)


def test_the_collection_knows_no_provider_that_we_do_not() -> None:
    ours = {service.id for service in providers().services}
    assert {entry["id"] for entry in ENTRIES} <= ours


def srv_records(entry: dict[str, Any]) -> dict[str, list[str]]:
    """As RFC 6186 and RFC 8314 name the services."""
    prefixes = {
        "imap": ("imaps", "imap"),
        "pop": ("pop3s", "pop3"),
        "smtp": ("submissions", "submission"),
    }
    zone: dict[str, list[str]] = {}
    for protocol, (tls, starttls) in prefixes.items():
        for server in [entry[protocol], *entry[protocol].get("alternatives", ())]:
            prefix = tls if server["security"] == "ssl" else starttls
            records = zone.setdefault(f"_{prefix}._tcp.{DOMAIN} SRV", [])
            records.append(f"{len(records)} 0 {server['port']} {server['host']}.")
    return zone


def assert_settings(
    candidate: Candidate, entry: dict[str, Any], domain: str, answer: str = ""
) -> None:
    for protocol in ("imap", "pop", "smtp"):
        told = entry[protocol]
        wanted = [told, *told.get("alternatives", ())] if told else []
        assert getattr(candidate, protocol) == tuple(_server(one, answer) for one in wanted)
    assert candidate.login_for(f"claire@{domain}") == LOGIN[entry["username"]].format(domain=domain)


def _server(told: dict[str, Any], answer: str) -> Server:
    host = told["host"].format(n=answer, host=answer)
    return Server(host, told["port"], SECURITY[told["security"]])
