"""Who answers at an address: real Dovecot over TLS and STARTTLS, and all that may go wrong."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from omm_desktop.endpoints.greeting import Greeting, greet, greet_exchange
from omm_desktop.model.account import Security, Server
from omm_desktop.model.problem import OmmError, ProblemId
from omm_desktop.model.protocol import Protocol
from tests.servers.certificates import Authority, ServerCertificate
from tests.servers.dovecot import Dovecot, DovecotOptions
from tests.servers.line_server import LineServer
from tests.servers.process import free_ports

SMTP_ANSWERS = {
    b"EHLO": b"250-mail.example.test\r\n250-STARTTLS\r\n250 8BITMIME\r\n",
    b"STARTTLS": b"220 go ahead\r\n",
    b"QUIT": b"221 bye\r\n",
}


@pytest.fixture(autouse=True)
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))


def problem(act: Callable[[], Greeting]) -> ProblemId:
    with pytest.raises(OmmError) as caught:
        act()
    return caught.value.problem.id


def at(port: int, security: Security = Security.TLS, host: str = "localhost") -> Server:
    return Server(host, port, security)


@pytest.fixture
def both(
    start_dovecot: Callable[[DovecotOptions], Dovecot], authority: Authority
) -> tuple[Dovecot, int, int]:
    """A Dovecot that speaks IMAP and POP, with the ports of POP: plain and TLS."""
    plain, tls = free_ports(2)
    settings = f"""
protocols = imap pop3
service pop3-login {{
  inet_listener pop3 {{
    port = {plain}
  }}
  inet_listener pop3s {{
    port = {tls}
    ssl = yes
  }}
}}
"""
    options = DovecotOptions(certificate=authority.good(), settings=settings)
    return start_dovecot(options), plain, tls


def test_dovecot_answers_in_every_way(both: tuple[Dovecot, int, int]) -> None:
    dovecot, pop_port, pop_tls_port = both
    ways = [
        (Protocol.IMAP, at(dovecot.tls_port)),
        (Protocol.IMAP, at(dovecot.port, Security.STARTTLS)),
        (Protocol.POP, at(pop_tls_port)),
        (Protocol.POP, at(pop_port, Security.STARTTLS)),
    ]
    for protocol, server in ways:
        greeting = greet(protocol, server)
        assert "Dovecot" in greeting.text
        assert greeting.tls == "TLSv1.3"


def test_nobody_signs_in(both: tuple[Dovecot, int, int]) -> None:
    dovecot, _, pop_tls_port = both
    greet(Protocol.IMAP, at(dovecot.tls_port))
    greet(Protocol.POP, at(pop_tls_port))
    dovecot.stop()
    assert "no auth attempts" in dovecot.log_text


def test_the_wrong_protocol_is_told(both: tuple[Dovecot, int, int]) -> None:
    dovecot, _, pop_tls_port = both
    pop_at_imap = problem(lambda: greet(Protocol.POP, at(dovecot.tls_port)))
    smtp_at_pop = problem(lambda: greet(Protocol.SMTP, at(pop_tls_port)))
    assert pop_at_imap is smtp_at_pop is ProblemId.NOT_A_MAIL_SERVER


def test_the_wrong_encryption_is_told(dovecot: Dovecot) -> None:
    told = problem(lambda: greet(Protocol.IMAP, at(dovecot.port)))
    assert told is ProblemId.ENCRYPTION_MISSING


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("wrong_name", ProblemId.CERTIFICATE_OTHER_NAME),
        ("expired", ProblemId.CERTIFICATE_EXPIRED),
        ("unknown", ProblemId.CERTIFICATE_UNTRUSTED),
    ],
)
@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_bad_certificate_is_named(
    kind: str,
    expected: ProblemId,
    security: Security,
    authority: Authority,
    other_authority: Authority,
    start_dovecot: Callable[[DovecotOptions], Dovecot],
) -> None:
    bad = {"wrong_name": authority.wrong_name, "expired": authority.expired}
    certificate: ServerCertificate = bad.get(kind, other_authority.good)()
    server = start_dovecot(DovecotOptions(certificate=certificate))
    port = server.tls_port if security is Security.TLS else server.port
    assert problem(lambda: greet(Protocol.IMAP, at(port, security))) is expected


def test_a_closed_port_and_a_name_of_nobody() -> None:
    (port,) = free_ports(1)
    assert problem(lambda: greet(Protocol.IMAP, at(port))) is ProblemId.CONNECTION_REFUSED
    nobody = at(993, host="imap.nobody.invalid")
    assert problem(lambda: greet(Protocol.IMAP, nobody)) in (
        ProblemId.SERVER_NOT_FOUND,
        ProblemId.NO_NETWORK,
    )


def test_no_plain_text_towards_others() -> None:
    plain = at(143, Security.NONE, host="imap.example.net")
    assert problem(lambda: greet(Protocol.IMAP, plain)) is ProblemId.ENCRYPTION_MISSING
    assert problem(lambda: greet_exchange("http://localhost/ews")) is ProblemId.ENCRYPTION_MISSING


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_sending_answers(authority: Authority, security: Security) -> None:
    tls = security is Security.TLS
    greeting = b"220-welcome\r\n220 mail.example.test ESMTP\r\n"
    with LineServer(greeting, SMTP_ANSWERS, certificate=authority.good(), tls=tls) as server:
        answer = greet(Protocol.SMTP, at(server.port, security))
    assert answer == Greeting("220 mail.example.test ESMTP", "TLSv1.3")
    heard = b" ".join(server.heard)
    assert b"AUTH" not in heard
    assert b"MAIL" not in heard


def test_a_server_that_does_not_offer_starttls(authority: Authority) -> None:
    answers = SMTP_ANSWERS | {b"STARTTLS": b"502 not here\r\n"}
    with LineServer(b"220 ready\r\n", answers) as server:
        told = problem(lambda: greet(Protocol.SMTP, at(server.port, Security.STARTTLS)))
    assert told is ProblemId.ENCRYPTION_MISSING


def test_words_slipped_in_before_the_handshake_end_the_trial(authority: Authority) -> None:
    answers = SMTP_ANSWERS | {b"STARTTLS": b"220 go ahead\r\n250 slipped in\r\n"}
    with LineServer(b"220 ready\r\n", answers, certificate=authority.good()) as server:
        told = problem(lambda: greet(Protocol.SMTP, at(server.port, Security.STARTTLS)))
    assert told is ProblemId.NOT_A_MAIL_SERVER


@pytest.mark.parametrize("greeting", [b"554 no service\r\n", b"HTTP/1.1 400 Bad Request\r\n"])
def test_another_greeting_is_not_a_mail_server(greeting: bytes, authority: Authority) -> None:
    with LineServer(greeting, certificate=authority.good(), tls=True) as server:
        assert problem(lambda: greet(Protocol.SMTP, at(server.port))) is ProblemId.NOT_A_MAIL_SERVER


def test_a_server_that_is_busy_says_so(authority: Authority) -> None:
    busy = b"* BYE Too many connections from your address\r\n"
    with LineServer(busy, certificate=authority.good(), tls=True) as server:
        told = problem(lambda: greet(Protocol.IMAP, at(server.port)))
    assert told is ProblemId.TOO_MANY_CONNECTIONS


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that accepts and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_silence_ends_at_the_deadline(silent: int, security: Security) -> None:
    begun = time.monotonic()
    told = problem(lambda: greet(Protocol.IMAP, at(silent, security), seconds=0.3))
    assert told is ProblemId.SERVER_SILENT
    assert time.monotonic() - begun < 20


def test_a_name_that_is_never_answered_ends_at_the_deadline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The system's look-up is the one part that no server on loopback can hold up."""
    over = threading.Event()

    def waits(*_: object, **__: object) -> list[object]:
        over.wait()
        raise socket.gaierror(socket.EAI_AGAIN, "no answer")

    monkeypatch.setattr(socket, "getaddrinfo", waits)
    begun = time.monotonic()
    try:
        for _ in range(6):
            told = problem(lambda: greet(Protocol.IMAP, at(993, host="a.test"), seconds=0.2))
            assert told is ProblemId.SERVER_SILENT
        assert sum(thread.name == "look-up" for thread in threading.enumerate()) <= 4
    finally:
        over.set()
    assert time.monotonic() - begun < 20


def test_lines_without_end_are_not_kept(authority: Authority) -> None:
    flood = b"220-noise\r\n" * 100 + b"x" * 200_000
    with LineServer(flood, certificate=authority.good(), tls=True) as server:
        told = problem(lambda: greet(Protocol.SMTP, at(server.port)))
    assert told is ProblemId.NOT_A_MAIL_SERVER


def test_exchange_asks_for_a_sign_in(authority: Authority) -> None:
    asks = b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Negotiate\r\n\r\n"
    with LineServer(b"", {b"close": asks}, certificate=authority.good(), tls=True) as server:
        answer = greet_exchange(f"https://localhost:{server.port}/ews/exchange.asmx")
    assert answer == Greeting("HTTP/1.1 401 Unauthorized", "TLSv1.3")
    assert server.heard[0] == b"GET /ews/exchange.asmx HTTP/1.1"
    assert not any(line.lower().startswith(b"authorization") for line in server.heard)


@pytest.mark.parametrize("answer", [b"HTTP/1.1 404 Not Found\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_web_site_is_not_exchange(answer: bytes, authority: Authority) -> None:
    with LineServer(b"", {b"close": answer}, certificate=authority.good(), tls=True) as server:
        url = f"https://localhost:{server.port}/ews/exchange.asmx"
        assert problem(lambda: greet_exchange(url)) is ProblemId.NOT_A_MAIL_SERVER
