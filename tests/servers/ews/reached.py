"""A mailbox of the EWS server as the program is told of it."""

from __future__ import annotations

from omm_desktop.model.account import Access, EndpointKind

from ..account import TestAccount
from .server import EwsServer


def mailbox_of(
    server: EwsServer,
    address: str,
    *,
    password: str = "secret",
    mailbox: str = "",
    access: Access = Access.DELEGATE,
    port: int | None = None,
) -> TestAccount:
    """`port` is that of a relay in front of the server."""
    url = server.url.replace(f":{server.port}/", f":{port or server.port}/")
    kind = EndpointKind.EWS
    return TestAccount(
        server.host,
        port or server.port,
        address,
        password,
        kind=kind,
        url=url,
        mailbox=mailbox,
        access=access,
    )
