"""Connecting and signing in: what is right works, what is wrong has its own problem."""

from __future__ import annotations

import base64
import re
import socket
import ssl
from collections.abc import Callable

import pytest

from omm_desktop.endpoints.imap.connection import Connection
from omm_desktop.model.account import Account, EndpointKind, Security, Server
from omm_desktop.model.problem import OmmError, OwnerNeeded, Place, ProblemId, TryAgain
from omm_desktop.model.secret import Secret
from tests.servers.account import TestAccount
from tests.servers.certificates import Authority
from tests.servers.dovecot import Dovecot, DovecotOptions
from tests.servers.scripted import ScriptedServer, hang_up, stay_silent

PLAIN = (rb"CAPABILITY", b"* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n")
PASSWORD = 'pass"word\\é'


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
    account = Account(EndpointKind.IMAP, login, Server(host, port, security))
    return Connection.open(
        account,
        Secret(password),
        Place.SOURCE,
        ssl_context=context,
        connect_seconds=seconds,
        read_seconds=seconds,
    )


def problem(*args: object, **options: object) -> OmmError:
    with pytest.raises(OmmError) as caught:
        attempt(*args, **options)  # type: ignore[arg-type]
    assert "secret" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_tls_with_an_authority_that_is_trusted(
    security: Security,
    dovecot: Dovecot,
    authority: Authority,
    new_dovecot_user: Callable[..., TestAccount],
) -> None:
    account = new_dovecot_user()
    context = ssl.create_default_context(cafile=str(authority.path))
    port = dovecot.tls_port if security is Security.TLS else dovecot.port
    connection = attempt("localhost", port, security, login=account.login, context=context)
    assert connection.has("IMAP4REV1")
    assert connection._client._imap.debug == 0
    connection.close()


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_an_unknown_authority_is_refused(security: Security, dovecot: Dovecot) -> None:
    port = dovecot.tls_port if security is Security.TLS else dovecot.port
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
    with ScriptedServer(certificate=getattr(authority, kind)()) as server:
        error = problem("localhost", server.port, Security.TLS, context=context)
    assert isinstance(error, OwnerNeeded)
    assert error.problem.id is id


def test_a_wrong_password(new_dovecot_user: Callable[..., TestAccount]) -> None:
    account = new_dovecot_user()
    error = problem(account.host, account.port, login=account.login, password="not-the-secret")
    assert isinstance(error, OwnerNeeded)
    assert error.problem.id is ProblemId.SIGN_IN_REFUSED


def test_a_password_with_every_kind_of_character(
    start_dovecot: Callable[[DovecotOptions], Dovecot],
) -> None:
    server = start_dovecot(DovecotOptions(capability="IMAP4rev1"))
    server.add_user("été", PASSWORD)
    attempt(server.host, server.port, login="été", password=PASSWORD).close()


def test_login_where_plain_is_not_offered() -> None:
    with ScriptedServer([PLAIN]) as server:
        attempt(server.host, server.port, login='a"b').close()
        assert b'LOGIN "a\\"b" "secret"' in server.commands


def test_login_with_literals() -> None:
    with ScriptedServer([PLAIN]) as server:
        attempt(server.host, server.port, password="é").close()
        assert any(command.startswith(b"LOGIN {7}") for command in server.commands)


def test_nothing_is_tried_after_a_refusal() -> None:
    with ScriptedServer(
        [PLAIN, (rb"LOGIN .*", b"{tag} NO [AUTHENTICATIONFAILED] no\r\n")]
    ) as server:
        assert problem(server.host, server.port).problem.id is ProblemId.SIGN_IN_REFUSED
        assert sum(command.startswith(b"LOGIN") for command in server.commands) == 1


def test_disabled_login_is_honoured() -> None:
    hidden = (rb"CAPABILITY", b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n{tag} OK done\r\n")
    with ScriptedServer([hidden]) as server:
        error = problem(server.host, server.port)
        assert error.problem.id is ProblemId.SIGN_IN_METHOD_UNAVAILABLE
        assert not any(b"secret" in command for command in server.commands)


def test_no_password_without_encryption_outside_this_computer() -> None:
    error = problem("192.0.2.1", 143)
    assert isinstance(error, OwnerNeeded)
    assert error.problem.id is ProblemId.ENCRYPTION_MISSING


def test_a_server_without_starttls_gets_no_password() -> None:
    with ScriptedServer([PLAIN]) as server:
        error = problem(server.host, server.port, Security.STARTTLS)
        assert error.problem.id is ProblemId.ENCRYPTION_MISSING
        assert not any(command.startswith(b"LOGIN") for command in server.commands)


def test_a_plain_server_on_a_tls_port() -> None:
    with ScriptedServer() as server:
        error = problem(server.host, server.port, Security.TLS)
        assert error.problem.id is ProblemId.ENCRYPTION_MISSING


def test_a_server_of_another_kind() -> None:
    with ScriptedServer(greeting=b"220 mail.example ESMTP\r\n") as server:
        error = problem(server.host, server.port)
        assert isinstance(error, OwnerNeeded)
        assert error.problem.id is ProblemId.NOT_A_MAIL_SERVER


def test_too_many_connections_at_the_greeting() -> None:
    with ScriptedServer(greeting=b"* BYE Too many connections\r\n") as server:
        error = problem(server.host, server.port)
        assert isinstance(error, TryAgain)
        assert error.problem.id is ProblemId.TOO_MANY_CONNECTIONS


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = problem("127.0.0.1", port)
    assert isinstance(error, TryAgain)
    assert error.problem.id is ProblemId.CONNECTION_REFUSED


def test_an_unknown_host() -> None:
    error = problem("no-such-host.invalid", 993, Security.TLS)
    assert isinstance(error, TryAgain)
    assert error.problem.id in (ProblemId.SERVER_NOT_FOUND, ProblemId.NO_NETWORK)


def test_a_silent_server() -> None:
    with ScriptedServer([PLAIN, (rb"LOGIN .*", stay_silent)]) as server:
        error = problem(server.host, server.port, seconds=0.3)
        assert isinstance(error, TryAgain)
        assert error.problem.id is ProblemId.SERVER_SILENT


def test_a_server_that_hangs_up() -> None:
    with ScriptedServer([PLAIN, (rb"LOGIN .*", hang_up)]) as server:
        error = problem(server.host, server.port)
        assert isinstance(error, TryAgain)
        assert error.problem.id is ProblemId.CONNECTION_LOST


@pytest.mark.parametrize("offered", [b"", b" AUTH=PLAIN SASL-IR", b" AUTH=PLAIN"])
@pytest.mark.parametrize("password", ['two  "secret" words', "s" * 400])
def test_a_server_that_repeats_the_command_does_not_make_us_repeat_the_password(
    offered: bytes, password: str
) -> None:
    def repeat(match: re.Match[bytes]) -> bytes:
        return b"{tag} NO not understood: " + match[0] + b"\r\n"

    steps = (
        (rb"CAPABILITY", b"* CAPABILITY IMAP4rev1" + offered + b"\r\n{tag} OK done\r\n"),
        (rb"(LOGIN|AUTHENTICATE).*", repeat),
    )
    with ScriptedServer(steps) as server, pytest.raises(OmmError) as caught:
        attempt(server.host, server.port, password=password)
    told = str(caught.value)
    encoded = base64.b64encode(f"\0someone\0{password}".encode()).decode()
    assert "not understood" in told
    assert encoded[:40] not in told
    assert not any(word in told for word in ("secret", "words", "s" * 20))
