"""Zones of a domain as each offer wants them, for the DNS server of the tests."""

from __future__ import annotations

from collections.abc import Sequence

DOMAIN = "exemple.test"
HOST = "ex.exemple.test"
NUMBER = "3"
CODE = "abcd1-check"

Records = dict[str, Sequence[str]]

SERVERS = {
    "ovh-emailpro": NUMBER,
    "ovh-exchange-eu": NUMBER,
    "ovh-exchange-private": HOST,
}
SRV_HOSTS = {
    "ovh-mxplan-eu": "mailconfig.ovh.net",
    "ovh-mxplan-ca": "mailconfig.ovh.net",
    "ovh-zimbra-starter-eu": "zimbra1.mail.ovh.net",
    "ovh-zimbra-pro-eu": "zimbra1.mail.ovh.net",
    "ovh-emailpro": "pro3.mail.ovh.net",
    "ovh-exchange-eu": "ex3.mail.ovh.net",
    "ovh-exchange-ca": "ex.mail.ovh.ca",
    "ovh-exchange-private": HOST,
}
OFFERS = tuple(SRV_HOSTS)
FIXED_SELECTORS = {id for id in OFFERS if "mxplan" in id or "zimbra" in id}
ELSEWHERE = ("10 mx.ancien.test.", "20 mx2.ancien.test.")
SPF_TARGETS: Records = {
    "mx.ovh.com TXT": ['"v=spf1 ptr:mail-out.ovh.net ip4:192.0.2.0/24 ~all"'],
    "mx.ovh.ca TXT": ['"v=spf1 ip4:198.51.100.0/24 ~all"'],
}


def mx_records(suffix: str = "net") -> list[str]:
    priorities = (1, 5, 50, 100, 200)
    return [f"{one} mx{number}.mail.ovh.{suffix}." for number, one in enumerate(priorities)]


def right_zone(service: str) -> Records:
    """Everything as the offer wants it."""
    canada = service.endswith("-ca")
    include = "mx.ovh.ca" if canada else "mx.ovh.com"
    spf = f"v=spf1 include:{include} ~all"
    if service == "ovh-exchange-private":
        spf = "v=spf1 ip4:192.0.2.10 ip6:2001:db8::10 ~all"
    zone: Records = {
        f"{DOMAIN} NS": ["dns1.example.test.", "ns1.example.test."],
        f"{DOMAIN} MX": mx_records("ca" if canada else "net"),
        f"{DOMAIN} TXT": ['"google-site-verification=x"', f'"{spf}"'],
        f"_autodiscover._tcp.{DOMAIN} SRV": [f"0 0 443 {SRV_HOSTS[service]}."],
        f"{CODE}.{DOMAIN} CNAME": ["ovh.com."],
        **SPF_TARGETS,
    }
    if service in FIXED_SELECTORS:
        for number in (1, 2):
            selector = f"ovhmo-selector-{number}._domainkey"
            zone[f"{selector}.{DOMAIN} CNAME"] = [f"{selector}.41152{number}.dq.dkim.mail.ovh.net."]
    else:
        selector = "ovhex123456-selector1._domainkey"
        zone[f"{selector}.{DOMAIN} CNAME"] = [f"{selector}.1675.ac.dkim.mail.ovh.net."]
    if "mxplan" in service:
        zone[f"autoconfig.{DOMAIN} CNAME"] = ["mailconfig.ovh.net."]
        zone[f"autodiscover.{DOMAIN} CNAME"] = ["mailconfig.ovh.net."]
    if service == "ovh-exchange-private":
        zone[f"{HOST} A"] = ["192.0.2.10"]
        zone[f"{HOST} AAAA"] = ["2001:db8::10"]
    return zone
