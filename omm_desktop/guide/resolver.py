"""Questions to the domain name system: typed answers, several name servers, one deadline."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, Generic, TypeVar, cast

import dns.exception
import dns.message
import dns.name
import dns.nameserver
import dns.rcode
import dns.rdatatype
import dns.resolver

from omm_desktop.model.problem import OmmError, Place, Problem, ProblemId

Record = TypeVar("Record")

DEADLINE_SECONDS = 8.0
DNS_PORT = 53

_TRY_SECONDS = 1.5
_MOST_ALIASES = 8
# A name has 255 octets at most: this leaves room for those that are asked for below a domain.
_LONGEST_DOMAIN = 200
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
# Lower case and full-width letters as people type them; underscores stay.
_IDNA = dns.name.IDNA2008Codec(uts_46=True, allow_pure_ascii=True)


@dataclass(frozen=True, slots=True, order=True)
class MailExchange:
    """MX (RFC 5321). An empty host says that the domain takes no mail (RFC 7505)."""

    priority: int
    host: str


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    """SRV (RFC 2782). An empty host says that the service is not offered."""

    priority: int
    weight: int
    port: int
    host: str


class Absence(StrEnum):
    """Both are answers: the name servers did speak."""

    NO_SUCH_NAME = "no-such-name"
    NO_SUCH_RECORD = "no-such-record"


@dataclass(frozen=True, slots=True)
class Lookup(Generic[Record]):
    """What the name servers say. `absence` is None when there are records.

    `aliases` are the names a chain of CNAME led through, the last one holds the records.
    """

    records: tuple[Record, ...]
    absence: Absence | None = None
    aliases: tuple[str, ...] = ()


class LookupFailed(OmmError):
    """No answer: the name servers are silent, failing, or point in a circle."""


class LookupStopped(Exception):
    """Whoever asked does not want to know any more."""


@dataclass(frozen=True, slots=True)
class NameServer:
    """`host` is an IP address."""

    host: str
    port: int = DNS_PORT

    @classmethod
    def parse(cls, text: str) -> NameServer:
        """From HOST, HOST:PORT or [IPV6]:PORT. ValueError when it is none, or has no address."""
        host, port = _host_and_port(text.strip())
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
        except (OSError, UnicodeError) as error:
            raise ValueError(text) from error
        return cls(str(found[0][4][0]), port)


def system_name_servers() -> tuple[NameServer, ...]:
    """Those this computer uses; none when it has none."""
    try:
        found = dns.resolver.Resolver(configure=True)
    except dns.resolver.NoResolverConfiguration:
        return ()
    hosts = [server for server in found.nameservers if isinstance(server, str)]
    return tuple(NameServer(host, found.port) for host in hosts if not host.startswith("https:"))


def domain_name(text: str) -> str:
    """The domain as the name system writes it: lower case, ASCII, no dot at the end.

    ValueError when it cannot be a domain: empty, one label, too long, signs that no domain has.
    """
    name = _plain(_name(text.strip().lower()))
    labels = name.split(".")
    if len(name) > _LONGEST_DOMAIN or len(labels) < 2:
        raise ValueError(text)
    if any(set(label) - _LETTERS or not label.strip("-") for label in labels):
        raise ValueError(text)
    return name


class Resolver:
    """One series of look-ups: its time starts when it is made. For any number of threads.

    Name servers are asked in turn, over UDP and then TCP when the answer does not fit. Nothing is
    kept, and nothing is ever asked for but reading. `stopped` is looked at before each try.
    """

    def __init__(
        self,
        name_servers: Sequence[NameServer],
        seconds: float = DEADLINE_SECONDS,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self._servers = [
            dns.nameserver.Do53Nameserver(server.host, server.port) for server in name_servers
        ]
        self._silences = dict.fromkeys(self._servers, 0)
        self._until = time.monotonic() + seconds
        self._stopped = stopped

    def mx(self, name: str) -> Lookup[MailExchange]:
        """In rising order of priority. Each look-up raises LookupFailed, or ValueError for a name
        that cannot exist."""
        found = self._look_up(name, dns.rdatatype.MX, _mail_exchange)
        return Lookup(tuple(sorted(found.records)), found.absence, found.aliases)

    def srv(self, name: str) -> Lookup[ServiceRecord]:
        """Lowest priority number first, then the greatest weight: the order to try them in."""
        found = self._look_up(name, dns.rdatatype.SRV, _service_record)
        ordered = sorted(found.records, key=lambda one: (one.priority, -one.weight, one.host))
        return Lookup(tuple(ordered), found.absence, found.aliases)

    def txt(self, name: str) -> Lookup[str]:
        """The strings of each record joined; what cannot be printed is replaced."""
        return self._look_up(name, dns.rdatatype.TXT, _text)

    def cname(self, name: str) -> Lookup[str]:
        """The alias itself; it is not followed."""
        return self._look_up(name, dns.rdatatype.CNAME, lambda data: _plain(data.target))

    def ns(self, name: str) -> Lookup[str]:
        """The name servers of a zone; absent where the name is inside another zone."""
        found = self._look_up(name, dns.rdatatype.NS, lambda data: _plain(data.target))
        return Lookup(tuple(sorted(found.records)), found.absence, found.aliases)

    def a(self, name: str) -> Lookup[str]:
        return self._look_up(name, dns.rdatatype.A, lambda data: str(data.address))

    def aaaa(self, name: str) -> Lookup[str]:
        return self._look_up(name, dns.rdatatype.AAAA, lambda data: str(data.address))

    def _look_up(
        self, text: str, kind: dns.rdatatype.RdataType, read: Callable[[Any], Record]
    ) -> Lookup[Record]:
        name = _name(text)
        aliases: list[dns.name.Name] = []
        while True:
            fail = partial(_failed, subject=text, question=f"{kind.name} {_plain(name)}")
            response = self._ask(name, kind, fail)
            try:
                chain = response.resolve_chaining()
            except dns.message.ChainTooLong:
                raise fail(ProblemId.ALIASES_IN_A_CIRCLE, "CNAME") from None
            except dns.exception.DNSException as error:
                raise fail(ProblemId.NAME_SERVERS_FAILING, type(error).__name__) from error
            aliases += [record.target for rrset in chain.cnames for record in rrset][:_MOST_ALIASES]
            passed = tuple(_plain(alias) for alias in aliases)
            if chain.answer is not None:
                return Lookup(tuple(read(record) for record in chain.answer), None, passed)
            if response.rcode() == dns.rcode.NXDOMAIN:
                return Lookup((), Absence.NO_SUCH_NAME, passed)
            if not chain.cnames:
                return Lookup((), Absence.NO_SUCH_RECORD, passed)
            if len(aliases) >= _MOST_ALIASES or len(set(aliases)) < len(aliases):
                raise fail(ProblemId.ALIASES_IN_A_CIRCLE, "CNAME")
            name = aliases[-1]

    def _ask(
        self,
        name: dns.name.Name,
        kind: dns.rdatatype.RdataType,
        fail: Callable[[ProblemId, str], LookupFailed],
    ) -> dns.message.QueryMessage:
        """A server that fails is not asked twice; one that is silent is, while there is time.

        Those that were silent before come last.
        """
        servers = sorted(self._servers, key=self._silences.__getitem__)
        refusals: list[str] = []
        unreached: list[str] = []
        while servers and self._until > time.monotonic():
            for server in tuple(servers):
                if self._stopped():
                    raise LookupStopped
                seconds = min(_TRY_SECONDS, self._until - time.monotonic())
                if seconds <= 0:
                    break
                try:
                    response = _one_try(server, dns.message.make_query(name, kind), seconds)
                except dns.exception.Timeout:
                    self._silences[server] += 1
                    continue
                except (OSError, EOFError) as error:
                    unreached.append(f"{server.address}: {type(error).__name__}")
                except dns.exception.DNSException as error:
                    refusals.append(f"{server.address}: {type(error).__name__}")
                else:
                    if response.rcode() in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
                        return response
                    refusals.append(f"{server.address}: {dns.rcode.to_text(response.rcode())}")
                servers.remove(server)
        if refusals:
            raise fail(ProblemId.NAME_SERVERS_FAILING, ", ".join(refusals))
        raise fail(ProblemId.NAME_SERVERS_SILENT, ", ".join(unreached))


def _one_try(
    server: dns.nameserver.Do53Nameserver, query: dns.message.QueryMessage, seconds: float
) -> dns.message.QueryMessage:
    until = time.monotonic() + seconds
    try:
        response = server.query(query, seconds, None, 0, max_size=False)
    except dns.message.Truncated:
        seconds = max(0.0, until - time.monotonic())
        response = server.query(query, seconds, None, 0, max_size=True)
    return cast(dns.message.QueryMessage, response)


def _failed(id: ProblemId, detail: str, *, subject: str, question: str) -> LookupFailed:
    told = ": ".join(part for part in (question, detail) if part)
    return LookupFailed(Problem(id, Place.COMPUTER, detail=told, subject=subject))


def _mail_exchange(data: Any) -> MailExchange:
    return MailExchange(data.preference, _plain(data.exchange))


def _service_record(data: Any) -> ServiceRecord:
    return ServiceRecord(data.priority, data.weight, data.port, _plain(data.target))


def _text(data: Any) -> str:
    """Nothing in it can steer a terminal."""
    text = b"".join(data.strings).decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() else _UNREADABLE for sign in text)


def _name(text: str) -> dns.name.Name:
    try:
        name = dns.name.from_text(text, idna_codec=_IDNA)
    except (dns.exception.DNSException, UnicodeError) as error:
        raise ValueError(text) from error
    if name == dns.name.root:
        raise ValueError(text)
    return name


def _plain(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower() if name != dns.name.root else ""


def _host_and_port(text: str) -> tuple[str, int]:
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise ValueError(text)
        port = rest[1:]
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    else:
        host, port = text, ""
    number = int(port) if port else DNS_PORT
    if not host or not 0 < number < 1 << 16:
        raise ValueError(text)
    return host, number
