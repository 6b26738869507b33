"""A web server on a loopback port that says what a test wants, and notes what it hears."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from .certificates import ServerCertificate
from .process import LOOPBACK


@dataclass(frozen=True, slots=True)
class Heard:
    """One question: everything that was sent, after TLS was taken off."""

    method: str
    host: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        head = "".join(f"{name}: {value}\n" for name, value in self.headers.items())
        return f"{self.method} {self.path}\n{head}\n{self.body.decode('utf-8', 'replace')}"


Answer = Callable[[BaseHTTPRequestHandler], None]
"""Writes the whole answer through the handler."""


def says(body: bytes = b"", status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in (headers or {}).items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def leads_to(url: str) -> Answer:
    return says(status=302, headers={"Location": url, "Set-Cookie": "seen=yes"})


def endless(piece: bytes, total: int) -> Answer:
    """So many bytes of the same piece, or as many as anybody takes."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        sent = 0
        while sent < total:
            sent += handler.wfile.write(piece)

    return answer


def wants_password(handler: BaseHTTPRequestHandler) -> None:
    says(status=401, headers={"WWW-Authenticate": 'Basic realm="mail"'})(handler)


class WebServer:
    """Context manager; HTTPS with a certificate, else plain HTTP.

    `answers` is by host and path ("autoconfig.example.test/mail/config-v1.1.xml"); the rest is 404.
    """

    def __init__(
        self, certificate: ServerCertificate | None, answers: Mapping[str, Answer] | None = None
    ) -> None:
        self.answers: dict[str, Answer] = dict(answers or {})
        self.heard: list[Heard] = []
        self.served = 0
        self._certificate = certificate
        self._silences: list[threading.Event] = []

    def silent(self) -> Answer:
        """Says nothing until the server ends."""
        over = threading.Event()
        self._silences.append(over)
        return lambda handler: _wait(over)

    def dripping(self) -> Answer:
        """One byte of the header every tenth of a second until the server ends."""
        over = threading.Event()
        self._silences.append(over)

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
            while not over.wait(0.1):
                handler.wfile.write(b".")

        return answer

    def __enter__(self) -> WebServer:
        self._server = _Listener((LOOPBACK, 0), self._handler())
        self.port: int = self._server.server_address[1]
        if self._certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self._certificate.chain, self._certificate.key)
            self._server.context = context
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for over in self._silences:
            over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 30

            def handle(self) -> None:
                with suppress(OSError):
                    super().handle()

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                host = self.headers.get("Host", "").partition(":")[0]
                headers = dict(self.headers.items())
                server.heard.append(Heard(self.command, host, self.path, headers, body))
                server.answers.get(host + self.path, says(status=404))(self)

            do_GET = do_POST = do_CONNECT = _answer

            def log_message(self, format: str, *arguments: object) -> None:
                """Nothing on standard error."""

        return Handler


class _Listener(ThreadingHTTPServer):
    """Each connection in a thread of its own that ends with the server."""

    daemon_threads = False
    context: ssl.SSLContext | None = None

    def finish_request(self, request: object, client_address: object) -> None:
        if self.context is None:
            super().finish_request(request, client_address)  # type: ignore[arg-type]
            return
        with suppress(OSError):
            request.settimeout(30)  # type: ignore[attr-defined]
            with self.context.wrap_socket(request, server_side=True) as protected:  # type: ignore[arg-type]
                super().finish_request(protected, client_address)  # type: ignore[arg-type]


def _wait(over: threading.Event) -> None:
    over.wait()
