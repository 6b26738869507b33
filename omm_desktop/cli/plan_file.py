"""A plan file (TOML) -> MigrationPlan. Every bad value is refused by the name of its field."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

from omm_desktop.cli.plan_extras import notices, start_at
from omm_desktop.cli.plan_fields import (
    PlanRefused,
    Table,
    choice,
    expected_between,
    expected_one_of,
    mapping,
    names,
    refuse_unknown,
    refused,
    text,
    truth,
    whole,
)
from omm_desktop.guide.provider_limits import daily_limits, largest_message
from omm_desktop.guide.providers import providers
from omm_desktop.language import translate as _
from omm_desktop.model.account import (
    USUAL_EWS_PORT,
    Access,
    Account,
    EndpointKind,
    MailFormat,
    Security,
    Server,
    on_disk,
    same_mailbox,
)
from omm_desktop.model.ews_url import server_at
from omm_desktop.model.items import ItemKind
from omm_desktop.model.plan import (
    SETTLE_SECONDS,
    Labels,
    MigrationPlan,
    Options,
    Selection,
    carried,
    held,
)
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.settings import SettingKind

_SOURCES = tuple(kind for kind in EndpointKind if kind is not EndpointKind.FILES)
_DESTINATIONS = (EndpointKind.IMAP, EndpointKind.POP3, EndpointKind.EWS, EndpointKind.FILES)
_MOST_CONNECTIONS = 16
_MOST_SETTLE_SECONDS = 3600.0
_LARGEST_FILE = 1 << 20
_PASSWORD_LIKE = re.compile(r"pass|pwd|secret|token|credential|mdp|mot_?de", re.IGNORECASE)


def read_plan(file: Path) -> MigrationPlan:
    """The plan in the file. Raises `PlanRefused`.

    A connection without encryption is refused before anything else, except towards this
    computer; so is any key that looks like a password.
    """
    return plan_from(_table_of(file), file.parent)


def plan_from(data: Table, folder: Path) -> MigrationPlan:
    """The plan in tables as `tomllib` reads them; paths are taken from `folder`.

    Raises `PlanRefused`.
    """
    for name, table in _sources(data):
        _refuse_plain_text(table, name, Place.SOURCE)
    _refuse_plain_text(data.get("destination"), "destination", Place.DESTINATION)
    _refuse_passwords(data, "")
    refuse_unknown(data, {"source", "destination", "options", "notify"}, "")
    options = mapping(data["options"], "options") if "options" in data else {}
    refuse_unknown(
        options,
        {
            "kinds",
            "connections",
            "include",
            "since",
            "settle_seconds",
            "labels",
            "update",
            "start_at",
        },
        "options.",
    )
    sources = _in_order(
        [
            (name, _account(mapping(table, name), f"{name}.", _SOURCES, folder))
            for name, table in _sources(data)
        ]
    )
    destination = _account(
        mapping(data.get("destination"), "destination"), "destination.", _DESTINATIONS, folder
    )
    if destination.kind is EndpointKind.POP3:
        problem = Problem(ProblemId.POP_CANNOT_RECEIVE, Place.DESTINATION, "", "destination.kind")
        raise PlanRefused(problem)
    usual = frozenset[ItemKind]().union(
        *(_carried(source, destination, name) for name, source in sources)
    )
    there = frozenset[ItemKind]().union(*(held(source.kind) for _name, source in sources))
    source, *files = (account for _name, account in sources)
    selection = _selection(options, usual, there)
    plan = plan_between(source, destination, selection, _options(options), files)
    return replace(plan, notices=notices(data, destination)) if "notify" in data else plan


def plan_between(
    source: Account,
    destination: Account,
    selection: Selection,
    options: Options,
    files: Sequence[Account] = (),
) -> MigrationPlan:
    """With what is known of the two providers. Raises `PlanRefused` for one end twice."""
    for one in (source, *files):
        if same_mailbox(one, destination):
            raise PlanRefused(_same(destination))
    return MigrationPlan(
        source=source,
        destination=destination,
        selection=selection,
        options=options,
        bytes_per_day=daily_limits(source, destination, providers()),
        largest_known=largest_message(destination, providers()),
        files=tuple(files),
    )


def _same(destination: Account) -> Problem:
    if destination.path is None:
        return Problem(ProblemId.SAME_MAILBOX, Place.DESTINATION, "", destination.login)
    return Problem(ProblemId.SAVED_IN_SOURCE, Place.DESTINATION, "", str(destination.path))


def _sources(data: Table) -> list[tuple[str, object]]:
    """One table, or an array of tables, each by what a person finds it by."""
    told = data.get("source")
    if not isinstance(told, list):
        return [("source", told)]
    if not told:
        raise refused("source", _("This part is missing."))
    return [(f"source[{number}]", table) for number, table in enumerate(told, 1)]


def _in_order(sources: Sequence[tuple[str, Account]]) -> list[tuple[str, Account]]:
    """The mailbox first. Raises `PlanRefused` for two mailboxes, and for one file twice."""
    known: set[str] = set()
    for name, account in sources:
        if account.identity in known:
            raise refused(name, _("This source is named twice."))
        known.add(account.identity)
    mailboxes = [(name, one) for name, one in sources if not one.kind.is_on_disk]
    if len(mailboxes) > 1:
        raise refused(mailboxes[1][0], _("One mailbox is expected, beside any number of files."))
    return mailboxes + [(name, one) for name, one in sources if one.kind.is_on_disk]


def _carried(source: Account, destination: Account, name: str) -> frozenset[ItemKind]:
    kinds = carried(source.kind, destination.kind)
    if not kinds:
        raise refused(f"{name}.kind", _("The destination takes nothing of this kind."))
    return kinds


def _table_of(file: Path) -> Table:
    try:
        with file.open("rb") as stream:
            content = stream.read(_LARGEST_FILE + 1)
    except OSError as error:
        raise refused(str(file), _("The file cannot be read.")) from error
    if len(content) > _LARGEST_FILE:
        raise refused(str(file), _("The file is too large for a plan."))
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise refused(str(file), _where_toml_fails(error)) from None


def _where_toml_fails(error: Exception) -> str:
    """Only the place: the text of a line might hold a password."""
    found = re.search(r"at line (\d+)", str(error))
    if found:
        return _("Line {line} is not valid TOML.").format(line=found[1])
    return _("The file is not valid TOML.")


def _refuse_plain_text(side: object, name: str, place: Place) -> None:
    if not isinstance(side, Mapping):
        return
    url = side.get("url")
    host: object
    if isinstance(url, str) and url.strip().lower().startswith("http:"):
        host, field = _host_of(url), "url"
    elif side.get("security") == Security.NONE:
        host, field = side.get("host"), "security"
    else:
        return
    if not isinstance(host, str) or not Server(host, 0, Security.NONE).is_loopback:
        raise PlanRefused(
            Problem(
                ProblemId.ENCRYPTION_MISSING,
                place,
                _("Plain text is accepted towards this computer only."),
                f"{name}.{field}",
            )
        )


def _host_of(url: str) -> str:
    """The host of an address; empty when there is none."""
    try:
        return urlsplit(url.strip()).hostname or ""
    except ValueError:
        return ""


def _refuse_passwords(table: Table, prefix: str) -> None:
    for key, value in table.items():
        if _PASSWORD_LIKE.search(key):
            raise refused(prefix + key, _("A plan holds no password: give it on standard input."))
        tables = value if isinstance(value, list) else [value]
        for number, table in enumerate(tables, 1):
            name = f"{key}[{number}]" if isinstance(value, list) else key
            if isinstance(table, Mapping):
                _refuse_passwords(table, f"{prefix}{name}.")


def _account(table: Table, prefix: str, kinds: tuple[EndpointKind, ...], folder: Path) -> Account:
    kind = choice(table, "kind", prefix, kinds)
    if kind is EndpointKind.EWS:
        return _exchange_account(table, prefix)
    if kind.is_on_disk:
        return _file(kind, table, prefix, folder)
    refuse_unknown(table, {"kind", "host", "port", "security", "login"}, prefix)
    security = choice(table, "security", prefix, tuple(Security))
    login = text(table, "login", prefix)
    host = text(table, "host", prefix)
    if re.search(r"[\s/:@]", host) and not Server(host, 0, security).is_loopback:
        raise refused(f"{prefix}host", _("A host name alone is expected."))
    port = whole(table, "port", prefix, 1, 65535)
    return Account(kind, login, Server(host, port, security), address=login)


def _file(kind: EndpointKind, table: Table, prefix: str, folder: Path) -> Account:
    """A path that is not absolute begins where the plan is."""
    saved = {"mail_format"} if kind is EndpointKind.FILES else set()
    refuse_unknown(table, {"kind", "path", *saved}, prefix)
    mail_format = choice(
        {"mail_format": MailFormat.MBOX, **table}, "mail_format", prefix, tuple(MailFormat)
    )
    try:
        path = Path(text(table, "path", prefix)).expanduser()
    except RuntimeError:
        raise refused(f"{prefix}path", _("A path is expected.")) from None
    return on_disk(kind, Path(os.path.realpath(folder / path)), mail_format)


def _exchange_account(table: Table, prefix: str) -> Account:
    """Without a `url` it is still to be found: at `host`, or by the domain of the address."""
    refuse_unknown(table, {"kind", "url", "host", "login", "mailbox", "access"}, prefix)
    login = text(table, "login", prefix)
    mailbox = text(table, "mailbox", prefix) if "mailbox" in table else ""
    if mailbox and not re.fullmatch(r"[^\s@]+@[^\s@]+", mailbox):
        raise refused(f"{prefix}mailbox", _("An e-mail address is expected."))
    if "host" in table and "url" in table:
        raise refused(f"{prefix}host", _("Either a host or a URL is expected, not both."))
    access = choice({"access": Access.DELEGATE, **table}, "access", prefix, tuple(Access))
    url, server = "", Server("", USUAL_EWS_PORT[Security.TLS], Security.TLS)
    if "url" in table:
        url = text(table, "url", prefix)
        try:
            server = server_at(url)
        except ValueError:
            raise refused(f"{prefix}url", _("A URL that begins with https is expected.")) from None
    elif "host" in table:
        server = replace(server, host=text(table, "host", prefix))
        if re.search(r"[\s/:@?#]", server.host):
            raise refused(f"{prefix}host", _("A host name alone is expected."))
    elif not any(map(_has_domain, (login, mailbox))):
        raise refused(
            f"{prefix}login", _("An e-mail address is expected where there is no host and no URL.")
        )
    return Account(EndpointKind.EWS, login, server, mailbox or login, url, mailbox, access)


def _has_domain(address: str) -> bool:
    # Here, since few plans ask, and names take long to load.
    from omm_desktop.guide.resolver import domain_name

    try:
        return "@" in address and bool(domain_name(address.rpartition("@")[2]))
    except ValueError:
        return False


def _selection(options: Table, usual: frozenset[ItemKind], there: frozenset[ItemKind]) -> Selection:
    """`usual` are the kinds of a plan that names none: all that both ends can hold. What else may
    be `there`, at the sources, is told then.
    """
    kinds = options.get("kinds", list(usual))
    known = (*ItemKind, *SettingKind)
    if not isinstance(kinds, list) or not kinds or any(one not in known for one in kinds):
        raise refused("options.kinds", expected_one_of(known))
    include = options.get("include")
    if include is not None and not names(include):
        raise refused("options.include", _("A list of folder names is expected."))
    since = options.get("since")
    if since is not None and (not isinstance(since, date) or isinstance(since, datetime)):
        raise refused("options.since", _("A date such as 2020-01-01 is expected, unquoted."))
    return Selection(
        kinds=frozenset(kind for kind in ItemKind if kind in kinds),
        settings=frozenset(kind for kind in SettingKind if kind in kinds),
        include=None if include is None else tuple(include),
        since=since,
        told=frozenset() if "kinds" in options else there - usual,
    )


def _options(options: Table) -> Options:
    connections = None
    if "connections" in options:
        connections = whole(options, "connections", "options.", 1, _MOST_CONNECTIONS)
    labels = choice({"labels": Labels.ONCE, **options}, "labels", "options.", tuple(Labels))
    return Options(
        connections=connections,
        settle_seconds=_settle_seconds(options),
        labels=labels,
        update=truth(options, "update", "options."),
        start_at=start_at(options.get("start_at")),
    )


def _settle_seconds(options: Table) -> float:
    value = options.get("settle_seconds", SETTLE_SECONDS)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 <= value <= _MOST_SETTLE_SECONDS:
        raise refused("options.settle_seconds", expected_between(0, int(_MOST_SETTLE_SECONDS)))
    return float(value)
