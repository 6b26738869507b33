"""Known mail services (resources/services.toml): one truth for the wizard and the reference."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from omm_desktop import paths
from omm_desktop.language import LANGUAGES, Language, current
from omm_desktop.model.account import Security, Server


class LoginForm(StrEnum):
    """What a service wants as login: the whole address, or what stands before the @."""

    FULL_ADDRESS = "full-address"
    LOCAL_PART = "local-part"

    def login(self, address: str) -> str:
        return address if self is LoginForm.FULL_ADDRESS else address.partition("@")[0]


class SignIn(StrEnum):
    PASSWORD = "password"
    APP_PASSWORD = "app-password"
    OAUTH2 = "oauth2"


class ServiceKind(StrEnum):
    OVH = "ovh"
    OVH_AUTODETECT = "ovh-autodetect"
    MAILBOX = "mailbox"
    ISP = "isp"
    HOSTING = "hosting"
    GENERIC = "generic"


class Confidence(StrEnum):
    """How well the values are confirmed."""

    DOCUMENTED = "documented"
    PARTLY_DOCUMENTED = "partly-documented"
    DATABASE = "database"


@dataclass(frozen=True, slots=True)
class Wording:
    """The same short text in both languages."""

    fr: str
    en: str

    def text(self, language: Language | None = None) -> str:
        return self.fr if (language or current()) == "fr" else self.en


@dataclass(frozen=True, slots=True)
class Question:
    """What a person must add to complete a host name: `{name}` stands in the host."""

    name: str
    words: Wording


@dataclass(frozen=True, slots=True)
class ServiceLimits:
    """Sizes in bytes; None where nothing is published."""

    mailbox_bytes: int | None = None
    message_bytes: int | None = None
    connections: int | None = None
    imap_download_bytes_per_day: int | None = None
    imap_upload_bytes_per_day: int | None = None
    pop_download_bytes_per_day: int | None = None
    ews_connections: int | None = None
    ews_find_items: int | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """One service. Of several servers the first is preferred; hosts may hold a `{question}`."""

    id: str
    name: Wording
    kind: ServiceKind
    region: str
    checked: date
    confidence: Confidence
    sources: tuple[str, ...]
    domains: frozenset[str]
    mx: tuple[str, ...]
    login: LoginForm
    smtp_login: LoginForm
    sign_in: tuple[SignIn, ...]
    advice: Wording | None
    help: str | None
    webmail: str | None
    ask: Question | None
    imap: tuple[Server, ...]
    pop: tuple[Server, ...]
    smtp: tuple[Server, ...]
    ews: str | None
    limits: ServiceLimits

    @property
    def takes_password(self) -> bool:
        """False where only a sign-in in the browser is accepted."""
        return SignIn.PASSWORD in self.sign_in or SignIn.APP_PASSWORD in self.sign_in

    @property
    def wants_app_password(self) -> bool:
        return self.sign_in[0] is SignIn.APP_PASSWORD

    def imap_server(self, answer: str = "") -> Server | None:
        """The preferred IMAP server, its host completed with the person's answer.

        None when there is none, or when the service asks something and `answer` is empty.
        """
        if not self.imap or (self.ask and not answer):
            return None
        server = self.imap[0]
        if self.ask is None:
            return server
        host = server.host.replace(f"{{{self.ask.name}}}", answer)
        return Server(host, server.port, server.security)


class Providers:
    """All known services. Look-ups by domain and by MX never leave this computer."""

    def __init__(self, services: Iterable[Service]) -> None:
        self.services = tuple(services)
        self._by_id = {service.id: service for service in self.services}
        self._by_domain = {
            domain: service for service in self.services for domain in service.domains
        }
        self._by_host = {
            server.host: service for service in self.services for server in service.imap
        }

    @classmethod
    def load(cls, path: Path) -> Providers:
        """Reads the file. ValueError or KeyError on an unknown key, value or a missing one."""
        with path.open("rb") as stream:
            data = tomllib.load(stream)
        _refuse_unknown(data, {"sources", "service"}, "file")
        services = [_service(entry) for entry in data["service"]]
        for service in services:
            _refuse_unknown(dict.fromkeys(service.sources), set(data["sources"]), service.id)
        return cls(services)

    def by_id(self, id: str) -> Service:
        """KeyError when there is no such service."""
        return self._by_id[id]

    def by_domain(self, domain: str) -> Service | None:
        return self._by_domain.get(domain.strip().rstrip(".").lower())

    def for_address(self, address: str) -> Service | None:
        """The service an e-mail address belongs to; None when its domain is not a known one."""
        _, at, domain = address.strip().rpartition("@")
        return self.by_domain(domain) if at else None

    def by_host(self, host: str) -> Service | None:
        """The service whose IMAP server it is; None for an unknown host."""
        name = host.strip().rstrip(".").lower()
        return self._by_host.get(name)

    def by_mx(self, host: str) -> tuple[Service, ...]:
        """Every service whose mail arrives at this host, in the order of the file."""
        name = host.rstrip(".").lower()
        return tuple(
            service
            for service in self.services
            if any(fnmatchcase(name, pattern) for pattern in service.mx)
        )


@cache
def providers() -> Providers:
    """The services that come with the program."""
    return Providers.load(paths.resources() / "services.toml")


_KEYS = {field.name for field in fields(Service)}


def _service(entry: Mapping[str, Any]) -> Service:
    _refuse_unknown(entry, _KEYS, str(entry.get("id")))
    login = LoginForm(entry["login"])
    return Service(
        id=entry["id"],
        name=_wording(entry["name"]),
        kind=ServiceKind(entry["kind"]),
        region=entry["region"],
        checked=entry["checked"],
        confidence=Confidence(entry["confidence"]),
        sources=tuple(entry["sources"]),
        domains=frozenset(entry.get("domains", ())),
        mx=tuple(entry.get("mx", ())),
        login=login,
        smtp_login=LoginForm(entry.get("smtp_login", login)),
        sign_in=tuple(SignIn(name) for name in entry["sign_in"]),
        advice=_wording(entry["advice"]) if "advice" in entry else None,
        help=entry.get("help"),
        webmail=entry.get("webmail"),
        ask=_question(entry["ask"]) if "ask" in entry else None,
        imap=_servers(entry, "imap"),
        pop=_servers(entry, "pop"),
        smtp=_servers(entry, "smtp"),
        ews=entry.get("ews"),
        limits=ServiceLimits(**entry.get("limits", {})),
    )


def _servers(entry: Mapping[str, Any], key: str) -> tuple[Server, ...]:
    servers = []
    for server in entry.get(key, ()):
        _refuse_unknown(server, {"host", "port", "security"}, f"{entry['id']}.{key}")
        servers.append(Server(server["host"], server["port"], Security(server["security"])))
    return tuple(servers)


def _question(entry: Mapping[str, str]) -> Question:
    _refuse_unknown(entry, {"name", *LANGUAGES}, "ask")
    return Question(entry["name"], Wording(entry["fr"], entry["en"]))


def _wording(entry: Mapping[str, str]) -> Wording:
    _refuse_unknown(entry, set(LANGUAGES), "wording")
    return Wording(entry["fr"], entry["en"])


def _refuse_unknown(entry: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = set(entry) - known
    if unknown:
        raise ValueError(f"unknown in {where}: {', '.join(sorted(unknown))}")
