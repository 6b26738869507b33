"""Who answers at a server's address: connect, verify, read the greeting, leave. No sign-in."""

from __future__ import annotations

import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from ..model.account import Security, Server
from ..model.problem import OmmError, OwnerNeeded, Place, Problem, ProblemId
from ..model.protocol import Protocol
from . import translate
from .imap.connection import default_context

SECONDS = 10.0
_MOST_BYTES = 64 * 1024
_HTTPS_PORT = 443
_EXCHANGE_WANTS_SIGN_IN = 401
_GREETING_END = rb"(?!220-)"  # SMTP may greet in several lines

_look_ups = threading.BoundedSemaphore(4)


@dataclass(frozen=True, slots=True)
class Greeting:
    """What the server said, and over which version of TLS (empty towards this computer only)."""

    text: str
    tls: str


@dataclass(frozen=True, slots=True)
class _Dialogue:
    """The lines of one protocol: `end` matches the last line of an answer."""

    greeting: bytes
    upgrade: tuple[tuple[bytes, bytes], ...]
    end: bytes
    leave: bytes


_DIALOGUES = {
    Protocol.IMAP: _Dialogue(  # RFC 9051
        rb"\* (OK|PREAUTH)\b", ((b"A STARTTLS", rb"A OK"),), rb"A |\* BYE", b"B LOGOUT"
    ),
    Protocol.POP: _Dialogue(  # RFC 1939, RFC 2595
        rb"\+OK", ((b"STLS", rb"\+OK"),), rb"\+OK|-ERR", b"QUIT"
    ),
    Protocol.SMTP: _Dialogue(  # RFC 5321, RFC 3207
        rb"220 ", ((b"EHLO [127.0.0.1]", rb"250 "), (b"STARTTLS", rb"220 ")), rb"\d{3} ", b"QUIT"
    ),
}


def greet(
    protocol: Protocol,
    server: Server,
    *,
    ssl_context: ssl.SSLContext | None = None,
    seconds: float = SECONDS,
) -> Greeting:
    """The greeting of an IMAP, POP or SMTP server, within `seconds`; raises `OmmError`."""
    if server.security is Security.NONE and not server.is_loopback:
        raise _failure(ProblemId.ENCRYPTION_MISSING, server.host, "not encrypted")
    context = ssl_context or default_context()
    with _told(server.host), closing(_Line(server, seconds)) as line:
        if server.security is Security.TLS:
            line.protect(context, server.host)
        dialogue = _DIALOGUES[protocol]
        text = line.answer(_GREETING_END)
        if not re.match(dialogue.greeting, text, re.IGNORECASE):
            raise _refused(text, server.host)
        if server.security is Security.STARTTLS:
            _upgrade(line, dialogue, context, server.host)
        line.send(dialogue.leave)
        return Greeting(translate.shown(text), line.tls)


def greet_exchange(
    url: str, *, ssl_context: ssl.SSLContext | None = None, seconds: float = SECONDS
) -> Greeting:
    """The answer of an EWS address, which asks for a sign-in; raises `OmmError`."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" or not host:
        raise _failure(ProblemId.ENCRYPTION_MISSING, host, "not https")
    server = Server(host, parts.port or _HTTPS_PORT, Security.TLS)
    with _told(host), closing(_Line(server, seconds)) as line:
        line.protect(ssl_context or default_context(), host)
        line.send(f"GET {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}".encode("ascii"))
        line.send(b"Connection: close\r\n")
        text = line.answer(b"")
        if not re.match(rb"HTTP/1\.[01] %d\b" % _EXCHANGE_WANTS_SIGN_IN, text):
            raise _failure(ProblemId.NOT_A_MAIL_SERVER, host, translate.shown(text))
        return Greeting(translate.shown(text), line.tls)


def _upgrade(line: _Line, dialogue: _Dialogue, context: ssl.SSLContext, host: str) -> None:
    for command, agreed in dialogue.upgrade:
        line.send(command)
        answer = line.answer(dialogue.end)
        if not re.match(agreed, answer, re.IGNORECASE):
            raise _failure(ProblemId.ENCRYPTION_MISSING, host, translate.shown(answer))
    line.protect(context, host)


class _NotMail(Exception):
    """The other side does not speak as a mail server does."""


@contextmanager
def _told(host: str) -> Iterator[None]:
    """Failures as `OmmError`: a line cut before any greeting is no mail server's."""
    try:
        yield
    except (_NotMail, OSError, ValueError) as error:
        failure = translate.connection_failed(error, Place.PROGRAM, host)
        if failure.problem.id is ProblemId.CONNECTION_LOST:
            raise _failure(ProblemId.NOT_A_MAIL_SERVER, host, failure.problem.detail) from error
        raise failure from error


def _refused(text: bytes, host: str) -> OmmError:
    known = translate.command_refused(text, Place.PROGRAM)
    if known is None:
        return _failure(ProblemId.NOT_A_MAIL_SERVER, host, translate.shown(text))
    return OwnerNeeded(replace(known.problem, subject=host))


def _failure(id: ProblemId, host: str, detail: str) -> OmmError:
    return OwnerNeeded(Problem(id, Place.PROGRAM, detail, host))


class _Line:
    """A connection read line by line, with one deadline for everything and bounded memory."""

    def __init__(self, server: Server, seconds: float) -> None:
        self._deadline = time.monotonic() + seconds
        self._socket = self._connected(server)
        self._unread = b""
        self.tls = ""

    def _connected(self, server: Server) -> socket.socket:
        error = OSError("no address")
        for address in _addresses(server.host, self._left):
            try:
                return socket.create_connection((address, server.port), timeout=self._left())
            except OSError as refused:
                error = refused
        raise error

    def protect(self, context: ssl.SSLContext, host: str) -> None:
        """Whatever came before the handshake could be anybody's (RFC 2595, RFC 3207)."""
        if self._unread:
            raise _NotMail("bytes before the handshake")
        self._socket.settimeout(self._left())
        self._socket = context.wrap_socket(self._socket, server_hostname=host)
        self.tls = self._socket.version() or ""

    def send(self, line: bytes) -> None:
        self._socket.settimeout(self._left())
        self._socket.sendall(line + b"\r\n")

    def answer(self, end: bytes) -> bytes:
        """The line that ends an answer; those before it are read and forgotten."""
        read = 0
        while True:
            text, newline, rest = self._unread.partition(b"\n")
            if newline:
                self._unread = rest
                if re.match(end, text, re.IGNORECASE):
                    return text.rstrip(b"\r")
                continue
            read += self._receive()
            if read > _MOST_BYTES:
                raise _NotMail("an answer without end")

    def _receive(self) -> int:
        self._socket.settimeout(self._left())
        received = self._socket.recv(4096)
        if not received:
            raise _NotMail("closed without an answer")
        self._unread += received
        return len(received)

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("no answer in time")
        return left

    def close(self) -> None:
        self._socket.close()


def _addresses(host: str, left: Callable[[], float]) -> list[str]:
    """The IP addresses of a host. OSError, ValueError, or TimeoutError when they do not come.

    The system's look-up takes as long as it likes and cannot be ended. It runs in a thread that
    nobody waits for longer, and only so many of them may be under way.
    """
    answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            answers.put([str(address[0]) for *_, address in found])
        except (OSError, ValueError) as error:
            answers.put(error)
        finally:
            _look_ups.release()

    if not _look_ups.acquire(timeout=left()):
        raise TimeoutError("no answer about the name in time")
    threading.Thread(target=look_up, name="look-up", daemon=True).start()
    try:
        answer = answers.get(timeout=left())
    except queue.Empty:
        raise TimeoutError("no answer about the name in time") from None
    if isinstance(answer, Exception):
        raise answer
    return answer
