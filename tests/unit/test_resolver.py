"""Look-ups against a real DNS server on loopback: answers, absences, faults, deadlines."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from omm_desktop.guide.resolver import (
    Absence,
    Lookup,
    LookupFailed,
    LookupStopped,
    MailExchange,
    NameServer,
    Resolver,
    ServiceRecord,
    domain_name,
    system_name_servers,
)
from omm_desktop.model.problem import Place, ProblemId
from tests.servers.dns_server import DnsServer, Fault
from tests.servers.process import LOOPBACK

ZONE = {
    "example.test MX": ["5 MX1.mail.example.test.", "1 mx0.mail.example.test."],
    "none.test MX": ["0 ."],
    "_imap._tcp.none.test SRV": ["0 0 0 ."],
    "example.test TXT": [
        '"v=spf1 " "include:x.test ~all"', '"caf\\195\\169"', '"\\255"', '"a\\027[2Jb"',
    ],
    "_tcp.example.test SRV": ["10 0 443 b.test.", "0 1 443 c.test.", "0 9 443 a.test."],
    "www.example.test CNAME": ["web.example.test."],
    "web.example.test A": ["192.0.2.1", "192.0.2.2"],
    "web.example.test AAAA": ["2001:db8::1"],
    "huge.test TXT": [" ".join(f'"{"x" * 250}"' for _ in range(80))],
    "round.test CNAME": ["about.test."],
    "about.test CNAME": ["round.test."],
    **{f"a{n}.test CNAME": [f"a{n + 1}.test."] for n in range(30)},
    "xn--caf-dma.test A": ["192.0.2.3"],
}  # fmt: skip


@pytest.fixture
def server(dns_server: DnsServer) -> DnsServer:
    dns_server.zone = dict(ZONE)
    return dns_server


def resolver(*servers: DnsServer, seconds: float = 8.0) -> Resolver:
    return Resolver([NameServer(LOOPBACK, one.port) for one in servers], seconds)


def silent(server: DnsServer) -> DnsServer:
    server.fault = Fault.SILENCE
    return server


def test_mail_exchanges_come_in_rising_order(server: DnsServer) -> None:
    assert resolver(server).mx("example.test") == Lookup(
        (MailExchange(1, "mx0.mail.example.test"), MailExchange(5, "mx1.mail.example.test"))
    )
    assert resolver(server).mx("none.test").records == (MailExchange(0, ""),)


def test_services_come_in_the_order_to_try_them(server: DnsServer) -> None:
    found = resolver(server).srv("_tcp.example.test").records
    assert found == (
        ServiceRecord(0, 9, 443, "a.test"),
        ServiceRecord(0, 1, 443, "c.test"),
        ServiceRecord(10, 0, 443, "b.test"),
    )
    assert resolver(server).srv("_imap._tcp.none.test").records == (ServiceRecord(0, 0, 0, ""),)


def test_the_strings_of_a_text_are_joined_and_bad_bytes_replaced(server: DnsServer) -> None:
    found = resolver(server).txt("example.test").records
    assert sorted(found) == ["a�[2Jb", "café", "v=spf1 include:x.test ~all", "�"]


def test_addresses_are_found_behind_an_alias(server: DnsServer) -> None:
    found = resolver(server).a("www.example.test")
    assert sorted(found.records) == ["192.0.2.1", "192.0.2.2"]
    assert found.aliases == ("web.example.test",)
    assert resolver(server).aaaa("www.example.test").records == ("2001:db8::1",)
    assert resolver(server).cname("www.example.test") == Lookup(("web.example.test",))


def test_no_such_name_and_no_such_record_differ(server: DnsServer) -> None:
    assert resolver(server).mx("absent.test").absence is Absence.NO_SUCH_NAME
    assert resolver(server).srv("example.test").absence is Absence.NO_SUCH_RECORD
    assert resolver(server).txt("_tcp.none.test").absence is Absence.NO_SUCH_RECORD
    server.fault = Fault.NXDOMAIN
    assert resolver(server).mx("example.test").absence is Absence.NO_SUCH_NAME


def test_international_names_are_asked_for_in_ascii(server: DnsServer) -> None:
    assert resolver(server).a("CAFÉ.test").records == ("192.0.2.3",)
    assert server.questions[0].name == "xn--caf-dma.test"


def test_a_cut_answer_is_asked_for_again_over_tcp(server: DnsServer) -> None:
    (text,) = resolver(server).txt("huge.test").records
    assert len(text) == 20_000
    assert [one.transport for one in server.questions] == ["udp", "tcp"]
    server.faults["example.test MX"] = Fault.TRUNCATED
    assert len(resolver(server).mx("example.test").records) == 2


@pytest.mark.parametrize("name", ["round.test", "a0.test"])
def test_a_circle_or_an_endless_chain_of_aliases_is_told(server: DnsServer, name: str) -> None:
    with pytest.raises(LookupFailed) as caught:
        resolver(server).a(name)
    assert caught.value.problem.id is ProblemId.ALIASES_IN_A_CIRCLE
    assert caught.value.problem.place is Place.COMPUTER
    assert caught.value.problem.subject == name
    assert len(server.questions) <= 2


@pytest.mark.parametrize("fault", [Fault.SILENCE, Fault.WRONG_ID, Fault.SILENT_TCP])
def test_silence_ends_at_the_deadline(server: DnsServer, fault: Fault) -> None:
    server.fault = fault
    begun = time.monotonic()
    with pytest.raises(LookupFailed) as caught:
        resolver(server, seconds=0.5).mx("example.test")
    assert caught.value.problem.id is ProblemId.NAME_SERVERS_SILENT
    assert 0.5 <= time.monotonic() - begun < 20


@pytest.mark.parametrize("fault", [Fault.SERVFAIL, Fault.REFUSED])
def test_a_failing_server_is_asked_once_and_named(server: DnsServer, fault: Fault) -> None:
    server.fault = fault
    with pytest.raises(LookupFailed) as caught:
        resolver(server).mx("example.test")
    assert caught.value.problem.id is ProblemId.NAME_SERVERS_FAILING
    assert fault.name in caught.value.problem.detail
    assert len(server.questions) == 1


def test_garbage_is_no_answer(server: DnsServer) -> None:
    server.fault = Fault.GARBAGE
    with pytest.raises(LookupFailed):
        resolver(server, seconds=0.5).mx("example.test")


@pytest.mark.parametrize("fault", [Fault.SILENCE, Fault.SERVFAIL, Fault.GARBAGE])
def test_the_next_server_answers_for_one_that_does_not(server: DnsServer, fault: Fault) -> None:
    with DnsServer() as broken:
        broken.fault = fault
        assert resolver(broken, server).mx("example.test").records
        assert len(broken.questions) == 1


def test_a_server_that_was_silent_is_asked_last(server: DnsServer) -> None:
    with DnsServer() as dead:
        shared = resolver(silent(dead), server)
        for _ in range(5):
            assert shared.mx("example.test").records
        assert len(dead.questions) == 1


def test_without_a_name_server_nothing_is_found_out() -> None:
    with pytest.raises(LookupFailed) as caught:
        Resolver([]).mx("example.test")
    assert caught.value.problem.id is ProblemId.NAME_SERVERS_SILENT


def test_a_server_that_cannot_be_reached_is_told_at_once_with_its_cause() -> None:
    everybody = NameServer("255.255.255.255")
    with pytest.raises(LookupFailed) as caught:
        Resolver([everybody], seconds=60).mx("example.test")
    assert caught.value.problem.id is ProblemId.NAME_SERVERS_SILENT
    assert everybody.host in caught.value.problem.detail


def test_stopping_ends_a_look_up_before_its_deadline(server: DnsServer) -> None:
    stop = threading.Event()
    silent(server)
    asked = Resolver([NameServer(LOOPBACK, server.port)], 60, stop.is_set)
    with ThreadPoolExecutor() as pool:
        future = pool.submit(asked.mx, "example.test")
        stop.set()
        with pytest.raises(LookupStopped):
            future.result(10)


def test_many_threads_share_one_resolver(server: DnsServer) -> None:
    shared = resolver(server)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: shared.mx("example.test"), range(100)))
    assert all(len(answer.records) == 2 for answer in answers)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("192.0.2.1", NameServer("192.0.2.1", 53)),
        (" 127.0.0.1:5353 ", NameServer("127.0.0.1", 5353)),
        ("localhost:5353", NameServer("127.0.0.1", 5353)),
        ("[2001:db8::1]:54", NameServer("2001:db8::1", 54)),
        ("[2001:db8::1]", NameServer("2001:db8::1", 53)),
        ("2001:db8::1", NameServer("2001:db8::1", 53)),
    ],
)
def test_name_servers_as_people_write_them(text: str, expected: NameServer) -> None:
    found = NameServer.parse(text)
    assert found.port == expected.port
    assert found.host == expected.host or "localhost" in text


@pytest.mark.parametrize("text", ["", ":53", "a.test:x", "1.2.3.4:0", "1.2.3.4:70000", "[::1]x"])
def test_what_is_no_name_server_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        NameServer.parse(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" Example.TEST. ", "example.test"),
        ("café.fr", "xn--caf-dma.fr"),
        ("ＥＸＡＭＰＬＥ.fr", "example.fr"),
        ("xn--caf-dma.fr", "xn--caf-dma.fr"),
    ],
)
def test_domains_as_people_write_them(text: str, expected: str) -> None:
    assert domain_name(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", ".", "example", "a..test", "a b.test", "me@a.test", "https://a.test", "é" * 70 + ".fr",
     "x." * 130 + "test", "_tcp.example.test", "-.test", "a\x00b.test"],
)  # fmt: skip
def test_what_is_no_domain_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        domain_name(text)


def test_the_name_servers_of_this_computer_are_addresses() -> None:
    for found in system_name_servers():
        assert NameServer.parse(found.host).host == found.host
