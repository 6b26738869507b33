"""A mailbox on a test server, and how a test signs in to it."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from imapclient import IMAPClient

from omm_desktop.model.account import Access, Account, EndpointKind, Security, Server
from omm_desktop.model.secret import Secret


@dataclass(frozen=True, slots=True)
class TestAccount:
    """Where a mailbox is and its password. `tls` holds the authority file for a TLS port.

    `kind` is how it is copied; `client` always speaks IMAP. `url` and `mailbox` are for Exchange.
    """

    __test__ = False

    host: str
    port: int
    login: str
    password: str
    tls: str | None = None
    kind: EndpointKind = EndpointKind.IMAP
    url: str = ""
    mailbox: str = ""
    access: Access = Access.DELEGATE

    def by_pop3(self, port: int) -> TestAccount:
        """The same mailbox, as POP3 gives it on another port."""
        return replace(self, port=port, kind=EndpointKind.POP3)

    def through(self, port: int) -> TestAccount:
        """The same mailbox, reached by another loopback port (a relay)."""
        return replace(self, port=port)

    @property
    def as_account(self) -> Account:
        protected = self.tls is not None or self.url.startswith("https:")
        security = Security.TLS if protected else Security.NONE
        server = Server(self.host, self.port, security)
        return Account(
            self.kind,
            self.login,
            server,
            url=self.url,
            mailbox=self.mailbox,
            access=self.access,
        )

    @property
    def secret(self) -> Secret:
        return Secret(self.password)

    @contextmanager
    def client(self, *, quick: bool = True) -> Iterator[IMAPClient]:
        """A signed-in imapclient; `quick` silences imaplib's trace and turns Nagle off."""
        context = ssl.create_default_context(cafile=self.tls) if self.tls else None
        client = IMAPClient(
            self.host, self.port, ssl=self.tls is not None, ssl_context=context, timeout=120
        )
        client.normalise_times = False
        if quick:
            client._imap.debug = 0
            client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            client.login(self.login, self.password)
            yield client
            client.logout()
        except BaseException:
            client.shutdown()
            raise
