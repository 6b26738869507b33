"""SPF (RFC 7208): who may send mail for a domain, and the record that also allows somebody new."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from omm_desktop.guide.resolver import LookupFailed, Resolver

MOST_LOOKUPS = 10
"""Beyond, receivers take the record as broken (RFC 7208, section 4.6.4)."""

_MOST_WALKED = 20
_VERSION = "v=spf1"
_ASKING = ("a", "mx", "ptr", "exists")
_QUALIFIERS = "+-~?"


def spf_records(texts: Iterable[str]) -> tuple[str, ...]:
    """Those of the TXT records that are SPF; a domain may have one."""
    return tuple(text for text in texts if text.lower().split(" ")[0] == _VERSION)


@dataclass(slots=True)
class Walk:
    """What a record allows, its includes and redirects followed.

    `domains` are those included, `direct` by the record itself; `hosts` are allowed by name;
    `unread` did not answer.
    """

    domains: set[str] = field(default_factory=set)
    direct: set[str] = field(default_factory=set)
    hosts: set[str] = field(default_factory=set)
    networks: list[IPv4Network | IPv6Network] = field(default_factory=list)
    lookups: int = 0
    unread: list[str] = field(default_factory=list)
    anybody: bool = False

    def allows(self, term: str) -> bool:
        """Whether the record says this, itself or in more: `include:…`, `ip4:…` or `ip6:…`."""
        name, _, value = term.partition(":")
        if name == "include":
            return value in self.domains
        return any(ip_address(value) in network for network in self.networks)


def walk(resolver: Resolver, record: str) -> Walk:
    """Reads the record and what it refers to; bounded, whatever it says. LookupStopped passes."""
    done = Walk()
    waiting = [record]
    while waiting:
        targets = _read(waiting.pop(0), done)
        if not done.direct:
            done.direct = set(targets)
        for target in targets:
            if target in done.domains or len(done.domains) >= _MOST_WALKED:
                continue
            done.domains.add(target)
            try:
                waiting += spf_records(resolver.txt(target).records)
            except (LookupFailed, ValueError):
                done.unread.append(target)
    return done


def allowing(records: Sequence[str], wanted: Sequence[str]) -> str:
    """One record that allows what these do, and the wanted terms first."""
    terms = [term for record in records for term in record.split()[1:]]
    ends = [term for term in terms if _is_all(term)]
    redirects = [term for term in terms if term.lower().startswith("redirect=")]
    if len(redirects) > 1 or (redirects and ends):
        terms = [_as_include(term) for term in terms]
        redirects = []
    kept = [term for term in terms if term not in ends and term not in redirects]
    end = redirects if redirects else ends[:1] or ["~all"]
    return " ".join([_VERSION, *dict.fromkeys([*wanted, *kept]), *end])


def _read(record: str, done: Walk) -> list[str]:
    """Notes what the terms of a record allow; answers the domains they refer to, in order."""
    targets: list[str] = []
    redirect = ""
    for term in record.lower().split()[1:]:
        mechanism = term.lstrip(_QUALIFIERS)
        name, _, value = mechanism.partition(":")
        allowed = not term.startswith(tuple("-~?"))
        if _is_all(term):
            done.anybody |= allowed
            redirect = ""
            break
        if mechanism.startswith("redirect="):
            redirect = mechanism.removeprefix("redirect=")
        elif name == "include":
            done.lookups += 1
            targets += [value] if allowed else []
        elif name in ("ip4", "ip6") and allowed:
            _note_network(value, done)
        elif name.partition("/")[0] in _ASKING:
            done.lookups += 1
            done.hosts |= {value.partition("/")[0]} if name == "a" and allowed else set()
    if redirect:
        done.lookups += 1
        targets.append(redirect)
    return [target.rstrip(".") for target in targets if target and "%" not in target]


def _note_network(text: str, done: Walk) -> None:
    try:
        done.networks.append(ip_network(text, strict=False))
    except ValueError:
        return


def _is_all(term: str) -> bool:
    return term.lower().lstrip(_QUALIFIERS) == "all"


def _as_include(term: str) -> str:
    name, equals, value = term.partition("=")
    return f"include:{value}" if equals and name.lower() == "redirect" else term
