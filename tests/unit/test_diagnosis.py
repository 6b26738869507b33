"""The diagnosis of a domain against a real name server: whole zones, silence, what is typed."""

from __future__ import annotations

import threading
import time

import pytest

from omm_desktop.guide.diagnosis import diagnose, parts_of, read_code, read_domain
from omm_desktop.guide.dns_offers import dns_offers
from omm_desktop.guide.findings import Badge, Finding, Part, Reason
from omm_desktop.guide.resolver import LookupStopped, NameServer, Resolver
from omm_desktop.model.problem import CannotGoOn, ProblemId
from tests.servers.dns_server import DnsServer, Fault
from tests.servers.process import LOOPBACK

from .domain_desk import Desk, verdict
from .zones import (
    CODE,
    DOMAIN,
    FIXED_SELECTORS,
    HOST,
    OFFERS,
    SRV_HOSTS,
    Records,
    mx_records,
    right_zone,
)

PRO, MXPLAN = "ovh-emailpro", "ovh-mxplan-eu"
PRIVATE = "ovh-exchange-private"
REQUIRED_SRV = [id for id in OFFERS if "exchange" in id or id == PRO]


@pytest.fixture
def desk(dns_server: DnsServer) -> Desk:
    return Desk(dns_server)


@pytest.mark.parametrize("service", OFFERS)
def test_a_right_zone_has_nothing_to_change(desk: Desk, service: str) -> None:
    found = desk.ask(service, right_zone(service))
    assert not found.to_change
    assert found.unanswered is None
    assert found.name_servers == ("dns1.example.test", "ns1.example.test")
    assert [one.part for one in found.findings] == list(parts_of(dns_offers()[service]))
    badges = {one.part: one.badge for one in found.findings}
    known = {Part.MX, Part.SPF, Part.AUTODISCOVER, Part.AUTODISCOVER_ALIAS, Part.AUTOCONFIG_ALIAS}
    assert {badges[part] for part in known} == {Badge.UP_TO_DATE}
    dkim = Badge.UP_TO_DATE if service in FIXED_SELECTORS else Badge.CANNOT_TELL
    assert badges[Part.DKIM] is dkim
    assert badges.get(Part.OWNERSHIP, Badge.UP_TO_DATE) is Badge.UP_TO_DATE


@pytest.mark.parametrize("service", OFFERS)
def test_an_empty_zone_says_what_to_type(desk: Desk, service: str) -> None:
    found = desk.ask(service, {f"{DOMAIN} A": ["192.0.2.1"]})
    lines = {one.part: one for one in found.findings}
    suffix = "ca" if service.endswith("-ca") else "net"
    private = service == PRIVATE
    assert verdict(lines[Part.MX]) == (Badge.TO_CHANGE, Reason.MX_MISSING)
    assert lines[Part.MX].expected == (() if private else tuple(mx_records(suffix)))
    assert lines[Part.SPF].badge is Badge.TO_CHANGE
    include = "mx.ovh.ca" if suffix == "ca" else "mx.ovh.com"
    assert lines[Part.SPF].expected == (() if private else (f"v=spf1 include:{include} ~all",))
    assert verdict(lines[Part.DKIM]) == (Badge.TO_CHANGE, Reason.DKIM_NONE)
    assert lines[Part.AUTODISCOVER].expected == (f"0 0 443 {SRV_HOSTS[service]}.",)
    srv = Badge.TO_CHANGE if service in REQUIRED_SRV else Badge.NOT_NEEDED
    assert lines[Part.AUTODISCOVER].badge is srv
    assert all(not one.found for one in found.findings)


def test_after_mx_plan_the_srv_record_is_the_one_to_change(desk: Desk) -> None:
    found = desk.ask(PRO, right_zone(MXPLAN), code="")
    lines = {one.part: one for one in found.findings}
    assert {part for part, one in lines.items() if one.badge is Badge.TO_CHANGE} == {
        Part.AUTODISCOVER,
        Part.AUTODISCOVER_ALIAS,
        Part.AUTOCONFIG_ALIAS,
    }
    assert lines[Part.AUTODISCOVER].expected == ("0 0 443 pro3.mail.ovh.net.",)
    assert lines[Part.AUTOCONFIG_ALIAS].about == {Reason.ALIAS_IN_THE_WAY: "mailconfig.ovh.net"}


def test_a_domain_that_does_not_exist_is_told(desk: Desk) -> None:
    with pytest.raises(CannotGoOn) as caught:
        desk.ask(PRO, {"other.test A": ["192.0.2.1"]})
    assert caught.value.problem.id is ProblemId.DOMAIN_NOT_FOUND
    assert caught.value.problem.subject == DOMAIN


def test_silence_ends_in_time_and_every_line_says_so(desk: Desk) -> None:
    desk.server.fault = Fault.SILENCE
    begun = time.monotonic()
    found = desk.ask(PRO, right_zone(PRO), seconds=1.0)
    assert time.monotonic() - begun < 20
    assert not found.to_change
    assert found.unanswered is not None
    assert found.unanswered.id is ProblemId.NAME_SERVERS_SILENT
    assert {one.badge for one in found.findings if one.part is not Part.OWNERSHIP} == {
        Badge.CANNOT_TELL
    }


def test_what_was_answered_is_kept_beside_what_was_not(desk: Desk) -> None:
    desk.server.faults[f"{DOMAIN} MX"] = Fault.SERVFAIL
    found = desk.ask(PRO, right_zone(PRO))
    lines = {one.part: one for one in found.findings}
    assert verdict(lines[Part.MX]) == (Badge.CANNOT_TELL, Reason.NOT_ANSWERED)
    assert lines[Part.MX].problem is not None
    assert lines[Part.MX].problem.id is ProblemId.NAME_SERVERS_FAILING
    assert lines[Part.SPF].badge is Badge.UP_TO_DATE


def test_names_in_a_circle_are_to_change(desk: Desk) -> None:
    loop: Records = {
        f"{DOMAIN} MX": (),
        f"{DOMAIN} CNAME": ["b.test."],
        "b.test CNAME": [f"{DOMAIN}."],
    }
    found = desk.line(Part.MX, PRO, loop)
    assert found.badge is Badge.TO_CHANGE
    assert found.problem is not None
    assert found.problem.id is ProblemId.ALIASES_IN_A_CIRCLE


def test_nobody_waits_for_a_diagnosis_that_was_stopped(desk: Desk) -> None:
    desk.server.fault = Fault.SILENCE
    stop = threading.Event()
    stop.set()
    resolver = Resolver([NameServer(LOOPBACK, desk.server.port)], 60, stop.is_set)
    with pytest.raises(LookupStopped):
        diagnose(resolver, DOMAIN, PRO)


def test_lines_are_told_as_they_come(desk: Desk) -> None:
    desk.server.zone = dict(right_zone(MXPLAN))
    told: list[Finding] = []
    resolver = Resolver([NameServer(LOOPBACK, desk.server.port)])
    found = diagnose(resolver, DOMAIN, MXPLAN, tell=told.append)
    assert sorted(one.part for one in told) == sorted(one.part for one in found.findings)


def test_nothing_but_reading_is_asked_and_only_about_the_domain(desk: Desk) -> None:
    desk.ask(PRO, right_zone(PRO))
    asked = {one.name for one in desk.server.questions}
    assert {name for name in asked if not name.endswith(DOMAIN)} == {"mx.ovh.com"}
    assert {one.kind for one in desk.server.questions} <= {"MX", "TXT", "SRV", "CNAME", "NS", "A"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Exemple.test", DOMAIN), (" claire@exemple.test ", DOMAIN), ("été.fr", "xn--t-9fab.fr")],
)
def test_a_domain_is_read_from_what_is_typed(text: str, expected: str) -> None:
    assert read_domain(text) == expected


@pytest.mark.parametrize("text", ["", "claire", "claire@", "a b.fr", "x" * 250 + ".fr"])
def test_what_is_no_domain_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        read_domain(text)


def test_the_code_of_ownership_as_people_type_it() -> None:
    assert read_code("") == ""
    assert read_code(" ABCD1-check ") == read_code(f"abcd1-check.{DOMAIN}.") == CODE
    assert read_code("abcd1") == CODE
    with pytest.raises(ValueError, match="a b"):
        read_code("a b")


@pytest.mark.parametrize("text", ["3", "pro3", "PRO3.mail.ovh.net.", " 3 "])
def test_the_number_of_a_server_as_people_type_it(text: str) -> None:
    assert dns_offers()[PRO].read_server(text) == "3"


@pytest.mark.parametrize("text", ["ex3", "pro", "pro3.example.test", "3.5", "99999", "٣"])
def test_what_is_no_number_of_this_offer_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        dns_offers()[PRO].read_server(text)


def test_the_host_of_a_private_server_is_a_name() -> None:
    offer = dns_offers()[PRIVATE]
    assert offer.read_server("EX.Exemple.test.") == HOST
    with pytest.raises(ValueError, match="x y"):
        offer.read_server("x y")
    assert dns_offers()[MXPLAN].read_server("3") == ""
