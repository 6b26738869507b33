"""Looking for IMAP where somebody reads a mailbox by POP: verified, and without any password."""

from __future__ import annotations

import ssl

import pytest

from omm_desktop.checks import imap_beside, imap_hosts
from omm_desktop.model.account import Account, EndpointKind, Security, Server
from tests.servers.certificates import Authority
from tests.servers.dovecot import Dovecot
from tests.servers.scripted import ScriptedServer

NOWHERE = 9


def pop_account(host: str, address: str = "") -> Account:
    return Account(EndpointKind.POP3, "moi", Server(host, 995, Security.TLS), address)


@pytest.fixture
def context(authority: Authority) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(authority.path))


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_imap_that_answers_over_a_verified_connection(
    security: Security, dovecot: Dovecot, context: ssl.SSLContext
) -> None:
    port = dovecot.tls_port if security is Security.TLS else dovecot.port
    ports = {Security.TLS: NOWHERE, Security.STARTTLS: NOWHERE, security: port}
    found = imap_beside(pop_account("localhost"), ports, context)
    assert found == Server("localhost", port, security)


def test_a_server_nobody_vouches_for_is_not_offered(dovecot: Dovecot) -> None:
    ports = {Security.TLS: dovecot.tls_port, Security.STARTTLS: dovecot.port}
    assert imap_beside(pop_account("localhost"), ports) is None


def test_nothing_but_a_greeting_is_exchanged(authority: Authority, context: ssl.SSLContext) -> None:
    with ScriptedServer(certificate=authority.good()) as server:
        ports = {Security.TLS: server.port, Security.STARTTLS: NOWHERE}
        assert imap_beside(pop_account("localhost"), ports, context) is not None
    assert set(server.commands) <= {b"LOGOUT"}


def test_who_reads_by_imap_is_offered_nothing(dovecot: Dovecot, context: ssl.SSLContext) -> None:
    account = Account(EndpointKind.IMAP, "moi", Server("localhost", 993, Security.TLS))
    ports = {Security.TLS: dovecot.tls_port, Security.STARTTLS: dovecot.port}
    assert imap_beside(account, ports, context) is None


@pytest.mark.parametrize(
    ("host", "address", "hosts"),
    [
        ("pop.free.fr", "moi@free.fr", ("imap.free.fr", "pop.free.fr")),
        ("POP3.b.test", "moi@a.test", ("imap.b.test", "POP3.b.test", "imap.a.test")),
        ("ssl0.ovh.net", "moi@a.test", ("ssl0.ovh.net", "imap.a.test")),
        ("127.0.0.1", "moi@a.test", ("127.0.0.1",)),
        ("pop", "moi", ("pop",)),
        ("pop.test", "moi@pop.test", ("pop.test", "imap.pop.test")),
    ],
)
def test_where_imap_is_likely(host: str, address: str, hosts: tuple[str, ...]) -> None:
    assert imap_hosts(pop_account(host, address)) == hosts
