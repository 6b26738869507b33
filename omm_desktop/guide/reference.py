"""What a mail program must be told to reach a service: one sheet for each protocol."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from omm_desktop.guide.providers import Providers
from omm_desktop.guide.service import Citation, LoginForm, Origin, Service
from omm_desktop.guide.steps import MailProgram, mail_programs
from omm_desktop.model.account import Security, Server
from omm_desktop.model.protocol import Protocol

ENCRYPTION = {Security.TLS: "SSL/TLS", Security.STARTTLS: "STARTTLS"}
_BLANK = re.compile(r"\{\w+\}")


def with_dots(text: str) -> str:
    """ "pro….mail.ovh.net" as long as the number of "pro{n}.mail.ovh.net" is not known."""
    return _BLANK.sub("…", text)


class ValueName(StrEnum):
    """What a value is for; also its key in `Origin.inferred`."""

    SERVER = "host"
    PORT = "port"
    ENCRYPTION = "security"
    ADDRESS = "url"


class PartName(StrEnum):
    INCOMING = "incoming"
    OUTGOING = "outgoing"
    EXCHANGE = "exchange"
    ACTIVESYNC = "activesync"
    CALENDARS = "calendars"


@dataclass(frozen=True, slots=True)
class Value:
    """One field of a mail program. `alternative` says the same in another way."""

    name: ValueName
    text: str
    origin: Origin
    alternative: bool = False

    @property
    def shown(self) -> str:
        """The text for eyes and ears; what the person is still to say is dots in it."""
        return with_dots(self.text)

    @property
    def inferred(self) -> bool:
        """True when no source tells this value for this very service."""
        return self.name in self.origin.inferred


@dataclass(frozen=True, slots=True)
class Part:
    """Values that stand together, with the user name that goes with them."""

    name: PartName
    protocol: Protocol
    values: tuple[Value, ...]
    login: LoginForm

    @property
    def asks_spa(self) -> bool:
        """True where Outlook has a box for Secure Password Authentication, to be left unticked."""
        return self.name in (PartName.INCOMING, PartName.OUTGOING)

    def first(self, name: ValueName) -> str:
        return next((value.text for value in self.values if value.name is name), "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that is known about one way into one service; without parts where it has none."""

    service: Service
    protocol: Protocol
    answer: str
    parts: tuple[Part, ...]

    @property
    def complete(self) -> bool:
        """False while a host still waits for the person's answer."""
        return self.service.ask is None or bool(self.answer)

    def citations(self) -> list[Citation]:
        """The sources of these values, each once."""
        found = (value.origin.citation for part in self.parts for value in part.values)
        return list(dict.fromkeys(found))

    def targets(self) -> Iterator[tuple[Protocol, Server | str]]:
        """What a trial connects to: the address of Exchange, or every server."""
        if self.protocol is Protocol.EWS and self.service.ews:
            yield Protocol.EWS, self.service.complete(self.service.ews, self.answer)
        for part in self.parts:
            for server in self.service.servers(part.protocol, self.answer):
                yield part.protocol, server

    def programs(self) -> list[MailProgram]:
        """The mail programs whose steps, which all use a password, fit these values."""
        if not self.service.takes_password:
            return []
        wanted = {Protocol.SMTP: {"imap"}, Protocol.EWS: self._exchange_kinds()}
        shown = wanted.get(self.protocol, {str(self.protocol)}) if self.parts else set()
        kind = self.service.kind
        return [one for one in mail_programs() if one.protocols & shown and kind in one.kinds]

    def _exchange_kinds(self) -> set[str]:
        ways = {"ews": self.service.ews, "activesync": self.service.activesync}
        return {name for name, address in ways.items() if address}

    def blanks(self) -> dict[str, Any]:
        """What stands in the braces of the steps; the login is a `LoginForm`."""
        reading = Protocol.POP if self.protocol is Protocol.POP else Protocol.IMAP
        filled: dict[str, Any] = {"protocol": reading.upper(), "login": self.service.login}
        for prefix, protocol in (("", reading), ("smtp_", Protocol.SMTP)):
            servers = self.service.servers(protocol, self.answer)
            first = servers[0] if servers else None
            filled |= {
                f"{prefix}server": with_dots(first.host) if first else "",
                f"{prefix}port": first.port if first else "",
                f"{prefix}encryption": ENCRYPTION[first.security] if first else "",
            }
        if self.protocol is Protocol.EWS and self.service.activesync:
            filled["server"] = with_dots(self.service.activesync)
        return filled


def sheet(service: Service, protocol: Protocol, answer: str = "") -> Sheet:
    """IMAP and POP come with sending, as a mail program asks for them together."""
    if protocol is Protocol.EWS:
        parts = list(_exchange_parts(service, answer))
    else:
        wanted = [(PartName.OUTGOING, Protocol.SMTP)]
        if protocol is not Protocol.SMTP:
            wanted.insert(0, (PartName.INCOMING, protocol))
        parts = [
            _mail_part(service, name, one, answer)
            for name, one in wanted
            if service.servers(protocol) and service.servers(one)
        ]
    return Sheet(service, protocol, answer, tuple(parts))


def _mail_part(service: Service, name: PartName, protocol: Protocol, answer: str) -> Part:
    origin = service.origins[protocol]
    first, *others = service.servers(protocol, answer)
    values = [Value(value, text, origin) for value, text in _fields(first).items()]
    for other in others:
        values += [
            Value(value, text, origin, alternative=True)
            for value, text in _fields(other).items()
            if text != _fields(first)[value]
        ]
    login = service.smtp_login if protocol is Protocol.SMTP else service.login
    return Part(name, protocol, tuple(values), login)


def _fields(server: Server) -> dict[ValueName, str]:
    return {
        ValueName.SERVER: server.host,
        ValueName.PORT: str(server.port),
        ValueName.ENCRYPTION: ENCRYPTION[server.security],
    }


def _exchange_parts(service: Service, answer: str) -> Iterator[Part]:
    addresses = (
        (PartName.EXCHANGE, "ews", ValueName.ADDRESS, service.ews),
        (PartName.ACTIVESYNC, "activesync", ValueName.SERVER, service.activesync),
        (PartName.CALENDARS, "caldav", ValueName.ADDRESS, service.caldav),
    )
    for part, key, name, address in addresses:
        if address:
            value = Value(name, service.complete(address, answer), service.origins[key])
            yield Part(part, Protocol.EWS, (value,), service.login)


def near(providers: Providers, id: str) -> list[str]:
    """Ids that somebody who typed `id` may have meant, the nearest first."""
    typed = id.strip().lower()
    ids = [service.id for service in providers.services]
    holding = [one for one in ids if typed and typed in one]
    return list(dict.fromkeys([*holding, *get_close_matches(typed, ids, n=5, cutoff=0.5)]))[:5]


_WORD = "[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_ANSWERS = {
    "n": re.compile(r"\d{1,4}"),
    "host": re.compile(rf"(?=.{{1,253}}$){_WORD}(\.{_WORD})+"),
}


def answer_fits(service: Service, answer: str) -> bool:
    """True when the person's answer can complete the host of this service."""
    pattern = _ANSWERS[service.ask.name] if service.ask else None
    return bool(pattern and pattern.fullmatch(answer.lower()))
