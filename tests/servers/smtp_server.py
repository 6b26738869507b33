"""A real outgoing server on loopback (aiosmtpd), which keeps what it takes."""

from __future__ import annotations

import ssl
import warnings
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from omm_desktop.model.account import Security, Server

from .certificates import ServerCertificate
from .process import LOOPBACK, free_ports


@dataclass
class SmtpServer:
    """Context manager. Signs in `login` with `password`; without a login, nobody has to.

    `refused` are recipients it does not take.
    """

    security: Security
    certificate: ServerCertificate | None = None
    login: str = ""
    password: str = ""
    offers_starttls: bool = True
    refused: frozenset[str] = frozenset()
    taken: list[EmailMessage] = field(default_factory=list)

    def __enter__(self) -> SmtpServer:
        # It warns of what it is told to do here, and of its own code; gone with the test.
        warnings.filterwarnings("ignore", module="aiosmtpd")
        warnings.filterwarnings("ignore", "Session.login_data", DeprecationWarning)
        context = None
        if self.certificate is not None:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(self.certificate.chain, self.certificate.key)
        at_once = context if self.security is Security.TLS else None
        later = context if self.security is Security.STARTTLS and self.offers_starttls else None
        (self.port,) = free_ports(1)
        self._controller = Controller(
            self,
            hostname=LOOPBACK,
            port=self.port,
            ssl_context=at_once,
            tls_context=later,
            authenticator=self._check if self.login else None,
            auth_required=bool(self.login),
            auth_require_tls=self.security is not Security.TLS,
        )
        self._controller.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._controller.stop()
        self._controller.loop.close()

    def server(self, host: str = "localhost") -> Server:
        """As a client is told it."""
        return Server(host, self.port, self.security)

    def _check(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        known = (self.login.encode(), self.password.encode())
        return AuthResult(success=(given.login, given.password) == known, handled=False)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return f"550 5.1.1 {address} is not known here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"
