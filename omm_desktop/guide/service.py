"""One mail service: its servers, its sign-in rules, and where each value comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from omm_desktop.language import Language, data_text
from omm_desktop.model.account import EndpointKind, Server
from omm_desktop.model.protocol import Protocol


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
    """A short text of a data file, in the languages that stand there."""

    fr: str
    en: str

    def text(self, language: Language | None = None) -> str:
        return data_text(self.fr, self.en, language)


@dataclass(frozen=True, slots=True)
class Citation:
    """A place where values were read. `published` is an ISO day, month, year, or empty."""

    id: str
    name: Wording
    published: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one value comes from; `inferred` names its parts that the place does not tell.

    Parts are host, port, security and url.
    """

    citation: Citation
    inferred: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Guide:
    """How to obtain what a service asks for, or what to do instead, as read on a day."""

    checked: date
    citation: Citation
    steps: tuple[Wording, ...]


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
    """One service. Of several servers the first is preferred; hosts may hold a `{question}`.

    `origins` has an entry for each value, by the name of its attribute here or in `limits`.
    `exchange`: EWS is open to its mailboxes, and brings contacts, calendars and tasks, too.
    """

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
    origins: Mapping[str, Origin]
    notes: tuple[Wording, ...]
    guide: Guide | None
    activesync: str | None
    caldav: str | None
    exchange: bool

    @property
    def takes_password(self) -> bool:
        """False where only a sign-in in the browser is accepted."""
        return SignIn.PASSWORD in self.sign_in or SignIn.APP_PASSWORD in self.sign_in

    @property
    def wants_app_password(self) -> bool:
        return self.sign_in[0] is SignIn.APP_PASSWORD

    @property
    def ways(self) -> tuple[EndpointKind, ...]:
        """How its mailboxes are reached."""
        told = {
            EndpointKind.IMAP: self.imap,
            EndpointKind.POP3: self.pop,
            EndpointKind.EWS: self.ews,
        }
        return tuple(kind for kind, value in told.items() if value)

    def server(self, protocol: Protocol, answer: str = "") -> Server | None:
        """The preferred server, its host completed with the person's answer.

        None when there is none, or when the service asks something and `answer` is empty.
        """
        servers = self.servers(protocol, answer)
        return servers[0] if servers and (answer or self.ask is None) else None

    def ews_url(self, answer: str = "") -> str:
        """Where EWS answers, completed; empty when there is none, or while something is asked."""
        return self.complete(self.ews or "", answer) if answer or self.ask is None else ""

    def servers(self, protocol: Protocol, answer: str = "") -> tuple[Server, ...]:
        """All servers of IMAP, POP or SMTP, preferred first, their hosts completed."""
        servers = {Protocol.IMAP: self.imap, Protocol.POP: self.pop, Protocol.SMTP: self.smtp}
        return tuple(
            Server(self.complete(one.host, answer), one.port, one.security)
            for one in servers.get(protocol, ())
        )

    def complete(self, text: str, answer: str) -> str:
        """A host or address with the person's answer; unchanged while there is none."""
        if self.ask is None or not answer:
            return text
        return text.replace(f"{{{self.ask.name}}}", answer)
