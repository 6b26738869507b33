"""A web proxy on loopback behind which every host is one server of ours."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from .process import LOOPBACK


class Proxy:
    """Context manager; CONNECT to any host leads to `target`, a port on loopback.

    `asked` are the hosts, in the order in which they were asked for.
    """

    def __init__(self, target: int) -> None:
        self.asked: list[str] = []
        self._target = target

    def __enter__(self) -> Proxy:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def do_CONNECT(self) -> None:
                proxy.asked.append(self.path.partition(":")[0])
                with socket.create_connection((LOOPBACK, proxy._target)) as there:
                    self.send_response(200)
                    self.end_headers()
                    back = threading.Thread(target=_pass_on, args=(there, self.connection))
                    back.start()
                    _pass_on(self.connection, there)
                    back.join()

            def log_message(self, format: str, *arguments: object) -> None:
                """Nothing on standard error."""

        self._server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
        self._server.daemon_threads = False
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    """Until the end, which is passed on, too."""
    with suppress(OSError):
        while piece := one.recv(1 << 16):
            other.sendall(piece)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)
