"""A server of lines on loopback that notes what it hears, for protocols without a real one here."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from types import TracebackType

from .certificates import ServerCertificate
from .process import LOOPBACK


class LineServer:
    """Context manager. Greets, then answers each line by its first word; silent on others.

    `tls` protects from the start; the answer of a word in `upgrades` is followed by a handshake.
    """

    host = LOOPBACK

    def __init__(
        self,
        greeting: bytes,
        answers: Mapping[bytes, bytes] | None = None,
        *,
        certificate: ServerCertificate | None = None,
        tls: bool = False,
        upgrades: frozenset[bytes] = frozenset({b"STARTTLS", b"STLS"}),
    ) -> None:
        self.heard: list[bytes] = []
        self._greeting, self._answers, self._upgrades = greeting, dict(answers or {}), upgrades
        self._at_once = tls
        self._connections: list[socket.socket] = []
        self._context: ssl.SSLContext | None = None
        if certificate is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(certificate.chain, certificate.key)

    def __enter__(self) -> LineServer:
        self._listener = socket.create_server((self.host, 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, name="line server")
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        for connection in self._connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._connections.append(connection)
            with suppress(OSError), ExitStack() as open_things:
                self._talk(open_things.enter_context(connection), open_things)

    def _talk(self, connection: socket.socket, open_things: ExitStack) -> None:
        if self._at_once:
            connection = self._protected(connection, open_things)
        connection.sendall(self._greeting)
        lines = open_things.enter_context(connection.makefile("rb"))
        while line := lines.readline().rstrip(b"\r\n"):
            self.heard.append(line)
            words = [word for word in line.split() if word in self._answers]
            if words:
                connection.sendall(self._answers[words[0]])
            if words and words[0] in self._upgrades and self._context is not None:
                connection = self._protected(connection, open_things)
                lines = open_things.enter_context(connection.makefile("rb"))

    def _protected(self, connection: socket.socket, open_things: ExitStack) -> socket.socket:
        assert self._context is not None
        protected = self._context.wrap_socket(connection, server_side=True)
        self._connections.append(protected)
        return open_things.enter_context(protected)
