"""The check of one account that the wizard makes: is the server there, does it let us in?"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from typing import TypeVar

from omm_desktop.endpoints import registry
from omm_desktop.endpoints.greeting import greet
from omm_desktop.model.account import (
    USUAL_IMAP_PORT,
    Account,
    EndpointKind,
    Security,
    Server,
)
from omm_desktop.model.ports import Destination, Endpoint, Source
from omm_desktop.model.problem import OmmError, Place, ProblemId
from omm_desktop.model.protocol import Protocol
from omm_desktop.model.secret import Secret
from omm_desktop.wizard.probe_result import PROBE_STEPS, ProbeResult, ProbeStep

E = TypeVar("E", bound=Endpoint)

NO_SERVER = frozenset(
    {
        ProblemId.SERVER_NOT_FOUND,
        ProblemId.SERVER_SILENT,
        ProblemId.CONNECTION_REFUSED,
        ProblemId.NO_NETWORK,
        ProblemId.NOT_A_MAIL_SERVER,
    }
)
NO_PROTECTION = frozenset(
    {
        ProblemId.CERTIFICATE_UNTRUSTED,
        ProblemId.CERTIFICATE_OTHER_NAME,
        ProblemId.CERTIFICATE_EXPIRED,
        ProblemId.CERTIFICATE_NOT_YET_VALID,
        ProblemId.ENCRYPTION_MISSING,
    }
)

NO_FOLDERS = frozenset({ProblemId.MAILBOX_NOT_OPENED, ProblemId.FOLDERS_NOT_LISTED})

IMAP_SECONDS = 5.0
POP_NAMES = frozenset({"pop", "pop3"})


def probe(
    account: Account,
    secret: Secret,
    place: Place,
    on_step: Callable[[ProbeStep], None],
    imap_ports: Mapping[Security, int] = USUAL_IMAP_PORT,
) -> ProbeResult:
    """Sign in and read the folders. `on_step` is called for each step that passed.

    Of a POP mailbox the result tells whether IMAP answers as well, on `imap_ports`.
    Raises `OmmError` at the step that fails; what `on_step` raises passes through.
    """
    steps = _Steps(on_step)
    if place is Place.SOURCE:
        found = _probe(lambda: registry.open_source(account, secret), _as_source, account, steps)
        return replace(found, imap=imap_beside(account, imap_ports))
    return _probe(
        lambda: registry.open_destination(account, secret), _as_destination, account, steps
    )


class _Steps:
    """Tells each step once, in their order."""

    def __init__(self, on_step: Callable[[ProbeStep], None]) -> None:
        self._left, self._on_step = list(PROBE_STEPS), on_step

    def pass_up_to(self, last: ProbeStep | None) -> None:
        while last in self._left:
            self._on_step(self._left.pop(0))


def _probe(
    open_one: Callable[[], E],
    look_at: Callable[[E], ProbeResult],
    account: Account,
    steps: _Steps,
) -> ProbeResult:
    by_exchange = account.kind is EndpointKind.EWS
    try:
        endpoint = open_one()
        try:
            # Exchange looks at a password only once something is asked.
            steps.pass_up_to(ProbeStep.PROTECTION if by_exchange else ProbeStep.SIGN_IN)
            result = look_at(endpoint)
        finally:
            endpoint.close()
    except OmmError as error:
        steps.pass_up_to(last_before(error.problem.id))
        raise
    steps.pass_up_to(ProbeStep.FOLDERS)
    return result


def imap_beside(
    account: Account,
    ports: Mapping[Security, int] = USUAL_IMAP_PORT,
    ssl_context: ssl.SSLContext | None = None,
) -> Server | None:
    """An IMAP server that answers where a POP mailbox is; None for other mailboxes.

    The usual names and ports, at once and for a few seconds. Nobody signs in, and a server counts
    only when it greets over a connection that is verified.
    """
    if account.kind is not EndpointKind.POP3:
        return None
    candidates = [
        Server(host, ports[security], security)
        for host in imap_hosts(account)
        for security in (Security.TLS, Security.STARTTLS)
    ]
    pool = ThreadPoolExecutor(len(candidates), thread_name_prefix="looking for IMAP")
    try:
        asked = {pool.submit(_greets, server, ssl_context): server for server in candidates}
        wait(asked, timeout=IMAP_SECONDS)
        found = [server for one, server in asked.items() if one.done() and one.result()]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return found[0] if found else None


def imap_hosts(account: Account) -> tuple[str, ...]:
    """Where IMAP is likely beside a POP server, most likely first."""
    host = account.server.host
    name, _, rest = host.partition(".")
    domain = account.address.partition("@")[2]
    likely = [host]
    if name.lower() in POP_NAMES and "." in rest:
        likely.insert(0, f"imap.{rest}")
    if domain and not account.server.is_loopback:
        likely.append(f"imap.{domain}")
    return tuple(dict.fromkeys(likely))


def _greets(server: Server, ssl_context: ssl.SSLContext | None) -> bool:
    try:
        greet(Protocol.IMAP, server, ssl_context=ssl_context, seconds=IMAP_SECONDS)
    except OmmError:
        return False
    return True


def _as_source(source: Source) -> ProbeResult:
    return ProbeResult(tuple(source.folders()))


def _as_destination(destination: Destination) -> ProbeResult:
    folders = tuple(destination.folders())
    return ProbeResult(
        folders,
        destination.space(),
        destination.limits.kinds,
        largest_item=destination.limits.largest_item,
        keeps_keywords=destination.keeps_keywords(),
        # Works without the connection: it remembers how the server arranges names.
        acceptable=destination.delimiter_free,
    )


def last_before(problem: ProblemId) -> ProbeStep | None:
    """The last step that went well when the check ended with this problem."""
    if problem in NO_SERVER:
        return None
    if problem in NO_PROTECTION:
        return ProbeStep.SERVER
    if problem in NO_FOLDERS:
        return ProbeStep.SIGN_IN
    return ProbeStep.PROTECTION
