"""One signed-in POP3 session: TLS, sign-in, capabilities, end (RFC 1939, 2449, 2595, 5034)."""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
from collections.abc import Mapping

from ...model.account import Account, Security, Server
from ...model.problem import OmmError, OwnerNeeded, Place, Problem, ProblemId
from ...model.secret import Secret
from .. import translate
from ..trust import default_context
from .wire import Answer, Wire

CONNECT_SECONDS = 30.0
READ_SECONDS = 90.0
_GOODBYE_SECONDS = 5.0
_MOST_CAPABILITIES = 1000

Capabilities = Mapping[str, str]
"""What CAPA told: names in upper case, each with its arguments."""


class Connection:
    """A session in the transaction state. Build it with `Connection.open`.

    `read` is set by whoever reads a message.
    """

    place = Place.SOURCE

    def __init__(self, connection: socket.socket, host: str) -> None:
        self._socket = connection
        self.host = host
        self.wire = Wire(connection, self.place, host)
        self.capabilities: Capabilities = {}
        self.read = False

    @classmethod
    def open(
        cls,
        account: Account,
        secret: Secret,
        *,
        ssl_context: ssl.SSLContext | None = None,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
    ) -> Connection:
        """Connect and sign in, once.

        Raises `OwnerNeeded` for what the person must correct (certificate, encryption, sign-in)
        and `TryAgain` for what may pass (unknown host, silence, a mailbox that is in use).
        """
        server = account.server
        connection = cls(_connect(server, cls.place, ssl_context, connect_seconds), server.host)
        try:
            connection._greet()
            if server.security is Security.STARTTLS:
                connection._start_tls(ssl_context or default_context())
            connection._socket.settimeout(read_seconds)
            connection._sign_in(account.login, secret)
        except BaseException:
            connection.abort()
            connection._shut()
            raise
        return connection

    def _greet(self) -> None:
        line = self.wire.greeting()
        if line[:4].upper() == b"-ERR":
            raise translate.greeting_refused(line[5:], self.place)
        if line[:3].upper() != b"+OK":
            detail = translate.shown(line[:80])
            problem = Problem(ProblemId.NOT_A_MAIL_SERVER, self.place, detail, self.host)
            raise OwnerNeeded(problem)
        self.capabilities = self._told_capabilities()

    def _start_tls(self, context: ssl.SSLContext) -> None:
        told = self.capabilities
        if (told and "STLS" not in told) or not self.wire.ask(b"STLS").ok:
            problem = Problem(ProblemId.ENCRYPTION_MISSING, self.place, "no STLS", self.host)
            raise OwnerNeeded(problem)
        try:
            self._socket = context.wrap_socket(self._socket, server_hostname=self.host)
        except (OSError, ValueError) as error:
            raise translate.connection_failed(error, self.place, self.host) from error
        # Whatever came in plain text behind the answer is forgotten with the old wire.
        self.wire = Wire(self._socket, self.place, self.host)
        self.capabilities = self._told_capabilities()

    def _told_capabilities(self) -> Capabilities:
        endless = ProblemId.NOT_A_MAIL_SERVER
        answer, lines = self.wire.ask_lines(b"CAPA", _MOST_CAPABILITIES, endless)
        if not answer.ok:
            return {}
        words = (line.decode("latin-1").partition(" ") for line in lines)
        return {name.upper(): arguments.strip() for name, _, arguments in words}

    # -- sign-in -------------------------------------------------------------------------

    def _sign_in(self, login: str, secret: Secret) -> None:
        answer = self._authenticate(login, secret.reveal())
        if not answer.ok:
            text = translate.without_secret(answer.text, login, secret)
            raise translate.maildrop_refused(text, self.place)
        self.capabilities = self._told_capabilities() or self.capabilities

    def _authenticate(self, login: str, password: str) -> Answer:
        told = self.capabilities
        plain = "PLAIN" in told.get("SASL", "").upper().split()
        if "SASL" in told and "USER" not in told and not plain:
            detail = f"SASL {told['SASL']}"
            problem = Problem(ProblemId.SIGN_IN_METHOD_UNAVAILABLE, self.place, detail)
            raise OwnerNeeded(problem)
        if plain and ("USER" not in told or not _fits_arguments(login, password)):
            return self._by_sasl(base64.b64encode(f"\0{login}\0{password}".encode()))
        answer = self.wire.ask(b"USER " + _one_line(login))
        return self.wire.ask(b"PASS " + _one_line(password)) if answer.ok else answer

    def _by_sasl(self, response: bytes) -> Answer:
        """AUTH PLAIN with the response on a line of its own: the first one may be too short."""
        self.wire.start(b"AUTH PLAIN")
        refused = self.wire.continuation()
        if refused is not None:
            return refused
        self.wire.send(response)
        return self.wire.answer()

    # -- use -----------------------------------------------------------------------------

    def refusal(self, text: bytes, otherwise: ProblemId, subject: str = "") -> OmmError:
        """An -ERR as an error."""
        return translate.refusal(text, self.place, otherwise, subject)

    def idle(self) -> None:
        self.wire.ask(b"NOOP")

    # -- end -----------------------------------------------------------------------------

    def close(self) -> None:
        """End the session so that nothing in it has an effect; owner thread only; never raises.

        Only QUIT enters the state in which a server carries out what a session asked for (RFC
        1939, section 6), or deletes what was read (EXPIRE 0 of RFC 2449, a setting at Gmail). So
        a session that read messages is left without QUIT.
        """
        if not self.read and self.wire.quiet:
            with contextlib.suppress(OmmError, OSError):
                self._socket.settimeout(_GOODBYE_SECONDS)
                self.wire.ask(b"QUIT")
        self._shut()

    def _shut(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.close()

    def abort(self) -> None:
        """Unblock the owner thread: shuts the raw socket below TLS. Any thread; never raises."""
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


def _fits_arguments(login: str, password: str) -> bool:
    return (login + password).isascii() and " " not in login and (login + password).isprintable()


def _one_line(text: str) -> bytes:
    return text.encode().replace(b"\r", b"").replace(b"\n", b"")


def _connect(
    server: Server, place: Place, context: ssl.SSLContext | None, seconds: float
) -> socket.socket:
    if server.security is Security.NONE and not server.is_loopback:
        problem = Problem(ProblemId.ENCRYPTION_MISSING, place, "not encrypted", server.host)
        raise OwnerNeeded(problem)
    try:
        plain = socket.create_connection((server.host, server.port), seconds)
    except (OSError, ValueError) as error:
        raise translate.connection_failed(error, place, server.host) from error
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if server.security is not Security.TLS:
        return plain
    try:
        return (context or default_context()).wrap_socket(plain, server_hostname=server.host)
    except (OSError, ValueError) as error:
        plain.close()
        raise translate.connection_failed(error, place, server.host) from error
