"""The HTTP side of the server: connections, authentication, limits and faults."""

from __future__ import annotations

import gzip
import socket
import ssl
import struct
import sys
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from ..process import LOOPBACK
from .autodiscover import answer_pox, answer_soap
from .faults import Fault, FaultKind
from .journal import Entry
from .service import parse_request
from .sign_in import Doorkeeper
from .soap import SoapFault
from .store import Mailbox

if TYPE_CHECKING:
    from .server import EwsServer

MOST_OF_STRANGERS = 1 << 20
EWS = "/ews/exchange.asmx"
SOAP_DISCOVERY = "/autodiscover/autodiscover.svc"
POX_DISCOVERY = "/autodiscover/autodiscover.xml"


class Listener(ThreadingHTTPServer):
    """Accepts connections on loopback, and knows which are open."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = 64

    def __init__(self, exchange: EwsServer, tls: ssl.SSLContext | None) -> None:
        self.exchange = exchange
        self._tls = tls
        self._open: set[socket.socket] = set()
        self._aborted: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._at_once = 0
        self.connections = 0
        super().__init__((LOOPBACK, 0), _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        if self._tls is not None:
            connection = self._tls.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
        with self._lock:
            self._open.add(connection)
            self.connections += 1
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
            aborted = request in self._aborted
            self._aborted.discard(request)
        if aborted:
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients may break off at any time; everything else is a bug of this server."""
        error = sys.exception()
        if error is not None and not isinstance(error, OSError):
            self.exchange.bugs.append(error)

    def abort(self, connection: socket.socket) -> None:
        """Have the connection reset rather than closed."""
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with self._lock:
            self._aborted.add(connection)

    def hang_up(self) -> None:
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def enter(self) -> int:
        """Count one more request under way; how many there are."""
        with self._lock:
            self._at_once += 1
            self.exchange.journal.crowd(self._at_once)
            return self._at_once

    def leave(self) -> None:
        with self._lock:
            self._at_once -= 1


class _Aborted(Exception):
    """The connection is to be reset."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Microsoft-IIS/10.0"
    sys_version = ""
    server: Listener
    wbufsize = -1

    def setup(self) -> None:
        if isinstance(self.request, ssl.SSLSocket):
            self.request.do_handshake()
        super().setup()
        self.exchange = self.server.exchange
        self.doorkeeper = Doorkeeper(self.exchange)

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        path, target = self.path.lower(), self.exchange.discovered_elsewhere
        if path == POX_DISCOVERY and target is not None:
            self._reply(302, b"", Location=target)
        else:
            self._reply(401 if path in (EWS, SOAP_DISCOVERY, POX_DISCOVERY) else 404, b"")

    def do_POST(self) -> None:
        at_once = self.server.enter()
        try:
            self._answer(at_once)
        except _Aborted:
            self.server.abort(self.connection)
            self.close_connection = True
        finally:
            self.server.leave()

    def _answer(self, at_once: int) -> None:
        size = int(self.headers.get("Content-Length", 0))
        entry = self.exchange.journal.begin(size, dict(self.headers.items()))
        if size > self.exchange.largest_request:
            self._skip(size)
            self._reply(413, b"", entry, close=True)
            return
        authorization = self.headers.get("Authorization")
        user = self.doorkeeper.admit(authorization, "POST")
        if user is None and size > MOST_OF_STRANGERS and self.exchange.impatient:
            raise _Aborted
        data = self.rfile.read(size)
        path = self.path.lower().partition("?")[0]
        entry.user = user.address if user is not None else None
        if user is None:
            self._reply(401, b"", entry)
        elif path in (SOAP_DISCOVERY, POX_DISCOVERY):
            self._discover(path, data, entry)
        elif path != EWS:
            self._reply(404, b"", entry)
        else:
            self._serve(user, data, entry, at_once)

    def _skip(self, size: int) -> None:
        while size > 0 and (read := len(self.rfile.read(min(size, 1 << 20)))):
            size -= read

    def _discover(self, path: str, data: bytes, entry: Entry) -> None:
        exchange = self.exchange
        if path == POX_DISCOVERY:
            entry.operation = "Autodiscover"
            reply = answer_pox(data, exchange.store, exchange.told_url)
        else:
            entry.operation = "GetUserSettings"
            reply = answer_soap(data, exchange.store, exchange.told_url, exchange.service.version)
        self._reply(200, reply, entry)

    def _serve(self, user: Mailbox, data: bytes, entry: Entry, at_once: int) -> None:
        exchange = self.exchange
        try:
            header, body = parse_request(data)
        except ValueError:
            self._reply(400, b"", entry)
            return
        exchange.journal.understood(entry, body)
        answer = exchange.instead(entry)
        if answer is not None:
            self._reply(answer[0], answer[2], entry, **answer[1])
            return
        fault = exchange.faults.next_for(entry.operation)
        if exchange.pace:
            exchange.ending.wait(exchange.pace)
        if exchange.most_at_once is not None and at_once > exchange.most_at_once:
            fault = Fault(FaultKind.CROWDED)
        if fault is not None and self._fails(fault, entry):
            return
        with exchange.turn:
            status, reply = exchange.service.answer(user, header, body)
        reply = exchange.rewrite(entry.operation, reply)
        if fault is not None and fault.kind is FaultKind.LOST:
            raise _Aborted
        cut = fault is not None and fault.kind is FaultKind.CUT
        self._reply(status, reply, entry, cut=cut)

    def _fails(self, fault: Fault, entry: Entry) -> bool:
        """Whether the fault takes the place of the operation."""
        kind, seconds = fault.kind, fault.seconds
        if kind is FaultKind.DROPPED:
            raise _Aborted
        if kind is FaultKind.SLOW:
            self.exchange.ending.wait(seconds)
        elif kind is FaultKind.UNAUTHORIZED:
            self._reply(401, b"", entry)
            return True
        elif kind is FaultKind.UNAVAILABLE:
            hint = {} if seconds is None else {"Retry-After": str(round(seconds))}
            self._reply(503, b"Service Unavailable", entry, **hint)
            return True
        elif kind is FaultKind.TOO_LARGE:
            self._reply(413, b"", entry, close=True)
            return True
        elif kind in SOAP_FAULTS:
            self._reply(500, self.exchange.service.fault(_soap_fault(fault)), entry)
            return True
        return False

    def _reply(
        self,
        status: int,
        content: bytes,
        entry: Entry | None = None,
        *,
        close: bool = False,
        cut: bool = False,
        **headers: str,
    ) -> None:
        if entry is not None:
            entry.status = status
        self.send_response(status)
        if status == 401 and self.exchange.tells_schemes:
            for challenge in self.doorkeeper.challenges or self.exchange.schemes:
                self.send_header("WWW-Authenticate", challenge)
        for cookie in self.exchange.cookies:
            self.send_header("Set-Cookie", cookie)
        accepted = self.headers.get("Accept-Encoding", "")
        if self.exchange.compresses and "gzip" in accepted and content:
            content = gzip.compress(content, 1)
            self.send_header("Content-Encoding", "gzip")
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        if self.exchange.chunked:
            self.send_header("Transfer-Encoding", "chunked")
            content = _chunks(content)
        else:
            self.send_header("Content-Length", str(len(content)))
        if close:
            self.send_header("Connection", "close")
        if close or not self.exchange.keeps_alive:
            # Some say so, others just do it.
            self.close_connection = True
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if cut else content)
        self.wfile.flush()
        if cut:
            raise _Aborted


def _chunks(content: bytes) -> bytes:
    """RFC 9112, section 7.1, in pieces that cut tags in two."""
    pieces = [content[at : at + 777] for at in range(0, len(content), 777)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in (*pieces, b""))


SOAP_FAULTS = {
    FaultKind.BUSY: ("ErrorServerBusy", "The server cannot service this request right now."),
    FaultKind.CROWDED: (
        "ErrorExceededConnectionCount",
        "You have exceeded the available concurrent connections for your account.",
    ),
    FaultKind.INTERNAL: ("ErrorInternalServerTransientError", "An internal server error occurred."),
}


def _soap_fault(fault: Fault) -> SoapFault:
    code, message = SOAP_FAULTS[fault.kind]
    if fault.kind is not FaultKind.BUSY or fault.seconds is None:
        return SoapFault(code, message)
    return SoapFault(code, message, BackOffMilliseconds=str(round(fault.seconds * 1000)))
