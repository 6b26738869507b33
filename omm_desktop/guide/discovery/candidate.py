"""What a search finds: settings, each with where they come from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from omm_desktop.guide.service import LoginForm, Service
from omm_desktop.model.account import Server
from omm_desktop.model.ews_url import server_at
from omm_desktop.model.problem import Problem, ProblemId
from omm_desktop.model.protocol import Protocol


class Origin(StrEnum):
    """Where settings come from; the first ones win."""

    KNOWN_DOMAIN = "known-domain"
    KNOWN_MX = "known-mx"
    SRV = "srv"
    AUTOCONFIG = "autoconfig"
    AUTODISCOVER = "autodiscover"
    GUESS = "guess"


ADDRESS, LOCAL_PART, DOMAIN = "%EMAILADDRESS%", "%EMAILLOCALPART%", "%EMAILDOMAIN%"
LOGIN_OF_FORM = {LoginForm.FULL_ADDRESS: ADDRESS, LoginForm.LOCAL_PART: LOCAL_PART}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Settings of one mailbox as one origin tells them; the first server of each kind is preferred.

    `service` is a known one, `answer` completes its host names. `exchange` is the address of an
    autodiscover endpoint that was recognised, `ews` the one where EWS answers. `login` may hold the
    variables above. `foreign_host` is the host of another company, or one named over an unprotected
    line: the person is asked first.
    """

    origin: Origin
    service: Service | None = None
    answer: str = ""
    imap: tuple[Server, ...] = ()
    pop: tuple[Server, ...] = ()
    smtp: tuple[Server, ...] = ()
    exchange: str = ""
    login: str = ADDRESS
    foreign_host: str = ""
    ews: str = ""

    @property
    def needs_consent(self) -> bool:
        return bool(self.foreign_host)

    @property
    def exchange_only(self) -> bool:
        return bool(self.exchange) and not self.ews and not self.imap and not self.pop

    @property
    def by_exchange(self) -> bool:
        """Whether EWS brings most: the server itself named it, or the service is an Exchange."""
        return bool(self.ews) and (self.service is None or self.service.exchange)

    @property
    def host(self) -> str:
        """Of the server to connect to first; empty when there is none."""
        servers = self.imap or self.pop
        if self.ews and (self.by_exchange or not servers):
            return server_at(self.ews).host
        return servers[0].host if servers else ""

    def login_for(self, address: str) -> str:
        """What the server wants as user name (the variables of an autoconfig file)."""
        local, _, domain = address.partition("@")
        values = {ADDRESS: address, LOCAL_PART: local, DOMAIN: domain}
        return _VARIABLE.sub(lambda found: values[found[0]], self.login)

    @classmethod
    def of_service(cls, origin: Origin, service: Service, answer: str = "") -> Candidate:
        """No server when the service asks something that `answer` does not tell."""
        login = LOGIN_OF_FORM[service.login]
        if service.ask is not None and not answer:
            return cls(origin, service, login=login)
        imap, pop, smtp = (
            service.servers(protocol, answer)
            for protocol in (Protocol.IMAP, Protocol.POP, Protocol.SMTP)
        )
        ews = service.ews_url(answer)
        return cls(origin, service, answer, imap, pop, smtp, login=login, ews=ews)


_VARIABLE = re.compile("|".join((ADDRESS, LOCAL_PART, DOMAIN)))


@dataclass(frozen=True, slots=True)
class Findings:
    """Candidates in the order of their rank, and what went wrong at each origin."""

    candidates: tuple[Candidate, ...] = ()
    problems: Mapping[Origin, Problem] = field(default_factory=dict)

    @property
    def best(self) -> Candidate | None:
        """The first with a server to read mail from by IMAP, else by POP, else any."""
        for usable in (_has_imap, _has_pop, lambda candidate: True):
            for candidate in self.candidates:
                if usable(candidate):
                    return candidate
        return None

    @property
    def exchange_only(self) -> Candidate | None:
        return next((one for one in self.candidates if one.exchange_only), None)

    @property
    def problem(self) -> Problem | None:
        """What the person should know when nothing was found: the name system's troubles first."""
        found = sorted(self.problems.values(), key=lambda problem: problem.id not in _OF_NAMES)
        return found[0] if found else None


_OF_NAMES = frozenset(
    {
        ProblemId.NAME_SERVERS_SILENT,
        ProblemId.NAME_SERVERS_FAILING,
        ProblemId.ALIASES_IN_A_CIRCLE,
    }
)


def _has_imap(candidate: Candidate) -> bool:
    return bool(candidate.imap)


def _has_pop(candidate: Candidate) -> bool:
    return bool(candidate.pop)
