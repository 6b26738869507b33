"""What each OVHcloud offer expects in the zone of a domain (resources/dns.toml)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from omm_desktop import paths
from omm_desktop.guide.resolver import MailExchange, domain_name


class Use(StrEnum):
    """Whether something does not work without the record."""

    REQUIRED = "required"
    OPTIONAL = "optional"


class AliasPolicy(StrEnum):
    """What `autoconfig` and `autodiscover` do for an offer."""

    HELPFUL = "helpful"
    UNWANTED = "unwanted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """Where a value comes from; `inferred` when no guide says it in so many words."""

    source: str
    dated: date
    inferred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedMx(Sourced):
    records: tuple[MailExchange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedSpf(Sourced):
    """Without `include`, the addresses of the person's own server are expected."""

    include: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedDkim(Sourced):
    """CNAME `<selector>._domainkey` to `<selector>._domainkey.<number>.<letters>.<zone>`.

    No selectors where their names hold a number of the customer.
    """

    zone: str
    selectors: tuple[str, ...]

    def is_target(self, selector: str, target: str) -> bool:
        pattern = rf"{re.escape(selector)}\._domainkey\.\d+\.[a-z]+\.{re.escape(self.zone)}"
        return re.fullmatch(pattern, target) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedOwnership(Sourced):
    """CNAME `<code>-check`, with a code that the customer account shows."""

    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedAutodiscover(Sourced):
    """SRV `_autodiscover._tcp`; the host may hold `{n}` or `{host}`."""

    host: str
    use: Use


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedAliases(Sourced):
    """CNAME `autoconfig` and `autodiscover`."""

    policy: AliasPolicy
    target: str | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DnsOffer:
    """The records of one offer; None where it has none. Several sets of MX: any of them."""

    id: str
    mx: tuple[ExpectedMx, ...]
    spf: ExpectedSpf
    dkim: ExpectedDkim
    autodiscover: ExpectedAutodiscover
    aliases: ExpectedAliases
    ownership: ExpectedOwnership | None = None
    address: Sourced | None = None

    @property
    def asks_number(self) -> bool:
        return "{n}" in self.autodiscover.host

    @property
    def asks_host(self) -> bool:
        return "{host}" in self.autodiscover.host

    def read_server(self, text: str) -> str:
        """The answer as it completes the host: "pro3", "3", "pro3.mail.ovh.net" are all "3".

        Empty when nothing is asked or said. ValueError when it cannot be the answer.
        """
        said = text.strip().lower().rstrip(".")
        if not said or not (self.asks_number or self.asks_host):
            return ""
        if self.asks_host:
            return domain_name(said)
        before, after = map(re.escape, self.autodiscover.host.split("{n}"))
        found = re.fullmatch(rf"(?:{before})?([0-9]{{1,4}})(?:{after})?", said)
        if found is None:
            raise ValueError(text)
        return found[1]

    def server_host(self, answer: str) -> str:
        """The mail host; empty when the answer that it needs is missing."""
        if not answer and (self.asks_number or self.asks_host):
            return ""
        return self.autodiscover.host.replace("{n}", answer).replace("{host}", answer)

    def answer_in(self, host: str, domain: str) -> str:
        """The answer, read from a host that looks like those of this offer; else empty."""
        if self.asks_host:
            return host if host.endswith(f".{domain}") else ""
        if not self.asks_number:
            return ""
        before, after = map(re.escape, self.autodiscover.host.split("{n}"))
        found = re.fullmatch(rf"{before}([0-9]{{1,4}}){after}", host)
        return found[1] if found else ""


@cache
def dns_offers() -> Mapping[str, DnsOffer]:
    """By id, as in services.toml, in the order of the file."""
    return load(paths.resources() / "dns.toml")


def load(path: Path) -> Mapping[str, DnsOffer]:
    """Reads the file. TypeError, ValueError or KeyError on an unknown or missing key or value."""
    with path.open("rb") as stream:
        data = tomllib.load(stream)
    sources, entries = data.pop("sources"), data.pop("offer")
    parts = {
        (kind, name): _part(_PARTS[kind], entry)
        for kind, table in data.items()
        for name, entry in table.items()
    }
    unknown = {part.source for part in parts.values()} - set(sources)
    if unknown:
        raise ValueError(f"unknown sources: {', '.join(sorted(unknown))}")
    return {entry["id"]: _offer(entry, parts) for entry in entries}


_PARTS: Mapping[str, type[Sourced]] = {
    "mx": ExpectedMx,
    "spf": ExpectedSpf,
    "dkim": ExpectedDkim,
    "ownership": ExpectedOwnership,
    "autodiscover": ExpectedAutodiscover,
    "aliases": ExpectedAliases,
    "address": Sourced,
}
_READ: Mapping[str, Callable[[Any], Any]] = {
    "records": lambda records: tuple(MailExchange(**record) for record in records),
    "selectors": tuple,
    "also": tuple,
    "use": Use,
    "policy": AliasPolicy,
}


def _part(kind: type[Sourced], entry: Mapping[str, Any]) -> Sourced:
    return kind(
        **{key: _READ[key](value) if key in _READ else value for key, value in entry.items()}
    )


def _offer(entry: Mapping[str, Any], parts: Mapping[tuple[str, str], Sourced]) -> DnsOffer:
    named: dict[str, Any] = {
        kind: tuple(parts[kind, one] for one in name) if kind == "mx" else parts[kind, name]
        for kind, name in entry.items()
        if kind != "id"
    }
    return DnsOffer(id=entry["id"], **named)
