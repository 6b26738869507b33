"""What each offer expects in a zone: every offer is there, every value dated, sourced, worded."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from omm_desktop import paths
from omm_desktop.guide.dns_offers import DnsOffer, Sourced, dns_offers, load
from omm_desktop.guide.findings import Badge, Finding, Part, Reason
from omm_desktop.guide.providers import providers
from omm_desktop.guide.service import ServiceKind
from omm_desktop.language import LANGUAGES, set_language
from omm_desktop.wizard.present import domain as words

FILE = paths.resources() / "dns.toml"


def values(offer: DnsOffer) -> list[Sourced]:
    parts = [offer.spf, offer.dkim, offer.autodiscover, offer.aliases, *offer.mx]
    return [*parts, *(part for part in (offer.ownership, offer.address) if part is not None)]


def test_every_offer_of_the_reference_is_there() -> None:
    known = [one.id for one in providers().services if one.kind is ServiceKind.OVH]
    assert list(dns_offers()) == known


@pytest.mark.parametrize("offer", dns_offers().values(), ids=dns_offers().keys())
def test_every_value_is_dated_and_sourced(offer: DnsOffer) -> None:
    sources = tomllib.loads(FILE.read_text(encoding="utf-8"))["sources"]
    for value in values(offer):
        assert sources[value.source]
        assert date(2017, 1, 1) <= value.dated <= date.today()


def test_every_source_serves() -> None:
    sources = tomllib.loads(FILE.read_text(encoding="utf-8"))["sources"]
    used = {value.source for offer in dns_offers().values() for value in values(offer)}
    assert used == set(sources)


@pytest.mark.parametrize("offer", dns_offers().values(), ids=dns_offers().keys())
def test_autodiscover_leads_to_the_host_of_the_reference(offer: DnsOffer) -> None:
    service = providers().by_id(offer.id)
    if offer.autodiscover.use == "required":
        assert offer.autodiscover.host == service.imap[0].host
    assert (offer.asks_number or offer.asks_host) is (service.ask is not None)


@pytest.mark.parametrize("offer", dns_offers().values(), ids=dns_offers().keys())
def test_mx_leads_to_the_servers_the_reference_knows(offer: DnsOffer) -> None:
    service = providers().by_id(offer.id)
    for one in offer.mx:
        assert sorted(one.records) == list(one.records)
        found = [service.id for record in one.records for service in providers().by_mx(record.host)]
        assert service.id in found or not service.mx


@pytest.mark.parametrize(
    "broken",
    [
        ('include = "mx.ovh.com"', 'includes = "mx.ovh.com"'),
        ('use = "required"', 'use = "always"'),
        ('source = "dns-mx"', 'source = "hearsay"'),
        ('spf = "europe"', 'spf = "asia"'),
        ('dkim = "mxplan"\n', ""),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, broken: tuple[str, str]) -> None:
    file = tmp_path / "dns.toml"
    text = FILE.read_text(encoding="utf-8")
    assert broken[0] in text
    file.write_text(text.replace(*broken), encoding="utf-8")
    with pytest.raises((TypeError, ValueError, KeyError)):
        load(file)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", [one for one in Reason if one is not Reason.NOT_ANSWERED])
def test_every_reason_has_words(language: str, reason: Reason) -> None:
    set_language(language)
    about = {reason: "mx.test"}
    finding = Finding(
        Part.MX, "a.test", "MX", Badge.TO_CHANGE, reason, ("x",), ("y",), (reason,), about
    )
    text = words.line(finding)
    assert text.explanation
    assert "{" not in text.explanation + text.remedy
    assert text.remarks == (text.explanation,)


def test_a_remedy_that_names_a_value_is_said_only_with_one() -> None:
    line = Finding(Part.SPF, "a.test", "TXT", Badge.TO_CHANGE, Reason.SPF_MISSING)
    assert words.line(line).remedy == ""
