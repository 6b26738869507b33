"""Answers meant to hurt, or gone wrong: told by their name, within the deadline, bounded."""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
import tracemalloc
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

import pytest
import truststore

from omm_desktop.guide.discovery.candidate import Origin
from omm_desktop.guide.discovery.network import Network, Surroundings
from omm_desktop.guide.discovery.search import Search
from omm_desktop.model.problem import ProblemId
from tests.servers.certificates import Authority
from tests.servers.dns_server import DnsServer, Fault
from tests.servers.process import LOOPBACK
from tests.servers.web_server import Answer, WebServer, endless, leads_to, says

from .conftest import ADDRESS, DOMAIN, HOSTS, Find
from .test_origins import config

SECONDS = 1.5
LATE = 20.0
PLACE = f"autoconfig.{DOMAIN}/mail/config-v1.1.xml"
MEGABYTE = 1 << 20

BOMB = (
    b'<!DOCTYPE z [<!ENTITY a0 "ha">'
    + b"".join(b'<!ENTITY a%d "&a%d;&a%d;">' % (n, n - 1, n - 1) for n in range(1, 30))
    + b"]><clientConfig>&a29;</clientConfig>"
)
EXTERNAL = b'<!DOCTYPE z [<!ENTITY x SYSTEM "https://%s/spy">]><clientConfig>&x;</clientConfig>' % (
    DOMAIN.encode()
)
DOCTYPE = b'<!DOCTYPE z SYSTEM "https://%s/spy"><clientConfig/>' % DOMAIN.encode()

UNUSABLE: dict[str, Callable[[], Answer]] = {
    "fifty megabytes": lambda: endless(b" " * 65536, 50 * MEGABYTE),
    "compressed": lambda: says(b"\x1f\x8b" + b"\0" * 64, headers={"Content-Encoding": "gzip"}),
    "bomb": lambda: says(BOMB),
    "external entity": lambda: says(EXTERNAL),
    "document type": lambda: says(DOCTYPE),
    "no xml": lambda: says(b"<html><body>Bonjour<br></body>"),
    "odd encoding": lambda: says(b'<?xml version="1.0" encoding="zorglub"?><clientConfig/>'),
}


@pytest.fixture
def autoconfig(names: DnsServer, web: WebServer) -> WebServer:
    names.zone[f"autoconfig.{DOMAIN} A"] = [LOOPBACK]
    return web


@pytest.mark.parametrize("kind", UNUSABLE)
def test_an_unusable_settings_file(find: Find, autoconfig: WebServer, kind: str) -> None:
    autoconfig.answers[PLACE] = UNUSABLE[kind]()
    tracemalloc.start()
    found = find()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.candidates == ()
    assert found.problems[Origin.AUTOCONFIG].id is ProblemId.SETTINGS_FILE_UNUSABLE
    assert found.problem == found.problems[Origin.AUTOCONFIG]
    assert not [heard for heard in autoconfig.heard if heard.path == "/spy"]
    assert peak < 12 * MEGABYTE


def without_end(head: str, piece: bytes) -> Answer:
    """A chunked answer that goes on within what frames it."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{head}".encode())
        for _ in range(50 * MEGABYTE // len(piece)):
            handler.wfile.write(piece)

    return answer


def endless_redirect(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(f"HTTP/1.1 302 Found\r\nLocation: https://{DOMAIN}/\r\n\r\n".encode())
    for _ in range(50):
        handler.wfile.write(b" " * MEGABYTE)


BROKEN: dict[str, Callable[[], Answer]] = {
    "breaks off": lambda: says(b"<clientConfig/>", headers={"Content-Length": "1000"}),
    "no chunk": lambda: says(b"zzz\r\n", headers={"Transfer-Encoding": "chunked"}),
    "endless size of a chunk": lambda: without_end("", b"1" * 65536),
    "endless redirect": lambda: endless_redirect,
    "endless end": lambda: without_end("0\r\nX: ", b"y" * 65536),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_an_answer_that_breaks_the_rules_of_http(
    find: Find, autoconfig: WebServer, kind: str
) -> None:
    autoconfig.answers[PLACE] = BROKEN[kind]()
    tracemalloc.start()
    found = find()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.candidates == ()
    assert found.problems[Origin.AUTOCONFIG].id in (
        ProblemId.CONNECTION_LOST,
        ProblemId.SETTINGS_FILE_UNUSABLE,
    )
    assert peak < 12 * MEGABYTE


@pytest.mark.parametrize(
    "target",
    [
        f"http://{PLACE}",
        f"https://{PLACE}",
        f"https://{DOMAIN}/one",
        f"file://{DOMAIN}/etc/passwd",
        "https://[no-address/",
        f"https://{DOMAIN}:port/",
        f"https://autre.test\\@{DOMAIN}/",
    ],
    ids=["plain", "itself", "circle", "file", "no address", "no port", "two hosts"],
)
def test_a_redirect_that_leads_astray(find: Find, autoconfig: WebServer, target: str) -> None:
    autoconfig.answers[PLACE] = leads_to(target)
    autoconfig.answers[f"{DOMAIN}/one"] = leads_to(f"https://{DOMAIN}/other")
    autoconfig.answers[f"{DOMAIN}/other"] = leads_to(f"https://{DOMAIN}/one")
    found = find()
    assert found.candidates == ()
    assert found.problems[Origin.AUTOCONFIG].id is ProblemId.REDIRECT_REFUSED


def test_redirects_have_an_end(find: Find, autoconfig: WebServer) -> None:
    autoconfig.answers[PLACE] = leads_to("/step1")
    for step in range(1, 30):
        path = f"autoconfig.{DOMAIN}/step{step}"
        autoconfig.answers[path] = leads_to(f"/step{step + 1}")
    assert find().problems[Origin.AUTOCONFIG].id is ProblemId.REDIRECT_REFUSED
    assert len([heard for heard in autoconfig.heard if heard.path.startswith("/step")]) == 5


def test_a_certificate_for_another_name(find: Find, names: DnsServer, authority: Authority) -> None:
    names.zone[f"autoconfig.{DOMAIN} A"] = [LOOPBACK]
    with WebServer(authority.wrong_name()) as wrong:
        found = find(ports={443: wrong.port})
        assert found.candidates == ()
        assert found.problems[Origin.AUTOCONFIG].id is ProblemId.CERTIFICATE_OTHER_NAME
        assert wrong.heard == []


def test_an_authority_nobody_trusts(
    find: Find, names: DnsServer, other_authority: Authority
) -> None:
    names.zone[f"autoconfig.{DOMAIN} A"] = [LOOPBACK]
    with WebServer(other_authority.named(*HOSTS)) as wrong:
        found = find(ports={443: wrong.port})
        assert found.problems[Origin.AUTOCONFIG].id is ProblemId.CERTIFICATE_UNTRUSTED
        assert wrong.heard == []


def test_a_name_system_that_says_nothing(find: Find, names: DnsServer) -> None:
    names.fault = Fault.SILENCE
    begin = time.monotonic()
    found = find(seconds=SECONDS)
    assert time.monotonic() - begin < SECONDS + LATE
    assert found.candidates == ()
    assert found.problem is not None
    assert found.problem.id is ProblemId.NAME_SERVERS_SILENT


def test_no_name_server_at_all(find: Find) -> None:
    found = find(seconds=SECONDS, name_servers=())
    assert found.problem is not None
    assert found.problem.id is ProblemId.NAME_SERVERS_SILENT


def test_aliases_in_a_circle(find: Find, names: DnsServer) -> None:
    names.zone |= {
        f"autoconfig.{DOMAIN} CNAME": [f"autodiscover.{DOMAIN}."],
        f"autodiscover.{DOMAIN} CNAME": [f"autoconfig.{DOMAIN}."],
    }
    found = find()
    assert found.candidates == ()
    assert found.problems[Origin.AUTOCONFIG].id is ProblemId.ALIASES_IN_A_CIRCLE


@pytest.mark.parametrize("fault", ["silent", "dripping"])
def test_a_web_server_that_never_ends(find: Find, autoconfig: WebServer, fault: str) -> None:
    autoconfig.answers[PLACE] = getattr(autoconfig, fault)()
    begin = time.monotonic()
    found = find(seconds=SECONDS)
    assert time.monotonic() - begin < SECONDS + LATE
    assert found.candidates == ()
    assert found.problems[Origin.AUTOCONFIG].id is ProblemId.SERVER_SILENT


def test_a_cancelled_search_ends_at_once(surroundings: Surroundings, autoconfig: WebServer) -> None:
    drip, begun = autoconfig.dripping(), threading.Event()
    autoconfig.answers[PLACE] = lambda handler: drip(handler) if begun.set() is None else None
    search = Search(ADDRESS, surroundings, seconds=60)
    runner = threading.Thread(target=search.run)
    runner.start()
    begun.wait()
    begin = time.monotonic()
    search.cancel()
    runner.join()
    assert time.monotonic() - begin < 20
    for thread in threading.enumerate():
        if thread.name.startswith("search "):
            thread.join(20)
            assert not thread.is_alive()


@pytest.mark.parametrize(
    "address", ["claire", "claire@", "claire@localhost", "claire@-.-", "", f"claire@{'a.' * 120}fr"]
)
def test_what_is_no_domain(surroundings: Surroundings, address: str) -> None:
    with pytest.raises(ValueError, match=re.escape(address.rpartition("@")[2]) + "$"):
        Search(address, surroundings)


def test_a_silent_handshake_keeps_no_other_waiting(
    find: Find, names: DnsServer, web: WebServer
) -> None:
    """With the system's store, whose contexts let one handshake wait for the other."""
    names.zone |= {f"{name}.{DOMAIN} A": [LOOPBACK] for name in ("autoconfig", "imap")}
    second = f"autoconfig.{DOMAIN}/second.xml"
    web.answers[second] = says(config())
    with socket.create_server((LOOPBACK, 0)) as silent, ExitStack() as held:

        def once_a_handshake_has_begun(handler: BaseHTTPRequestHandler) -> None:
            connection = held.enter_context(silent.accept()[0])
            connection.recv(1)
            leads_to(f"https://{second}")(handler)

        web.answers[f"autoconfig.{DOMAIN}/mail/config-v1.1.xml"] = once_a_handshake_has_begun
        found = find(
            seconds=2.0,
            ports={993: silent.getsockname()[1]},
            new_context=lambda: truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        )
    assert found.best is not None
    assert found.best.origin is Origin.AUTOCONFIG


def test_what_ended_before_the_handshake_is_not_taken_for_protected(
    surroundings: Surroundings,
) -> None:
    system = replace(
        surroundings, new_context=lambda: truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    )
    network = Network(system, 2.0)
    with socket.create_server((LOOPBACK, 0)) as listener:
        ours = socket.create_connection(listener.getsockname(), timeout=5)
        ours.shutdown(socket.SHUT_RDWR)
        listener.accept()[0].close()
    while _is_connected(ours):
        pass
    with pytest.raises(ConnectionResetError):
        network.secure(ours, DOMAIN)
    network.end()


def _is_connected(connection: socket.socket) -> bool:
    try:
        connection.getpeername()
    except OSError:
        return False
    return True
