"""HTTP towards one Exchange server: one socket at a time, our certificates, and it can be cut."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from http.client import RemoteDisconnected
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_NODELAY = (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
_KEEPALIVE = (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
# Nothing may be delivered by the kernel after this process is dead.
_NO_LINGER = (socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def is_ended(error: BaseException, *, in_order: bool = False) -> bool:
    """Whether a connection was closed, or even in order, instead of an answer."""
    wanted = RemoteDisconnected if in_order else (ConnectionResetError, BrokenPipeError)
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, wanted):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


class Line:
    """The open socket, so that another thread can cut it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._cut = False
        self.connections = 0
        """How many there were."""

    def hold(self, connected: Any) -> None:
        """Raises `ConnectionAbortedError` when the line was cut meanwhile."""
        with self._lock:
            self._socket = connected
            self.connections += 1
            cut = self._cut
        if cut:
            raise ConnectionAbortedError("cut")

    def cut(self) -> None:
        """Unblock whoever reads or writes, for good. Any thread; never raises."""
        with self._lock:
            self._cut, held = True, self._socket
        if held is not None:
            with contextlib.suppress(OSError, ValueError):
                socket.socket.shutdown(held, socket.SHUT_RDWR)


class Adapter(HTTPAdapter):
    """What a session connects by. `context` alone decides which server is believed."""

    def __init__(self, line: Line, context: ssl.SSLContext | None, *, writing: bool) -> None:
        self._line, self._context, self._writing = line, context, writing
        super().__init__(pool_connections=1, pool_maxsize=1, pool_block=True, max_retries=0)

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        super().init_poolmanager(*arguments, **{**named, **self._named()})
        self.poolmanager.pool_classes_by_scheme = _pools(self._line)

    def proxy_manager_for(self, proxy: str, **named: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **named, **self._named())
        manager.pool_classes_by_scheme = _pools(self._line)
        return manager

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """No bundle of the library is added to the context."""
        conn.cert_reqs = "CERT_REQUIRED"

    def _named(self) -> dict[str, Any]:
        options = [_NODELAY, _KEEPALIVE, *([_NO_LINGER] if self._writing else [])]
        named: dict[str, Any] = {"socket_options": options}
        if self._context is not None:
            named["ssl_context"] = self._context
        return named


def _pools(line: Line) -> dict[str, type[HTTPConnectionPool]]:
    """urllib3's pools over connections that the line can cut."""

    class Plain(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            line.hold(self.sock)

    class Protected(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            line.hold(self.sock)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class ProtectedPool(HTTPSConnectionPool):
        ConnectionCls = Protected

    return {"http": PlainPool, "https": ProtectedPool}
