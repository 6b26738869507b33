"""What the person has typed so far. In memory only: it holds the passwords."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from omm_desktop.guide.discovery.candidate import Candidate
from omm_desktop.guide.provider_limits import daily_limits, largest_message
from omm_desktop.guide.providers import providers
from omm_desktop.model.account import (
    USUAL_IMAP_PORT,
    USUAL_PORT,
    Account,
    EndpointKind,
    Security,
    Server,
)
from omm_desktop.model.plan import LEFT_OUT_ROLES, Labels, MigrationPlan, Options, Selection
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.wizard.finding import Scope
from omm_desktop.wizard.probe_result import ProbeResult

TRIAL_MESSAGES = 20


@dataclass(frozen=True, slots=True)
class AccountCheck:
    """The outcome of a check, with the very values it was made for."""

    account: Account
    secret: Secret
    result: ProbeResult


@dataclass
class AccountDraft:
    """One mailbox as typed. `service` is the id of a known service, None for settings of one's own.

    `port_typed` and `login_typed` tell a choice of the person from a proposal of ours. `scope` is
    what a search may find, None when the settings were chosen; `candidates` is what it found, and
    `chosen` the number of the one in use.
    """

    address: str = ""
    password: Secret = field(default_factory=lambda: Secret(""))
    service: str | None = None
    answer: str = ""
    kind: EndpointKind = EndpointKind.IMAP
    host: str = ""
    port: int = USUAL_IMAP_PORT[Security.TLS]
    security: Security = Security.TLS
    login: str = ""
    port_typed: bool = False
    login_typed: bool = False
    settings_open: bool = False
    scope: Scope | None = Scope.ANYBODY
    candidates: tuple[Candidate, ...] = ()
    chosen: int = 0
    check: AccountCheck | None = None

    def account(self) -> Account:
        server = Server(self.host.strip(), self.port, self.security)
        return Account(self.kind, self.login.strip(), server, self.address.strip())

    @property
    def checked(self) -> ProbeResult | None:
        """The result of the last check, as long as it was made for what is typed now."""
        check = self.check
        if check is None or check.account != self.account() or check.secret != self.password:
            return None
        return check.result

    @property
    def found(self) -> Candidate | None:
        """The settings in use, when a search found them."""
        return self.candidates[self.chosen] if self.candidates else None

    def use_candidates(self, candidates: tuple[Candidate, ...], chosen: int = 0) -> None:
        """Takes one of the settings that a search found."""
        self.candidates, self.chosen = candidates, chosen
        found = candidates[chosen]
        self.service = found.service.id if found.service else None
        self.answer = found.answer
        by_pop = bool(found.pop) and (self.kind is EndpointKind.POP3 or not found.imap)
        self.kind = EndpointKind.POP3 if by_pop else EndpointKind.IMAP
        self.use_server((found.pop if by_pop else found.imap)[0])
        if not self.login_typed:
            self.login = found.login_for(self.address)

    def use_next_candidate(self) -> bool:
        """After a refused sign-in; False when all were tried, and the first one counts again."""
        if not self.candidates:
            return False
        last = self.chosen + 1 == len(self.candidates)
        self.use_candidates(self.candidates, 0 if last else self.chosen + 1)
        return not last

    def forget_found(self) -> None:
        """What a search found no longer fits what is typed."""
        if self.candidates:
            self.candidates, self.chosen, self.service, self.host = (), 0, None, ""

    def keep_found(self) -> None:
        """The person changes what was found: it is theirs from now on."""
        self.candidates, self.chosen = (), 0

    def prefill(self, account: Account, password: Secret) -> None:
        """Takes a whole account, as if it had been typed."""
        self.address, self.login = account.address or account.login, account.login
        self.password, self.scope = password, Scope.ANYBODY
        self.keep_found()
        self.kind = account.kind
        self.use_server(account.server)
        self.port_typed = self.login_typed = True

    def use_security(self, security: Security) -> None:
        """Proposes the usual port, unless the port was typed."""
        self.security = security
        self._propose_port()

    def use_kind(self, kind: EndpointKind) -> None:
        """Proposes the usual port, unless the port was typed."""
        self.kind = kind
        self._propose_port()

    def _propose_port(self) -> None:
        if not self.port_typed:
            self.port = USUAL_PORT[self.kind][self.security]

    def use_server(self, server: Server) -> None:
        """Takes settings that were found; they replace what was proposed before."""
        self.host, self.port, self.security = server.host, server.port, server.security
        self.port_typed = False


class FolderChoice(StrEnum):
    USUAL = "usual"
    ALL = "all"
    CHOSEN = "chosen"


class Pace(StrEnum):
    """How many connections at once, in words. NORMAL leaves the number to the engine."""

    GENTLE = "gentle"
    NORMAL = "normal"
    FAST = "fast"


CONNECTIONS: dict[Pace, int | None] = {Pace.GENTLE: 1, Pace.NORMAL: None, Pace.FAST: 6}


@dataclass
class OptionsDraft:
    """What to copy, and how. `chosen` holds folder names joined by "/"."""

    folders: FolderChoice = FolderChoice.USUAL
    chosen: frozenset[str] = frozenset()
    since: date | None = None
    trial: bool = False
    pace: Pace = Pace.NORMAL
    each_label: bool = False
    notify: bool = True
    forget_passwords: bool = True

    def selection(self) -> Selection:
        include = tuple(sorted(map(literal, self.chosen)))
        return Selection(
            include=include if self.folders is FolderChoice.CHOSEN else None,
            left_out=LEFT_OUT_ROLES if self.folders is FolderChoice.USUAL else frozenset(),
            since=self.since,
        )

    def options(self) -> Options:
        return Options(
            connections=CONNECTIONS[self.pace],
            at_most=TRIAL_MESSAGES if self.trial else None,
            labels=Labels.EACH if self.each_label else Labels.ONCE,
        )


def literal(name: str) -> str:
    """The pattern that matches just this folder name: shell wildcards stand for themselves."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)


@dataclass
class Draft:
    source: AccountDraft = field(default_factory=AccountDraft)
    destination: AccountDraft = field(default_factory=lambda: AccountDraft(scope=Scope.OVHCLOUD))
    options: OptionsDraft = field(default_factory=OptionsDraft)

    def plan(self) -> MigrationPlan:
        """Exactly what the review shows and the run does."""
        selection = self.options.selection()
        if self.source.kind is EndpointKind.POP3:
            # There is one folder, whatever was chosen among those of another mailbox.
            selection = replace(selection, include=None, left_out=frozenset())
        source, destination = self.source.account(), self.destination.account()
        return MigrationPlan(
            source,
            destination,
            selection,
            self.options.options(),
            bytes_per_day=daily_limits(source, destination, providers()),
            largest_known=largest_message(destination, providers()),
        )

    @property
    def one_address(self) -> bool:
        """The old and the new mailbox have the same address: a domain moves."""
        old, new = self.source.address.strip(), self.destination.address.strip()
        return bool(old) and old.casefold() == new.casefold()

    @property
    def secrets(self) -> Secrets:
        return Secrets(self.source.password, self.destination.password)

    def forget_passwords(self) -> None:
        for account in (self.source, self.destination):
            account.password, account.check = Secret(""), None
