"""An IMAP server that says, line by line, what a test wants it to say."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import BinaryIO

from .account import TestAccount
from .certificates import ServerCertificate
from .process import LOOPBACK

LITERAL = re.compile(rb"\{(\d+)(\+?)\}\r?\n\Z")
GREETING = b"* OK ready\r\n"


class HangUp(Exception):
    """Raised by an answer: close the connection now."""


class Silence(Exception):
    """Raised by an answer: say nothing more, but keep the connection open."""


Answer = bytes | Callable[[re.Match[bytes]], bytes]
Step = tuple[bytes, Answer]
"""A regular expression on a command without its tag, and the answer.

`{tag}` in the answer becomes the tag. A literal in the command is part of it, after its line. A
callable gets the match and may raise HangUp or Silence.
"""

USUAL: Sequence[Step] = (
    (rb"CAPABILITY", b"* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n"),
    (rb"LOGIN .*", b"{tag} OK done\r\n"),
    (rb"NAMESPACE", b'* NAMESPACE (("" "/")) NIL NIL\r\n{tag} OK done\r\n'),
    (rb"LIST .*", b'* LIST () "/" INBOX\r\n{tag} OK done\r\n'),
    (rb"LSUB .*", b'* LSUB () "/" INBOX\r\n{tag} OK done\r\n'),
    (rb"(SELECT|EXAMINE) .*", b"* 0 EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\n{tag} OK done\r\n"),
    (rb"LOGOUT", b"* BYE bye\r\n{tag} OK done\r\n"),
    (rb".*", b"{tag} OK done\r\n"),
)


def hang_up(match: re.Match[bytes]) -> bytes:
    raise HangUp


def stay_silent(match: re.Match[bytes]) -> bytes:
    raise Silence


class ScriptedServer:
    """Context manager. The first step that matches a command answers it; `USUAL` comes last.

    `once` steps are used up in any connection; `commands` holds all commands, without tags.
    """

    host = LOOPBACK

    def __init__(
        self,
        steps: Iterable[Step] = (),
        *,
        once: Iterable[Step] = (),
        greeting: bytes = GREETING,
        certificate: ServerCertificate | None = None,
    ) -> None:
        self._steps = [*steps, *USUAL]
        self._once = list(once)
        self._greeting = greeting
        self._tls: ssl.SSLContext | None = None
        self.commands: list[bytes] = []
        self._lock = threading.Lock()
        self._connections: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        if certificate is not None:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(certificate.chain, certificate.key)

    @property
    def account(self) -> TestAccount:
        return TestAccount(self.host, self.port, "someone", "secret")

    def __enter__(self) -> ScriptedServer:
        self._listener = socket.create_server((self.host, 0))
        self.port: int = self._listener.getsockname()[1]
        self._run(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._threads[0].join()
        self._listener.close()
        for connection in self._connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _run(self, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, name="scripted server")
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._connections.append(connection)
                self._run(lambda connection=connection: self._talk(connection))  # type: ignore[misc]

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError, HangUp), connection:
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection, connection.makefile("rb") as lines:
                connection.sendall(self._greeting)
                try:
                    self._converse(connection, lines)
                except Silence:
                    lines.read()

    def _converse(self, connection: socket.socket, lines: BinaryIO) -> None:
        while line := lines.readline():
            while literal := LITERAL.search(line):
                if not literal[2]:
                    connection.sendall(b"+ go on\r\n")
                line += lines.read(int(literal[1])) + lines.readline()
            tag, _, command = line.rstrip(b"\r\n").partition(b" ")
            with self._lock:
                self.commands.append(command)
                answer = self._answer(command)
            connection.sendall(answer.replace(b"{tag}", tag))
            if command.upper() == b"LOGOUT":
                return

    def _answer(self, command: bytes) -> bytes:
        for steps in (self._once, self._steps):
            for step in steps:
                pattern, answer = step
                match = re.fullmatch(pattern, command, re.DOTALL | re.IGNORECASE)
                if match is None:
                    continue
                if steps is self._once:
                    self._once.remove(step)
                return answer if isinstance(answer, bytes) else answer(match)
        raise HangUp
