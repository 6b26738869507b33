"""When a plan begins, and to whom mails about it go."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from omm_desktop.cli.plan_fields import (
    PlanRefused,
    Table,
    choice,
    mapping,
    refuse_unknown,
    refused,
    text,
    whole,
)
from omm_desktop.guide.outgoing import USUAL_SMTP_PORT, outgoing
from omm_desktop.guide.providers import providers
from omm_desktop.language import translate as _
from omm_desktop.model.account import Account, Security, Server
from omm_desktop.model.plan import Notices
from omm_desktop.model.problem import Place, Problem, ProblemId


def start_at(value: object) -> datetime | None:
    """A time alone is its next occurrence; without a zone it is of this computer's zone.

    Raises `PlanRefused`.
    """
    if isinstance(value, time):
        now = datetime.now().astimezone()
        return _next(value, now)
    if value is None:
        return None
    if not isinstance(value, datetime):
        raise refused("options.start_at", _("A time in the form of TOML is expected, unquoted."))
    return value.astimezone()


def _next(clock: time, now: datetime) -> datetime:
    today: date = now.date()
    planned = datetime.combine(today, clock).astimezone()
    if planned > now:
        return planned
    return datetime.combine(today + timedelta(days=1), clock).astimezone()


def notices(data: Table, destination: Account) -> Notices:
    """The part `notify`; without a `host` the server known of the new mailbox's provider.

    Raises `PlanRefused`.
    """
    table = mapping(data["notify"], "notify")
    refuse_unknown(table, {"address", "host", "port", "security", "login"}, "notify.")
    address = text(table, "address", "notify.")
    if destination.kind.is_on_disk:
        raise refused("notify", _("Mails need a new mailbox to be sent from."))
    known = outgoing(destination, providers())
    if "host" in table:
        security = choice(
            {"security": Security.TLS, **table}, "security", "notify.", tuple(Security)
        )
        usual = {"port": USUAL_SMTP_PORT[security], **table}
        port = whole(usual, "port", "notify.", 1, 65535)
        server, login = Server(text(table, "host", "notify."), port, security), destination.login
    elif known is None:
        raise refused("notify.host", _("The outgoing server is not known: it is expected here."))
    else:
        server, login = known
    if server.security is Security.NONE and not server.is_loopback:
        problem = Problem(ProblemId.ENCRYPTION_MISSING, Place.DESTINATION, "", server.host)
        raise PlanRefused(problem)
    if "login" in table:
        login = text(table, "login", "notify.")
    return Notices(address, server, login, destination.name)
