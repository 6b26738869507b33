"""Basic, Digest and NTLM over real sockets: right, wrong, interrupted, and in no log."""

from __future__ import annotations

import logging
import re
import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from omm_desktop.endpoints.ews.folders.listing import list_folders
from omm_desktop.endpoints.ews.transport.connection import Connection
from omm_desktop.endpoints.ews.writer import EwsDestination
from omm_desktop.model.account import Account, EndpointKind, Security, Server
from omm_desktop.model.items import FolderRole
from omm_desktop.model.ports import Destination, Stored
from omm_desktop.model.problem import OmmError, OwnerNeeded, Place, ProblemId, TryAgain
from omm_desktop.model.secret import Secret
from tests.servers.certificates import Authority
from tests.servers.ews import EwsServer, Fault, FaultKind
from tests.servers.ews.reached import mailbox_of
from tests.servers.process import LOOPBACK

from .letters import item, letters

ANNA, BORIS = "anna@exchange.test", "boris@exchange.test"
PASSWORD = "marker-4711-é€"
BASIC = ('Basic realm="exchange.test"',)
NTLM = ("Negotiate", "NTLM")
DIGEST = ("Negotiate", "Digest")
KINDS = pytest.mark.parametrize("schemes", [BASIC, NTLM, DIGEST], ids=["basic", "ntlm", "digest"])


@pytest.fixture(autouse=True)
def passwords(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the server believes by NTLM."""
    file = tmp_path / "passwords"
    file.write_text(f":{BORIS}:{PASSWORD}\nEXCHANGE:boris:{PASSWORD}\n", encoding="utf-8")
    monkeypatch.setenv("NTLM_USER_FILE", str(file))
    return file


def ready(exchange: EwsServer, schemes: tuple[str, ...]) -> None:
    exchange.add_mailbox(BORIS, PASSWORD)
    exchange.schemes = schemes


@contextmanager
def opened(
    exchange: EwsServer,
    password: str = PASSWORD,
    login: str = BORIS,
    context: ssl.SSLContext | None = None,
) -> Iterator[Connection]:
    connection = Connection.open(
        mailbox_of(exchange, login).as_account,
        Secret(password),
        Place.DESTINATION,
        writing=True,
        ssl_context=context,
        connect_seconds=5,
        read_seconds=5,
    )
    try:
        yield connection
    finally:
        connection.close()


def inbox_of(destination: Destination) -> str:
    return next(f.key for f in destination.folders() if f.role is FolderRole.INBOX)


@KINDS
def test_mail_of_every_size(exchange: EwsServer, schemes: tuple[str, ...]) -> None:
    ready(exchange, schemes)
    large = item("large", b"Subject: large\r\n\r\n" + b"x" * (3 << 20))
    with opened(exchange) as connection:
        destination = EwsDestination(connection)
        answers = list(destination.store(inbox_of(destination), [*letters(30), large]))
    assert len([one for one in answers if isinstance(one, Stored)]) == 31


def test_a_nonce_may_be_good_for_once(exchange: EwsServer) -> None:
    ready(exchange, DIGEST)
    exchange.forgets = True
    with opened(exchange) as connection:
        destination = EwsDestination(connection)
        answers = list(destination.store(inbox_of(destination), letters(5)))
    assert [type(answer) for answer in answers] == [Stored] * 5


@KINDS
def test_a_wrong_password_fails_at_once(exchange: EwsServer, schemes: tuple[str, ...]) -> None:
    ready(exchange, schemes)
    with pytest.raises(OwnerNeeded) as caught, opened(exchange, "wrong"):
        pass
    assert caught.value.problem.id is ProblemId.SIGN_IN_REFUSED
    # To be asked, to answer and, but for Basic, what lies between.
    assert len(exchange.journal.entries) == {BASIC: 2, DIGEST: 3, NTLM: 4}[schemes]
    assert {entry.status for entry in exchange.journal.entries} == {401}


@KINDS
def test_a_login_with_a_domain(exchange: EwsServer, schemes: tuple[str, ...]) -> None:
    ready(exchange, schemes)
    with opened(exchange, login="EXCHANGE\\boris") as connection:
        assert list_folders(connection).folders


@KINDS
def test_a_connection_that_was_closed_is_signed_in_anew(
    exchange: EwsServer, schemes: tuple[str, ...]
) -> None:
    """Also where the server takes nothing large from whom it does not know."""
    ready(exchange, schemes)
    exchange.impatient = True
    with opened(exchange) as connection:
        destination = EwsDestination(connection)
        inbox = inbox_of(destination)
        for number, size in enumerate((100, 100_000, 3 << 20)):
            exchange.hang_up()
            mail = item(f"{number}", b"Subject: %d\r\n\r\n" % number + b"x" * size)
            (answer,) = destination.store(inbox, [mail])
            assert isinstance(answer, Stored)


def test_another_thread_signs_large_mail_too(exchange: EwsServer) -> None:
    """What is known of Digest is known to one thread alone."""
    ready(exchange, DIGEST)
    exchange.impatient = True
    answers: list[object] = []
    with opened(exchange) as connection:
        destination = EwsDestination(connection)
        inbox = inbox_of(destination)
        mail = item("1", b"Subject: 1\r\n\r\n" + b"x" * (3 << 20))
        thread = threading.Thread(target=lambda: answers.extend(destination.store(inbox, [mail])))
        thread.start()
        thread.join()
    assert [type(answer) for answer in answers] == [Stored]


def test_the_handshake_is_made_once_for_a_connection(exchange: EwsServer) -> None:
    ready(exchange, NTLM)
    with opened(exchange) as connection:
        for _ in range(3):
            list_folders(connection)
    assert [entry.status for entry in exchange.journal.entries][:4] == [401, 401, 401, 200]
    assert {entry.status for entry in list(exchange.journal.entries)[4:]} == {200}


def test_ntlm_is_tied_to_the_certificate(authority: Authority) -> None:
    """Exchange SE takes no other."""
    trusting = ssl.create_default_context(cafile=str(authority.path))
    with EwsServer(authority.good()) as server:
        ready(server, NTLM)
        with opened(server, context=trusting) as connection:
            assert list_folders(connection).folders


@KINDS
def test_no_log_at_any_level_tells_how_to_sign_in(
    exchange: EwsServer, schemes: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever goes wrong; and the loggers are turned up as far as they go."""
    ready(exchange, schemes)
    told = ("exchangelib", "urllib3", "requests", "spnego", "omm_desktop")
    names = [name for name in logging.root.manager.loggerDict if name.startswith(told)]
    assert {"exchangelib.util", "spnego._ntlm", "urllib3.connectionpool"} <= set(names)
    for name in ("", *told, *names):
        caplog.set_level(logging.DEBUG, name)
    with opened(exchange) as connection:
        list_folders(connection)
        for kind in (FaultKind.DROPPED, FaultKind.INTERNAL, FaultKind.UNAUTHORIZED):
            exchange.faults.plan(Fault(kind))
            with ExitStack() as stack:
                if kind is not FaultKind.UNAUTHORIZED or schemes is BASIC:
                    stack.enter_context(pytest.raises(OmmError))
                list_folders(connection)
    with pytest.raises(OmmError), opened(exchange, PASSWORD + "!"):
        pass
    shown = caplog.text + "".join(str(vars(record)) for record in caplog.records)
    assert "POST /EWS" in shown
    assert "marker-4711" not in shown
    assert "Authorization" not in shown
    assert b64encode(BORIS.encode()).decode()[:16] not in shown
    assert not re.search("TlRMTVNTU|nonce=|response=", shown)


# -- handshakes that come to nothing ---------------------------------------------------------


class _Odd(BaseHTTPRequestHandler):
    """Offers NTLM, and then has an answer of its own to the first step."""

    answer: tuple[int, str | None]
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        status, challenge = self.answer if "Authorization" in self.headers else (401, "NTLM")
        self.send_response(status)
        if challenge is not None:
            self.send_header("WWW-Authenticate", challenge)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the screen."""


class _Patient(ThreadingHTTPServer):
    """Closed when every connection is."""

    daemon_threads = False


@pytest.mark.parametrize(
    ("answer", "kind", "id"),
    [
        ((503, None), TryAgain, ProblemId.CONNECTION_LOST),
        ((200, None), TryAgain, ProblemId.CONNECTION_LOST),
        ((401, "Basic realm=x"), OwnerNeeded, ProblemId.SIGN_IN_METHOD_UNAVAILABLE),
        ((401, "NTLM AAAA"), OwnerNeeded, ProblemId.SIGN_IN_METHOD_UNAVAILABLE),
        ((401, "NTLM TlRMTVNTUAACAAAA"), TryAgain, ProblemId.CONNECTION_LOST),
        ((401, "NTLM ?"), OwnerNeeded, ProblemId.SIGN_IN_METHOD_UNAVAILABLE),
    ],
)
def test_a_handshake_that_comes_to_nothing(
    monkeypatch: pytest.MonkeyPatch,
    answer: tuple[int, str | None],
    kind: type[OmmError],
    id: ProblemId,
) -> None:
    monkeypatch.setattr(_Odd, "answer", answer, raising=False)
    with _Patient((LOOPBACK, 0), _Odd) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        port = server.server_address[1]
        url = f"http://{LOOPBACK}:{port}/EWS/Exchange.asmx"
        account = Account(EndpointKind.EWS, "me", Server(LOOPBACK, port, Security.NONE), url=url)
        try:
            with pytest.raises(OmmError) as caught:
                Connection.open(account, Secret("word"), Place.SOURCE)
        finally:
            server.shutdown()
            thread.join()
    assert (type(caught.value), caught.value.problem.id) == (kind, id)
