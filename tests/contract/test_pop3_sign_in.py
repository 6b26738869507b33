"""Signing in by POP3: what is right works, what is wrong has its own problem."""

from __future__ import annotations

import base64
import re
import socket
import ssl

import pytest

from omm_desktop.endpoints.pop3.connection import Connection
from omm_desktop.endpoints.registry import open_destination
from omm_desktop.model.account import Account, EndpointKind, Security, Server
from omm_desktop.model.problem import OmmError, OwnerNeeded, Place, ProblemId, TryAgain
from omm_desktop.model.secret import Secret
from tests.servers.certificates import Authority
from tests.servers.dovecot import Dovecot
from tests.servers.fixtures import NewUser
from tests.servers.scripted import hang_up, stay_silent
from tests.servers.scripted_pop3 import ScriptedPop3, listing

SECURE = [Security.TLS, Security.STARTTLS]


def attempt(
    host: str,
    port: int,
    security: Security = Security.NONE,
    *,
    login: str = "someone",
    password: str = "secret",
    context: ssl.SSLContext | None = None,
    seconds: float = 20,
) -> Connection:
    return Connection.open(
        Account(EndpointKind.POP3, login, Server(host, port, security)),
        Secret(password),
        ssl_context=context,
        connect_seconds=seconds,
        read_seconds=seconds,
    )


def problem(*args: object, **options: object) -> OmmError:
    with pytest.raises(OmmError) as caught:
        attempt(*args, **options)  # type: ignore[arg-type]
    assert "secret" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("security", SECURE)
def test_tls_with_an_authority_that_is_trusted(
    security: Security, pop3_dovecot: Dovecot, authority: Authority, new_pop3_user: NewUser
) -> None:
    context = ssl.create_default_context(cafile=str(authority.path))
    port = pop3_dovecot.pop3_tls_port if security is Security.TLS else pop3_dovecot.pop3_port
    connection = attempt("localhost", port, security, login=new_pop3_user().login, context=context)
    assert "UIDL" in connection.capabilities
    connection.close()


@pytest.mark.parametrize("security", SECURE)
def test_an_unknown_authority_is_refused(security: Security, pop3_dovecot: Dovecot) -> None:
    port = pop3_dovecot.pop3_tls_port if security is Security.TLS else pop3_dovecot.pop3_port
    error = problem("localhost", port, security)
    assert isinstance(error, OwnerNeeded)
    assert error.problem.id is ProblemId.CERTIFICATE_UNTRUSTED


@pytest.mark.parametrize(
    ("kind", "id"),
    [
        ("expired", ProblemId.CERTIFICATE_EXPIRED),
        ("not_yet_valid", ProblemId.CERTIFICATE_NOT_YET_VALID),
        ("wrong_name", ProblemId.CERTIFICATE_OTHER_NAME),
    ],
)
def test_a_certificate_that_does_not_hold(kind: str, id: ProblemId, authority: Authority) -> None:
    context = ssl.create_default_context(cafile=str(authority.path))
    with ScriptedPop3(certificate=getattr(authority, kind)()) as server:
        error = problem("localhost", server.port, Security.TLS, context=context)
        assert not server.commands
    assert isinstance(error, OwnerNeeded)
    assert error.problem.id is id


def test_a_wrong_password(pop3_dovecot: Dovecot, new_pop3_user: NewUser) -> None:
    login = new_pop3_user().login
    error = problem(pop3_dovecot.host, pop3_dovecot.pop3_port, login=login, password="not-it")
    assert isinstance(error, OwnerNeeded)
    assert error.problem.id is ProblemId.SIGN_IN_REFUSED


def test_a_password_with_every_kind_of_character(pop3_dovecot: Dovecot) -> None:
    password = 'pass "word\\é '
    pop3_dovecot.add_user("pop3-été", password)
    port = pop3_dovecot.pop3_port
    attempt(pop3_dovecot.host, port, login="pop3-été", password=password).close()


def test_an_ordinary_session_that_read_nothing_ends_with_quit() -> None:
    with ScriptedPop3() as server:
        attempt(server.host, server.port, password="two words").close()
        assert server.commands == [b"CAPA", b"USER someone", b"PASS two words", b"CAPA", b"QUIT"]


def test_a_server_without_capa() -> None:
    with ScriptedPop3(steps=[(rb"CAPA", b"-ERR what?\r\n")]) as server:
        connection = attempt(server.host, server.port)
        assert connection.capabilities == {}
        connection.close()


def test_sign_in_where_only_sasl_is_offered() -> None:
    steps = [(rb"AUTH PLAIN", b"+ \r\n"), (rb"AHNvbWVvbmUAc2VjcmV0", b"+OK\r\n")]
    with ScriptedPop3(steps=steps, capabilities=["SASL LOGIN PLAIN"]) as server:
        attempt(server.host, server.port).close()
        assert not server.sent("PASS")


@pytest.mark.parametrize("offered", ["SASL XOAUTH2", "SASL"])
def test_no_password_for_a_server_that_takes_none(offered: str) -> None:
    with ScriptedPop3(capabilities=[offered]) as server:
        error = problem(server.host, server.port)
        assert error.problem.id is ProblemId.SIGN_IN_METHOD_UNAVAILABLE
        assert set(server.commands) == {b"CAPA"}


def test_no_password_without_encryption_outside_this_computer() -> None:
    error = problem("192.0.2.1", 110)
    assert isinstance(error, OwnerNeeded)
    assert error.problem.id is ProblemId.ENCRYPTION_MISSING


@pytest.mark.parametrize("steps", [[], [(rb"CAPA", b"-ERR what?\r\n")]])
def test_a_server_without_starttls_gets_no_password(steps: list[tuple[bytes, bytes]]) -> None:
    with ScriptedPop3(steps=steps) as server:
        error = problem(server.host, server.port, Security.STARTTLS)
        assert error.problem.id is ProblemId.ENCRYPTION_MISSING
        assert not server.sent("USER")


def test_a_plain_server_on_a_tls_port() -> None:
    with ScriptedPop3() as server:
        error = problem(server.host, server.port, Security.TLS)
        assert error.problem.id is ProblemId.ENCRYPTION_MISSING


@pytest.mark.parametrize("greeting", [b"* OK IMAP4rev1 ready\r\n", b"220 smtp.example.test\r\n"])
def test_a_server_of_another_kind(greeting: bytes) -> None:
    with ScriptedPop3(greeting=greeting) as server:
        error = problem(server.host, server.port)
        assert isinstance(error, OwnerNeeded)
        assert error.problem.id is ProblemId.NOT_A_MAIL_SERVER
        assert not server.commands


REFUSALS = [
    (b"[AUTH] Authentication failed.", ProblemId.SIGN_IN_REFUSED, OwnerNeeded),
    (b"invalid password", ProblemId.SIGN_IN_REFUSED, OwnerNeeded),
    (b"[IN-USE] Do you have another POP session running?", ProblemId.MAILBOX_IN_USE, TryAgain),
    (b"maildrop already locked", ProblemId.MAILBOX_IN_USE, TryAgain),
    (b"Unable to lock mailbox", ProblemId.MAILBOX_IN_USE, TryAgain),
    (b"[LOGIN-DELAY] wait 300 seconds", ProblemId.ASKED_TO_SLOW_DOWN, TryAgain),
    (b"[SYS/TEMP] mail store not available", ProblemId.ASKED_TO_SLOW_DOWN, TryAgain),
    (b"[SYS/PERM] not enabled for POP access", ProblemId.ACCESS_TURNED_OFF, OwnerNeeded),
    (b"[AUTH] Application-specific password required", ProblemId.APP_PASSWORD_NEEDED, OwnerNeeded),
    (b"account locked: too many failed logins", ProblemId.ACCOUNT_LOCKED, OwnerNeeded),
]


@pytest.mark.parametrize(("words", "id", "kind"), REFUSALS)
def test_refusals_by_their_words(words: bytes, id: ProblemId, kind: type[OmmError]) -> None:
    with ScriptedPop3(steps=[(rb"PASS .*", b"-ERR " + words + b"\r\n")]) as server:
        error = problem(server.host, server.port)
        assert len(server.sent("PASS")) == 1
    assert (error.problem.id, type(error)) == (id, kind)


def test_the_wait_a_server_asks_for() -> None:
    words = b"-ERR [LOGIN-DELAY] try again in 300 seconds\r\n"
    with ScriptedPop3(steps=[(rb"PASS .*", words)]) as server:
        error = problem(server.host, server.port)
    assert isinstance(error, TryAgain)
    assert error.after == 300


def test_a_refusal_in_place_of_a_greeting() -> None:
    with ScriptedPop3(greeting=b"-ERR [SYS/TEMP] too busy\r\n") as server:
        error = problem(server.host, server.port)
    assert isinstance(error, TryAgain)
    assert error.problem.id is ProblemId.ASKED_TO_SLOW_DOWN


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = problem("127.0.0.1", port)
    assert isinstance(error, TryAgain)
    assert error.problem.id is ProblemId.CONNECTION_REFUSED


def test_an_unknown_host() -> None:
    error = problem("no-such-host.invalid", 995, Security.TLS)
    assert error.problem.id in (ProblemId.SERVER_NOT_FOUND, ProblemId.NO_NETWORK)


@pytest.mark.parametrize(
    ("answer", "id"),
    [(stay_silent, ProblemId.SERVER_SILENT), (hang_up, ProblemId.CONNECTION_LOST)],
)
def test_a_server_that_says_no_more(answer: object, id: ProblemId) -> None:
    with ScriptedPop3(steps=[(rb"PASS .*", answer)]) as server:  # type: ignore[list-item]
        error = problem(server.host, server.port, seconds=0.3)
    assert isinstance(error, TryAgain)
    assert error.problem.id is id


@pytest.mark.parametrize("password", ['two  "secret" words', "s" * 400, "é secret"])
@pytest.mark.parametrize("offered", ["USER", "SASL PLAIN"])
def test_a_server_that_repeats_the_command_does_not_make_us_repeat_the_password(
    offered: str, password: str
) -> None:
    def repeat(match: re.Match[bytes]) -> bytes:
        return b"-ERR not understood: " + match[0] + b"\r\n"

    steps = [
        (rb"CAPA", listing([offered])),
        (rb"USER .*", b"+OK\r\n"),
        (rb"AUTH PLAIN", b"+ \r\n"),
        (rb".*", repeat),
    ]
    with ScriptedPop3(steps=steps) as server, pytest.raises(OmmError) as caught:
        attempt(server.host, server.port, password=password)
    told = str(caught.value)
    encoded = base64.b64encode(f"\0someone\0{password}".encode()).decode()
    assert "not understood" in told
    assert encoded[:40] not in told
    assert not any(word in told for word in ("secret", "words", "s" * 20))


def test_nothing_can_be_copied_into_a_pop3_mailbox() -> None:
    account = Account(EndpointKind.POP3, "a", Server("127.0.0.1", 110, Security.NONE))
    with pytest.raises(OwnerNeeded) as caught:
        open_destination(account, Secret("secret"))
    assert caught.value.problem.id is ProblemId.POP_CANNOT_RECEIVE
    assert caught.value.problem.place is Place.DESTINATION
