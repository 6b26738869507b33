"""What the person has typed so far. In memory only: it holds the passwords."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from omm_desktop.guide.discovery.candidate import Candidate
from omm_desktop.guide.provider_limits import daily_limits, largest_message
from omm_desktop.guide.providers import providers
from omm_desktop.guide.service import Service
from omm_desktop.model.account import (
    USUAL_IMAP_PORT,
    USUAL_PORT,
    Access,
    Account,
    EndpointKind,
    MailFormat,
    Security,
    Server,
    on_disk,
)
from omm_desktop.model.ews_url import server_at, usual_url
from omm_desktop.model.items import ItemKind
from omm_desktop.model.plan import (
    LEFT_OUT_ROLES,
    Labels,
    MigrationPlan,
    Options,
    Selection,
)
from omm_desktop.model.protocol import Protocol
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.model.settings import SettingKind
from omm_desktop.wizard.carrying import Content, End, Obstacle, carriable, obstructed
from omm_desktop.wizard.chosen_file import ChosenFile
from omm_desktop.wizard.finding import Scope
from omm_desktop.wizard.notice_draft import NoticeDraft, notices
from omm_desktop.wizard.probe_result import ProbeResult, Together

TRIAL_ITEMS = 20


@dataclass(frozen=True, slots=True)
class AccountCheck:
    """The outcome of a check, with the very values it was made for."""

    account: Account
    secret: Secret
    result: ProbeResult


@dataclass
class AccountDraft:
    """One mailbox as typed. `service` is the id of a known service, None for settings of one's own.

    `host` is, for Exchange, a server or the whole address where EWS answers. `another`: the login
    opens the mailbox of another person, `mailbox`, by the kind of `access`.
    Of files to save in there is the `path`, and the `mail_format`.
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
    another: bool = False
    mailbox: str = ""
    access: Access = Access.DELEGATE
    path: Path | None = None
    mail_format: MailFormat = MailFormat.MBOX

    def account(self) -> Account:
        if self.kind is EndpointKind.FILES:
            return on_disk(self.kind, self.path or Path(), self.mail_format)
        login, address = self.login.strip(), self.address.strip()
        if self.kind is not EndpointKind.EWS:
            return Account(self.kind, login, self.server, address)
        own = Account(self.kind, login, self.server, address, self.url)
        if not self.another:
            return own
        mailbox = self.mailbox.strip()
        return replace(own, address=mailbox or address, mailbox=mailbox, access=self.access)

    @property
    def url(self) -> str:
        """Where EWS answers; empty for other kinds, and as long as nothing is known."""
        host = self.host.strip()
        if self.kind is not EndpointKind.EWS or not host:
            return ""
        return host if "/" in host else usual_url(host)

    @property
    def server(self) -> Server:
        try:
            return server_at(self.url)
        except ValueError:
            return Server(self.host.strip(), self.port, self.security)

    @property
    def checked(self) -> ProbeResult | None:
        """The result of the last check, as long as it was made for what is typed now."""
        check = self.check
        if check is None or check.account != self.account() or check.secret != self.password:
            return None
        return check.result

    def renew_password(self, secret: Secret) -> None:
        """It was changed, and accepted: what was checked stays checked."""
        if self.checked is not None and self.check is not None:
            self.check = replace(self.check, secret=secret)
        self.password = secret

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
        servers = found.imap or found.pop
        if found.ews and (found.by_exchange or self.scope is Scope.EXCHANGE or not servers):
            self.use_exchange(found.ews)
        else:
            by_pop = bool(found.pop) and (self.kind is EndpointKind.POP3 or not found.imap)
            self.kind = EndpointKind.POP3 if by_pop else EndpointKind.IMAP
            self.use_server((found.pop if by_pop else found.imap)[0])
        if not self.login_typed:
            self.login = found.login_for(self.address)

    def use_service(self, service: Service | None) -> None:
        """Takes the settings of a known service; without a host while it asks something.

        A service just chosen is reached by what brings most, or by POP where that was chosen.
        """
        self.keep_found()
        chosen = service is not None and service.id == self.service
        self.service = service.id if service else None
        if service is None:
            return
        if not chosen and service.exchange:
            self.kind = EndpointKind.EWS
        if self.kind not in service.ways:
            self.use_kind(EndpointKind.IMAP)
        by_pop = self.kind is EndpointKind.POP3
        server = service.server(Protocol.POP if by_pop else Protocol.IMAP, self.answer)
        url = service.ews_url(self.answer)
        if self.kind is EndpointKind.EWS and url:
            self.use_exchange(url)
        elif self.kind is not EndpointKind.EWS and server is not None:
            self.use_server(server)
        else:
            self.host = ""

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
            if self.scope is Scope.ANYBODY and self.kind is EndpointKind.EWS:
                self.use_kind(EndpointKind.IMAP)

    def keep_found(self) -> None:
        """The person changes what was found: it is theirs from now on."""
        self.candidates, self.chosen = (), 0

    def prefill(self, account: Account, password: Secret) -> None:
        """Takes a whole account, as if it had been typed."""
        self.take(account)
        self.password = password
        self.port_typed = self.login_typed = True

    def take(self, account: Account) -> None:
        """Takes a whole account, as it stands in a plan."""
        if account.kind is EndpointKind.FILES:
            self.kind, self.path = account.kind, account.path
            self.mail_format = account.mail_format
            return
        login_is_address = bool(account.mailbox) and "@" in account.login
        self.address = account.login if login_is_address else account.address or account.login
        self.login = account.login
        self.scope, self.service = Scope.ANYBODY, None
        self.keep_found()
        self.kind = account.kind
        self.use_server(account.server)
        if account.url:
            self.use_exchange(account.url)
        elif account.kind is EndpointKind.EWS:
            self.scope = Scope.EXCHANGE
        self.mailbox, self.access = account.mailbox, account.access
        self.another = bool(account.mailbox)

    def use_exchange(self, url: str) -> None:
        """Takes where EWS answers."""
        server = server_at(url)
        self.kind = EndpointKind.EWS
        self.use_server(server)
        self.host = server.host if url == usual_url(server.host) else url

    def use_security(self, security: Security) -> None:
        """Proposes the usual port, unless the port was typed."""
        self.security = security
        self._propose_port()

    def use_kind(self, kind: EndpointKind) -> None:
        """Proposes the usual port, unless the port was typed."""
        # What was typed for Exchange may be more than a host.
        self.host = self.server.host
        self.kind = kind
        self._propose_port()

    def choose_kind(self, kind: EndpointKind) -> None:
        """The person's own choice: a search looks for nothing else than Exchange, or for all."""
        self.use_kind(kind)
        if self.scope in (Scope.ANYBODY, Scope.EXCHANGE):
            self.scope = Scope.EXCHANGE if kind is EndpointKind.EWS else Scope.ANYBODY

    def _propose_port(self) -> None:
        if not self.port_typed:
            self.port = USUAL_PORT.get(self.kind, {}).get(self.security, self.port)

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
    """What to copy, and how. `unticked` are the contents that the person does not want.

    `chosen` holds folder names joined by "/"; `patterns` are those of a plan that stand for several
    folders, until somebody looks at the folders. `start_at` has a time zone; None for at once.
    """

    unticked: frozenset[Content] = frozenset()
    folders: FolderChoice = FolderChoice.USUAL
    chosen: frozenset[str] = frozenset()
    patterns: tuple[str, ...] = ()
    since: date | None = None
    trial: bool = False
    pace: Pace = Pace.NORMAL
    each_label: bool = False
    update: bool = False
    notify: bool = True
    forget_passwords: bool = True
    start_at: datetime | None = None
    notice: NoticeDraft = field(default_factory=NoticeDraft)

    def selection(self, contents: frozenset[Content]) -> Selection:
        include = None
        if self.folders is FolderChoice.CHOSEN:
            include = (*_literals(self.chosen), *self.patterns)
        return Selection(
            frozenset(kind for kind in ItemKind if kind in contents),
            settings=frozenset(kind for kind in SettingKind if kind in contents),
            include=include,
            left_out=LEFT_OUT_ROLES if self.folders is FolderChoice.USUAL else frozenset(),
            since=self.since,
        )

    def options(self) -> Options:
        return Options(
            connections=CONNECTIONS[self.pace],
            at_most=TRIAL_ITEMS if self.trial else None,
            labels=Labels.EACH if self.each_label else Labels.ONCE,
            update=self.update,
            start_at=self.start_at,
        )


_WILDCARDS = str.maketrans({sign: f"[{sign}]" for sign in "*?["})


def literal(name: str) -> str:
    """The pattern that matches just this folder name: shell wildcards stand for themselves."""
    return name.translate(_WILDCARDS)


@lru_cache(maxsize=1)
def _literals(names: frozenset[str]) -> tuple[str, ...]:
    """The same as long as they are: the window makes a plan at every stroke of a key."""
    return tuple(sorted(map(literal, names)))


@dataclass
class Draft:
    """`files` are copied beside the mailbox `source`, or in its place when `from_files`."""

    source: AccountDraft = field(default_factory=AccountDraft)
    destination: AccountDraft = field(default_factory=lambda: AccountDraft(scope=Scope.OVHCLOUD))
    options: OptionsDraft = field(default_factory=OptionsDraft)
    files: list[ChosenFile] = field(default_factory=list)
    from_files: bool = False
    _together: Together = field(default_factory=Together, init=False, repr=False, compare=False)

    def plan(self) -> MigrationPlan:
        """Exactly what the review shows and the run does."""
        told = frozenset(obstructed(*self.ends, Obstacle.NEW))
        selection = replace(self.options.selection(self.contents), told=told)
        (source, *files), destination = self.sources, self.destination.account()
        if source.kind is EndpointKind.POP3 and not files:
            # There is one folder, whatever was chosen among those of another mailbox.
            selection = replace(selection, include=None, left_out=frozenset())
        return MigrationPlan(
            source,
            destination,
            selection,
            self.options.options(),
            bytes_per_day=daily_limits(source, destination, providers()),
            largest_known=largest_message(destination, providers()),
            files=tuple(files),
            notices=notices(self.options.notice, self.destination),
        )

    @property
    def sources(self) -> tuple[Account, ...]:
        """All that is copied from; the mailbox as long as no file takes its place."""
        files = tuple(file.account for file in self.files)
        return files if files and self.from_files else (self.source.account(), *files)

    @property
    def found_each(self) -> tuple[ProbeResult | None, ...]:
        """What the checks of the `sources` found."""
        files = tuple(file.found for file in self.files)
        return files if files and self.from_files else (self.source.checked, *files)

    @property
    def found(self) -> ProbeResult | None:
        """All sources as one; None as long as one of them is not checked."""
        found = [result for result in self.found_each if result is not None]
        return self._together(found) if len(found) == len(self.found_each) else None

    @property
    def ends(self) -> tuple[End, End]:
        """Both sides, with what their checks found."""
        first, *files = self.sources
        beside = frozenset(file.kind for file in files)
        destination = self.destination
        return (
            End(first.kind, self.found, beside),
            End(destination.kind, destination.checked),
        )

    @property
    def contents(self) -> frozenset[Content]:
        """What is copied: all that can be, except what the person does not want."""
        return carriable(*self.ends) - self.options.unticked

    @property
    def kinds(self) -> frozenset[ItemKind]:
        """The kinds of items among the contents."""
        contents = self.contents
        return frozenset(kind for kind in ItemKind if kind in contents)

    @property
    def one_address(self) -> bool:
        """The old and the new mailbox have the same address: a domain moves."""
        old, new = self.sources[0].address, self.destination.account().address
        return bool(old) and old.casefold() == new.casefold()

    @property
    def secrets(self) -> Secrets:
        """A file needs none."""
        source = Secret("") if self.from_files else self.source.password
        to_files = self.destination.kind.is_on_disk
        return Secrets(source, Secret("") if to_files else self.destination.password)

    def spell_out_patterns(self) -> None:
        """Those of a plan become the folders they stand for, to be ticked one by one."""
        options, found = self.options, self.found
        if found is not None and options.patterns:
            meant = Selection(include=options.patterns)
            names = {folder.name for folder in found.personal_folders if meant.names(folder)}
            options.chosen, options.patterns = options.chosen | names, ()

    def forget_passwords(self) -> None:
        for account in (self.source, self.destination):
            account.password, account.check = Secret(""), None
