"""Each record of a zone, wrong in turn, against what the offers expect."""

from __future__ import annotations

import pytest

from omm_desktop.guide.findings import Badge, Part, Reason
from tests.servers.dns_server import DnsServer, Fault

from .domain_desk import Desk, verdict
from .zones import (
    CODE,
    DOMAIN,
    ELSEWHERE,
    FIXED_SELECTORS,
    HOST,
    OFFERS,
    SRV_HOSTS,
    Records,
    mx_records,
    right_zone,
)

PRO, MXPLAN, ZIMBRA = "ovh-emailpro", "ovh-mxplan-eu", "ovh-zimbra-starter-eu"
PRIVATE = "ovh-exchange-private"
SRV = f"_autodiscover._tcp.{DOMAIN} SRV"
INCLUDE = "v=spf1 include:mx.ovh.com ~all"


@pytest.fixture
def desk(dns_server: DnsServer) -> Desk:
    return Desk(dns_server)


@pytest.mark.parametrize("service", [id for id in OFFERS if id != PRIVATE])
@pytest.mark.parametrize(
    ("records", "badge", "reason", "remarks"),
    [
        (["0 ."], Badge.TO_CHANGE, Reason.MX_MISSING, ()),
        (ELSEWHERE, Badge.TO_CHANGE, Reason.MX_ELSEWHERE, (Reason.MX_FILTER,)),
        (["1 mx0.mail.ovh.{}.", ELSEWHERE[0]], Badge.TO_CHANGE, Reason.MX_BOTH, ()),
        (["1 mx3.mail.ovh.{}.", "5 mx0.mail.ovh.{}."], Badge.TO_CHANGE, Reason.MX_ORDER, ()),
        (
            ["0 mx0.mail.ovh.{}.", "5 mx1.mail.ovh.{}."],
            Badge.UP_TO_DATE,
            Reason.MX_RIGHT,
            (Reason.MX_OTHER_FORM,),
        ),
        (
            ["1 mx1.mail.ovh.{}.", "5 mx2.mail.ovh.{}.", "100 mx3.mail.ovh.{}."],
            Badge.UP_TO_DATE,
            Reason.MX_RIGHT,
            (Reason.MX_OTHER_FORM,),
        ),
    ],
)
def test_mx(
    desk: Desk,
    service: str,
    records: list[str],
    badge: Badge,
    reason: Reason,
    remarks: tuple[Reason, ...],
) -> None:
    suffix = "ca" if service.endswith("-ca") else "net"
    zone = {f"{DOMAIN} MX": [one.format(suffix) for one in records]}
    found = desk.line(Part.MX, service, zone)
    assert verdict(found) == (badge, reason)
    assert found.remarks == remarks
    assert found.expected == tuple(mx_records(suffix))
    assert sorted(found.found) == sorted(zone[f"{DOMAIN} MX"])


def test_mx_of_the_other_region(desk: Desk) -> None:
    found = desk.line(Part.MX, MXPLAN, {f"{DOMAIN} MX": mx_records("ca")})
    assert verdict(found) == (Badge.TO_CHANGE, Reason.MX_OTHER_REGION)


@pytest.mark.parametrize("suffix", ["net", "ca"])
def test_a_private_server_takes_the_mx_of_either_region(desk: Desk, suffix: str) -> None:
    found = desk.line(Part.MX, PRIVATE, {f"{DOMAIN} MX": mx_records(suffix)})
    assert verdict(found) == (Badge.UP_TO_DATE, Reason.MX_RIGHT)
    assert found.expected == tuple(mx_records(suffix))


def test_the_other_provider_is_named(desk: Desk) -> None:
    found = desk.line(Part.MX, PRO, {f"{DOMAIN} MX": ["1 mx0.mail.ovh.net.", *ELSEWHERE]})
    assert found.about == {Reason.MX_BOTH: "mx.ancien.test, mx2.ancien.test"}


@pytest.mark.parametrize(
    ("texts", "badge", "reason", "expected"),
    [
        ((), Badge.TO_CHANGE, Reason.SPF_MISSING, INCLUDE),
        (("v=spf10 x", "other"), Badge.TO_CHANGE, Reason.SPF_MISSING, INCLUDE),
        (
            ("v=spf1 include:spf.ancien.test -all",),
            Badge.TO_CHANGE,
            Reason.SPF_NOT_ALLOWED,
            "v=spf1 include:mx.ovh.com include:spf.ancien.test -all",
        ),
        (
            ("v=spf1 -all include:mx.ovh.com",),
            Badge.TO_CHANGE,
            Reason.SPF_NOT_ALLOWED,
            "v=spf1 include:mx.ovh.com -all",
        ),
        (
            ("v=spf1 -include:mx.ovh.com ~all",),
            Badge.TO_CHANGE,
            Reason.SPF_NOT_ALLOWED,
            "v=spf1 include:mx.ovh.com -include:mx.ovh.com ~all",
        ),
        (
            ("v=spf1 redirect=spf.ancien.test",),
            Badge.TO_CHANGE,
            Reason.SPF_NOT_ALLOWED,
            "v=spf1 include:mx.ovh.com redirect=spf.ancien.test",
        ),
        (
            ("v=spf1 include:mx.ovh.com ~all", "v=spf1 a include:spf.ancien.test -all"),
            Badge.TO_CHANGE,
            Reason.SPF_SEVERAL,
            "v=spf1 include:mx.ovh.com a include:spf.ancien.test {end}",
        ),
        (
            ("v=spf1 redirect=spf.ancien.test", "v=spf1 a -all"),
            Badge.TO_CHANGE,
            Reason.SPF_SEVERAL,
            None,
        ),
        (("V=SPF1 a Include:MX.ovh.com ?all",), Badge.UP_TO_DATE, Reason.SPF_RIGHT, None),
        (("v=spf1 redirect=mx.ovh.com",), Badge.UP_TO_DATE, Reason.SPF_RIGHT, None),
    ],
)
def test_spf(
    desk: Desk, texts: tuple[str, ...], badge: Badge, reason: Reason, expected: str | None
) -> None:
    found = desk.line(Part.SPF, MXPLAN, {f"{DOMAIN} TXT": [f'"{text}"' for text in texts]})
    assert verdict(found) == (badge, reason)
    if expected is not None:
        assert found.expected in {(expected.format(end=end),) for end in ("~all", "-all")}


def test_the_record_for_several_is_one_that_is_right(desk: Desk) -> None:
    several = ['"v=spf1 redirect=spf.ancien.test"', '"v=spf1 a -all"']
    (merged,) = desk.line(Part.SPF, PRO, {f"{DOMAIN} TXT": several}).expected
    assert sorted(merged.split()) == sorted(
        ["v=spf1", "include:mx.ovh.com", "include:spf.ancien.test", "a", "-all"]
    )
    again = desk.line(Part.SPF, PRO, {f"{DOMAIN} TXT": [f'"{merged}"']})
    assert verdict(again) == (Badge.UP_TO_DATE, Reason.SPF_RIGHT)


@pytest.mark.parametrize("way", ["include:", "redirect="])
def test_spf_is_found_behind_another_record(desk: Desk, way: str) -> None:
    zone: Records = {
        f"{DOMAIN} TXT": [f'"v=spf1 {way}_spf.{DOMAIN}"'],
        f"_spf.{DOMAIN} TXT": ['"v=spf1 include:mx.ovh.com -all"'],
    }
    found = desk.line(Part.SPF, PRO, zone)
    assert verdict(found) == (Badge.UP_TO_DATE, Reason.SPF_RIGHT)
    assert found.remarks == (Reason.SPF_THROUGH,)


def test_too_many_look_ups_of_spf_are_told_and_bounded(desk: Desk) -> None:
    zone: Records = {f"{DOMAIN} TXT": ['"v=spf1 include:mx.ovh.com include:s0.test ~all"']}
    for number in range(100):
        zone[f"s{number}.test TXT"] = [f'"v=spf1 a mx include:s{number + 1}.test ~all"']
    found = desk.line(Part.SPF, PRO, zone)
    assert found.remarks == (Reason.SPF_MANY_LOOKUPS,)
    assert int(found.about[Reason.SPF_MANY_LOOKUPS]) > 10
    assert len([one for one in desk.server.questions if one.kind == "TXT"]) < 30


def test_spf_that_includes_itself_ends(desk: Desk) -> None:
    zone: Records = {
        f"{DOMAIN} TXT": [f'"v=spf1 include:s.test include:{DOMAIN} include:mx.ovh.com ~all"'],
        "s.test TXT": ['"v=spf1 include:s.test include:%{i}.x.test exists:%{i} -all"'],
    }
    assert desk.line(Part.SPF, PRO, zone).badge is Badge.UP_TO_DATE


def test_what_an_include_does_not_answer_is_a_remark(desk: Desk) -> None:
    desk.server.faults["s.test"] = Fault.SERVFAIL
    zone: Records = {f"{DOMAIN} TXT": ['"v=spf1 include:s.test include:mx.ovh.com +all"']}
    found = desk.line(Part.SPF, PRO, zone)
    assert found.badge is Badge.UP_TO_DATE
    assert found.remarks == (Reason.SPF_UNREAD, Reason.SPF_ANYBODY)
    assert found.about == {Reason.SPF_UNREAD: "s.test"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all", Reason.SPF_RIGHT),
        (f"v=spf1 a:{HOST} -all", Reason.SPF_RIGHT),
        (f"v=spf1 -a:{HOST} -all", Reason.SPF_NOT_ALLOWED),
        ("v=spf1 ip4:192.0.2.10 ip4:nonsense -all", Reason.SPF_NOT_ALLOWED),
        ("v=spf1 include:mx.ovh.com -all", Reason.SPF_NOT_ALLOWED),
    ],
)
def test_spf_of_a_private_server_names_its_addresses(desk: Desk, text: str, reason: Reason) -> None:
    found = desk.line(Part.SPF, PRIVATE, {f"{DOMAIN} TXT": [f'"{text}"']})
    assert found.reason is reason
    if reason is Reason.SPF_NOT_ALLOWED:
        assert found.expected[0].startswith("v=spf1 ip4:192.0.2.10 ip6:2001:db8::10 ")


def test_the_host_of_a_private_server_is_read_from_the_record(desk: Desk) -> None:
    found = desk.ask(PRIVATE, right_zone(PRIVATE), number="")
    assert found.server == HOST
    lines = {one.part: one for one in found.findings}
    assert lines[Part.SPF].badge is Badge.UP_TO_DATE
    assert lines[Part.IPV4].name == HOST


def test_without_its_host_a_private_server_cannot_be_judged(desk: Desk) -> None:
    zone = right_zone(PRIVATE) | {SRV: ["0 0 443 autodiscover.ancien.test."]}
    found = desk.ask(PRIVATE, zone, number="")
    lines = {one.part: one for one in found.findings}
    for part in (Part.SPF, Part.IPV4, Part.IPV6):
        assert lines[part].badge is Badge.CANNOT_TELL
    assert lines[Part.AUTODISCOVER].badge is Badge.TO_CHANGE
    assert Reason.SRV_ASKS_HOST in lines[Part.AUTODISCOVER].remarks


def test_addresses_of_a_private_server(desk: Desk) -> None:
    found = desk.ask(PRIVATE, right_zone(PRIVATE))
    lines = {one.part: one for one in found.findings}
    assert lines[Part.IPV4].found == ("192.0.2.10",)
    assert lines[Part.IPV6].reason is Reason.ADDRESS_COMPARE
    missing = desk.line(Part.IPV6, PRIVATE, {f"{HOST} AAAA": ()})
    assert verdict(missing) == (Badge.TO_CHANGE, Reason.ADDRESS_MISSING)


@pytest.mark.parametrize("service", sorted(FIXED_SELECTORS))
def test_dkim_with_known_selectors(desk: Desk, service: str) -> None:
    first, second = (f"ovhmo-selector-{one}._domainkey.{DOMAIN} CNAME" for one in (1, 2))
    one = desk.line(Part.DKIM, service, {second: ()})
    assert verdict(one) == (Badge.UP_TO_DATE, Reason.DKIM_RIGHT)
    assert one.remarks == (Reason.DKIM_ONE,)
    wrong = desk.line(Part.DKIM, service, {first: ["ovhmo-selector-1._domainkey.autre.test."]})
    assert verdict(wrong) == (Badge.TO_CHANGE, Reason.DKIM_OTHER_TARGET)
    assert wrong.about == {Reason.DKIM_OTHER_TARGET: "ovhmo-selector-1"}
    old = {f"ovhmo42-selector1._domainkey.{DOMAIN} CNAME": ["x.test."]}
    hidden = desk.line(Part.DKIM, service, {first: (), second: (), **old})
    assert verdict(hidden) == (Badge.CANNOT_TELL, Reason.DKIM_NUMBERED)
    none = desk.line(Part.DKIM, service, {first: (), second: ()})
    assert verdict(none) == (Badge.TO_CHANGE, Reason.DKIM_NONE)


def test_dkim_with_a_number_of_the_customer(desk: Desk) -> None:
    known = f"ovhex123456-selector1._domainkey.{DOMAIN} CNAME"
    hidden = desk.line(Part.DKIM, PRO, {})
    assert verdict(hidden) == (Badge.CANNOT_TELL, Reason.DKIM_NUMBERED)
    none = desk.line(Part.DKIM, PRO, {known: ()})
    assert verdict(none) == (Badge.TO_CHANGE, Reason.DKIM_NONE)


@pytest.mark.parametrize("service", OFFERS)
@pytest.mark.parametrize(
    ("records", "reason"),
    [
        (["0 0 443 autodiscover.ancien.test."], Reason.SRV_OTHER_HOST),
        (["0 0 443 {}.", "0 0 443 autodiscover.ancien.test."], Reason.SRV_SEVERAL),
        (["0 0 8443 {}."], Reason.SRV_OTHER_PORT),
        (["0 0 0 ."], Reason.SRV_OTHER_HOST),
    ],
)
def test_srv(desk: Desk, service: str, records: list[str], reason: Reason) -> None:
    host = SRV_HOSTS[service]
    found = desk.line(Part.AUTODISCOVER, service, {SRV: [one.format(host) for one in records]})
    assert verdict(found) == (Badge.TO_CHANGE, reason)
    assert found.expected == (f"0 0 443 {host}.",)


@pytest.mark.parametrize("service", [PRO, "ovh-exchange-eu"])
def test_the_number_nobody_gave_is_read_from_the_record(desk: Desk, service: str) -> None:
    found = desk.ask(service, right_zone(service), number="")
    line = next(one for one in found.findings if one.part is Part.AUTODISCOVER)
    assert verdict(line) == (Badge.UP_TO_DATE, Reason.SRV_RIGHT)
    assert line.remarks == (Reason.SRV_SERVER_READ,)
    assert found.server == "3"


def test_the_number_that_was_given_is_what_counts(desk: Desk) -> None:
    found = desk.line(Part.AUTODISCOVER, PRO, {}, number="4")
    assert verdict(found) == (Badge.TO_CHANGE, Reason.SRV_OTHER_HOST)
    assert found.expected == ("0 0 443 pro4.mail.ovh.net.",)


@pytest.mark.parametrize("records", [(), ("0 0 443 mailconfig.ovh.net.",)])
def test_without_number_and_record_the_number_is_asked_for(
    desk: Desk, records: tuple[str, ...]
) -> None:
    found = desk.line(Part.AUTODISCOVER, PRO, {SRV: records}, number="")
    assert found.badge is Badge.TO_CHANGE
    assert found.expected == ()
    assert Reason.SRV_ASKS_NUMBER in found.remarks


@pytest.mark.parametrize("label", ["autodiscover", "autoconfig"])
@pytest.mark.parametrize(
    ("service", "change", "badge", "reason"),
    [
        (PRO, {}, Badge.UP_TO_DATE, Reason.ALIAS_ABSENT),
        (PRO, {"CNAME": ["ssl0.ovh.net."]}, Badge.TO_CHANGE, Reason.ALIAS_IN_THE_WAY),
        (PRO, {"CNAME": ["autodiscover.x.test."]}, Badge.TO_CHANGE, Reason.ALIAS_IN_THE_WAY),
        (PRO, {"CNAME": ["pro3.mail.ovh.net."]}, Badge.UP_TO_DATE, Reason.ALIAS_HELPS),
        (PRO, {"A": ["192.0.2.9"]}, Badge.CANNOT_TELL, Reason.ALIAS_ADDRESS),
        (MXPLAN, {"CNAME": ()}, Badge.NOT_NEEDED, Reason.ALIAS_OPTIONAL),
        (MXPLAN, {"CNAME": ["ssl0.ovh.net."]}, Badge.UP_TO_DATE, Reason.ALIAS_HELPS),
        (MXPLAN, {"CNAME": ["x.test."]}, Badge.TO_CHANGE, Reason.ALIAS_ELSEWHERE),
        (ZIMBRA, {"CNAME": ["mailconfig.ovh.net."]}, Badge.TO_CHANGE, Reason.ALIAS_IN_THE_WAY),
        (
            ZIMBRA,
            {"CNAME": ["mailconfig.ovh.net."], "SRV": ()},
            Badge.UP_TO_DATE,
            Reason.ALIAS_HELPS,
        ),
    ],
)
def test_aliases(
    desk: Desk, label: str, service: str, change: Records, badge: Badge, reason: Reason
) -> None:
    zone = {
        SRV if kind == "SRV" else f"{label}.{DOMAIN} {kind}": values
        for kind, values in change.items()
    }
    found = desk.line(Part(f"{label}-alias"), service, zone)
    assert verdict(found) == (badge, reason)
    if reason is Reason.ALIAS_IN_THE_WAY:
        assert found.expected == ()


@pytest.mark.parametrize("service", [id for id in OFFERS if "mxplan" not in id])
def test_ownership(desk: Desk, service: str) -> None:
    record = f"{CODE}.{DOMAIN} CNAME"
    missing = desk.line(Part.OWNERSHIP, service, {record: ()})
    assert verdict(missing) == (Badge.TO_CHANGE, Reason.OWNERSHIP_MISSING)
    assert missing.expected == ("ovh.com.",)
    other = desk.line(Part.OWNERSHIP, service, {record: ["ovh.net."]})
    assert verdict(other) == (Badge.TO_CHANGE, Reason.OWNERSHIP_OTHER_TARGET)
    unknown = desk.line(Part.OWNERSHIP, service, {}, code="")
    assert verdict(unknown) == (Badge.CANNOT_TELL, Reason.OWNERSHIP_NO_CODE)
