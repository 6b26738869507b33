"""The outgoing server of a mailbox, where its provider is known."""

from __future__ import annotations

from omm_desktop.model.account import Account, Security, Server
from omm_desktop.model.protocol import Protocol

from .providers import Providers
from .service import Service

USUAL_SMTP_PORT = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}


def outgoing(
    account: Account, known: Providers, service: Service | None = None, answer: str = ""
) -> tuple[Server, str] | None:
    """Server and login; None where nothing is known. `service` is the one that was chosen.

    A private server that is known by its number alone sends from where it receives.
    """
    service = service or known.by_host(account.server.host)
    if service is None or account.kind.is_on_disk:
        return None
    server = service.server(Protocol.SMTP, answer)
    if server is None or "{" in server.host:
        return None
    same = account.login == service.login.login(account.address)
    return server, service.smtp_login.login(account.address) if same else account.login
