"""The real exchangelib, pointed at a server of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from exchangelib import BASIC, DELEGATE, Account, Configuration, Credentials, close_connections
from exchangelib.credentials import BaseCredentials
from exchangelib.protocol import CachingProtocol

from .server import EwsServer


@contextmanager
def account(
    server: EwsServer,
    address: str,
    *,
    login: str | None = None,
    password: str = "secret",
    access: str = DELEGATE,
    auth_type: str | None = BASIC,
) -> Iterator[Account]:
    """A mailbox as exchangelib sees it; all its connections end with the block."""
    credentials: BaseCredentials = Credentials(login or address, password)
    configuration = Configuration(
        service_endpoint=server.url,
        credentials=credentials,
        auth_type=auth_type,
        retry_policy=None,
    )
    CachingProtocol.clear_cache()
    try:
        yield Account(address, config=configuration, autodiscover=False, access_type=access)
    finally:
        close_connections()
        CachingProtocol.clear_cache()
