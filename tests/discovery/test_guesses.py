"""Usual names on usual ports, against Dovecot and servers that are none."""

from __future__ import annotations

import pytest

from omm_desktop.guide.discovery.candidate import Origin
from omm_desktop.model.account import Security, Server
from omm_desktop.model.problem import ProblemId
from tests.servers.certificates import Authority
from tests.servers.dns_server import DnsServer
from tests.servers.dovecot import Dovecot, DovecotOptions
from tests.servers.process import LOOPBACK
from tests.servers.scripted import ScriptedServer

from .conftest import DOMAIN, HOSTS, PASSWORD, Find


@pytest.fixture
def imap_name(names: DnsServer) -> str:
    names.zone[f"imap.{DOMAIN} A"] = [LOOPBACK]
    return f"imap.{DOMAIN}"


def test_dovecot_greets(
    find: Find, imap_name: str, authority: Authority, start_dovecot: object
) -> None:
    certificate = authority.named(*HOSTS)
    dovecot: Dovecot = start_dovecot(DovecotOptions(certificate=certificate))  # type: ignore[operator]
    best = find(ports={993: dovecot.tls_port}).best
    assert best is not None
    assert best.origin is Origin.GUESS
    assert best.imap == (Server(imap_name, 993, Security.TLS),)
    assert not best.needs_consent


def test_dovecot_is_asked_for_tls_on_the_old_port(
    find: Find, imap_name: str, authority: Authority, start_dovecot: object
) -> None:
    certificate = authority.named(*HOSTS)
    dovecot: Dovecot = start_dovecot(DovecotOptions(certificate=certificate))  # type: ignore[operator]
    best = find(ports={143: dovecot.port}).best
    assert best is not None
    assert best.imap == (Server(imap_name, 143, Security.STARTTLS),)


def test_a_server_with_a_certificate_for_another_name_is_not_taken(
    find: Find, imap_name: str, authority: Authority
) -> None:
    with ScriptedServer(certificate=authority.wrong_name()) as server:
        found = find(ports={993: server.port})
        assert found.candidates == ()
        assert found.problems[Origin.GUESS].id is ProblemId.CERTIFICATE_OTHER_NAME
        assert server.commands == []


def test_a_server_without_encryption_is_not_taken(find: Find, imap_name: str) -> None:
    refusing = ((rb"STARTTLS", b"{tag} BAD no\r\n"),)
    with ScriptedServer(refusing) as server:
        assert find(ports={143: server.port}).candidates == ()
        assert server.commands == [b"STARTTLS"]
        assert PASSWORD.encode() not in b"".join(server.commands)


def test_another_kind_of_server_is_not_taken(
    find: Find, imap_name: str, authority: Authority
) -> None:
    with ScriptedServer(greeting=b"220 smtp ready\r\n", certificate=authority.named(*HOSTS)) as one:
        assert find(ports={993: one.port}).candidates == ()
