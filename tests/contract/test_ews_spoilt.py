"""A server that answers 400 and closes has not read the request: it is asked once more."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from omm_desktop.endpoints.ews.transport.connection import Connection
from omm_desktop.model.account import Account, EndpointKind, Security, Server
from omm_desktop.model.problem import Place, ProblemId, TryAgain
from omm_desktop.model.secret import Secret
from tests.servers.process import LOOPBACK


class Spoilt(BaseHTTPRequestHandler):
    """Asks for a sign-in, then answers 400 to everything."""

    heard: list[bytes]

    def do_POST(self) -> None:
        self.heard.append(self.rfile.read(int(self.headers["Content-Length"])))
        signed = "Authorization" in self.headers
        self.send_response(400 if signed else 401)
        if signed:
            self.send_header("Connection", "close")
        else:
            self.send_header("WWW-Authenticate", "NTLM")
            self.send_header("WWW-Authenticate", 'Basic realm="a, b"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the screen."""


@pytest.fixture
def port() -> Iterator[int]:
    Spoilt.heard = []
    with ThreadingHTTPServer((LOOPBACK, 0), Spoilt) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_it_is_asked_once_more_and_no_oftener(port: int) -> None:
    url = f"http://{LOOPBACK}:{port}/EWS/Exchange.asmx"
    account = Account(EndpointKind.EWS, "me", Server(LOOPBACK, port, Security.NONE), url=url)
    with pytest.raises(TryAgain) as caught:
        Connection.open(account, Secret("word"), Place.SOURCE)
    assert caught.value.problem.id is ProblemId.CONNECTION_LOST
    _, first, second = Spoilt.heard
    assert first == second
