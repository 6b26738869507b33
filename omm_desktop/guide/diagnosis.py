"""The diagnosis of a domain: its zone compared with what an OVHcloud offer expects. Reads only."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import replace

from omm_desktop.guide import dns_rules
from omm_desktop.guide.dns_offers import DnsOffer, dns_offers
from omm_desktop.guide.dns_rules import Question
from omm_desktop.guide.findings import Badge, Diagnosis, Finding, Part, Reason
from omm_desktop.guide.resolver import Absence, Lookup, LookupFailed, Resolver, domain_name
from omm_desktop.model.problem import CannotGoOn, Place, Problem, ProblemId

Rule = Callable[[Question], Finding]

_CODE = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_RULES: dict[Part, Rule] = {
    Part.MX: dns_rules.mx,
    Part.SPF: dns_rules.sender_policy,
    Part.DKIM: dns_rules.signature,
    Part.AUTODISCOVER: dns_rules.autodiscover,
    Part.AUTODISCOVER_ALIAS: dns_rules.autodiscover_alias,
    Part.AUTOCONFIG_ALIAS: dns_rules.autoconfig_alias,
    Part.OWNERSHIP: dns_rules.ownership,
    Part.IPV4: dns_rules.ipv4,
    Part.IPV6: dns_rules.ipv6,
}


def read_domain(text: str) -> str:
    """The domain of what a person typed: a domain, or an address. ValueError when it is none."""
    return domain_name(text.strip().rpartition("@")[2])


def read_code(text: str) -> str:
    """The name of the ownership record, with or without its end. ValueError when it is none."""
    code = text.strip().lower().split(".")[0]
    if not code:
        return ""
    if not _CODE.fullmatch(code):
        raise ValueError(text)
    return code if code.endswith("-check") else f"{code}-check"


def parts_of(offer: DnsOffer) -> tuple[Part, ...]:
    """The lines that make sense for an offer."""
    left_out = set() if offer.ownership else {Part.OWNERSHIP}
    if offer.address is None:
        left_out |= {Part.IPV4, Part.IPV6}
    return tuple(part for part in Part if part not in left_out)


def diagnose(
    resolver: Resolver,
    domain: str,
    service: str,
    *,
    server: str = "",
    ownership_code: str = "",
    tell: Callable[[Finding], None] = lambda finding: None,
) -> Diagnosis:
    """Asks for everything side by side, within the deadline of the resolver.

    `domain`, `server` and `ownership_code` as `read_domain`, `DnsOffer.read_server` and `read_code`
    answer them; `service` an id of dns.toml (KeyError). `tell` gets each line as soon as it is
    known, in this thread. What cannot be asked is a line of its own; CannotGoOn when the domain
    does not exist, LookupStopped when nobody waits any more.
    """
    offer = dns_offers()[service]
    question = Question(domain, offer, resolver, server, ownership_code)
    parts = parts_of(offer)
    with ThreadPoolExecutor(len(parts) + 1, thread_name_prefix="diagnosis") as pool:
        zone = pool.submit(resolver.ns, domain)
        lines = [pool.submit(_judged, part, question) for part in parts]
        findings = []
        for line in as_completed(lines):
            findings.append(line.result())
            tell(findings[-1])
    return Diagnosis(
        domain=domain,
        service=service,
        server=server or _server_read(findings),
        name_servers=_name_servers(zone, domain),
        findings=tuple(sorted(findings, key=lambda finding: parts.index(finding.part))),
    )


def _judged(part: Part, question: Question) -> Finding:
    try:
        return _RULES[part](question)
    except LookupFailed as error:
        circle = error.problem.id is ProblemId.ALIASES_IN_A_CIRCLE
        badge = Badge.TO_CHANGE if circle else Badge.CANNOT_TELL
        return replace(question.line(part), badge=badge, problem=error.problem)


def _server_read(findings: list[Finding]) -> str:
    return next(
        (
            one.about[Reason.SRV_SERVER_READ]
            for one in findings
            if Reason.SRV_SERVER_READ in one.remarks
        ),
        "",
    )


def _name_servers(zone: Future[Lookup[str]], domain: str) -> tuple[str, ...]:
    try:
        found = zone.result()
    except LookupFailed:
        return ()
    if found.absence is Absence.NO_SUCH_NAME:
        raise CannotGoOn(Problem(ProblemId.DOMAIN_NOT_FOUND, Place.COMPUTER, subject=domain))
    return found.records
