"""How one search reaches servers: everything it opens ends with it."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from omm_desktop.endpoints.trust import default_context
from omm_desktop.guide.providers import Providers
from omm_desktop.guide.resolver import (
    LookupFailed,
    LookupStopped,
    NameServer,
    Resolver,
    system_name_servers,
)
from omm_desktop.model.problem import OmmError, Place, Problem, ProblemId, TryAgain

_CONNECT_SECONDS = 3.0
# The name system gives up a little earlier, so that its silence can still be told.
_SHARE_OF_NAMES = 0.9


@dataclass(frozen=True)
class Surroundings:
    """What a search finds around it. `ports` tells where usual ports are on a test machine.

    Each connection has a TLS context of its own: those that ask the system's store let one
    handshake wait for the other, and a silent server would keep all others waiting.
    """

    providers: Providers
    name_servers: Sequence[NameServer] = field(default_factory=system_name_servers)
    new_context: Callable[[], ssl.SSLContext] = default_context
    ports: Mapping[int, int] = field(default_factory=dict)


class SearchEnded(Exception):
    """Nobody waits for an answer any more."""


class Network:
    """Names by the search's own resolver, connections that `end` breaks. For many threads."""

    def __init__(self, surroundings: Surroundings, seconds: float) -> None:
        self.new_context = surroundings.new_context
        self._ports = surroundings.ports
        self._until = time.monotonic() + seconds
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._held: list[socket.socket] = []
        self.resolver = Resolver(
            surroundings.name_servers, seconds * _SHARE_OF_NAMES, self._ended.is_set
        )

    @property
    def is_over(self) -> bool:
        return self._ended.is_set() or time.monotonic() >= self._until

    @property
    def seconds_left(self) -> float:
        """Above zero; SearchEnded when the time is over."""
        left = self._until - time.monotonic()
        if left <= 0 or self._ended.is_set():
            raise SearchEnded
        return left

    def connect(self, host: str, port: int) -> socket.socket:
        """A TCP connection. OSError, LookupFailed (no answer about the name) or SearchEnded."""
        error: OSError = socket.gaierror(socket.EAI_NONAME, "no address", host)
        for address in self._addresses(host):
            seconds = min(_CONNECT_SECONDS, self.seconds_left)
            target = (address, self._ports.get(port, port))
            try:
                connection = socket.create_connection(target, timeout=seconds)
            except OSError as refused:
                error = refused
                continue
            self.hold(connection)
            return connection
        raise error

    def secure(self, connection: socket.socket, host: str) -> ssl.SSLSocket:
        """TLS with the certificate verified for `host`. Raises ssl.SSLError, OSError."""
        connection.settimeout(self.seconds_left)
        protected = self.new_context().wrap_socket(connection, server_hostname=host)
        if protected.version() is None:
            # What had ended by then comes back without a handshake.
            protected.close()
            raise ConnectionResetError("gone before the handshake")
        return protected

    def hold(self, connection: socket.socket) -> None:
        """Let `end` break this connection, whoever wraps it."""
        with self._lock:
            if self._ended.is_set():
                connection.close()
                raise SearchEnded
            self._held.append(connection.dup())

    def end(self) -> None:
        """Break every connection and allow no other one. Any thread; does not wait."""
        with self._lock:
            self._ended.set()
            for connection in self._held:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
                connection.close()
            self._held.clear()

    def _addresses(self, host: str) -> tuple[str, ...]:
        """IPv4 first: where IPv6 is broken nothing has to be waited for."""
        found: list[str] = []
        failure: LookupFailed | None = None
        for look_up in (self.resolver.a, self.resolver.aaaa):
            try:
                found += look_up(host).records
            except LookupFailed as error:
                failure = failure or error
        if failure is not None and not found:
            raise failure
        return tuple(found)


@contextmanager
def within(
    surroundings: Surroundings, seconds: float, place: Place, host: str
) -> Iterator[Network]:
    """A network that ends after so many seconds; TryAgain (SERVER_SILENT) when that was why."""
    network = Network(surroundings, seconds)
    end = threading.Timer(seconds, network.end)
    end.start()
    try:
        yield network
    except (OmmError, SearchEnded, LookupStopped) as error:
        if isinstance(error, OmmError) and not network.is_over:
            raise
        raise TryAgain(Problem(ProblemId.SERVER_SILENT, place, subject=host)) from error
    finally:
        end.cancel()
        network.end()
