"""`omm-desktop diagnose` on a real name server: table, JSON, exit status, bad arguments."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from omm_desktop.cli import main as command_line
from omm_desktop.cli.main import is_command, main
from omm_desktop.cli.migrate import Console, Status
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.secret import Secrets
from tests.servers.dns_server import DnsServer, Fault

from .zones import CODE, DOMAIN, ELSEWHERE, OFFERS, SERVERS, Records, right_zone

PRO, MXPLAN = "ovh-emailpro", "ovh-mxplan-eu"


class NoCopies:
    def open_migration(
        self, plan: MigrationPlan, secrets: Secrets, state: Path | None
    ) -> command_line.Services:
        raise AssertionError("a diagnosis copies nothing")


class Terminal:
    """Runs the command in the language of the system and keeps what it said."""

    def __init__(self, server: DnsServer) -> None:
        self._server = server
        self.output = self.errors = ""

    def diagnose(self, *arguments: str, zone: Records | None = None) -> int:
        self._server.zone = dict(zone or {})
        output, errors = io.StringIO(), io.StringIO()
        console = Console(io.StringIO(), output, errors)
        given = ["diagnose", *arguments]
        if "--resolver" not in given:
            given += ["--resolver", self._server.address]
        status = main(given, NoCopies(), console)  # type: ignore[arg-type]
        self.output, self.errors = output.getvalue(), errors.getvalue()
        return status

    @property
    def answer(self) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.output)
        return answer

    def record(self, part: str) -> dict[str, Any]:
        return next(one for one in self.answer["records"] if one["part"] == part)


@pytest.fixture
def terminal(dns_server: DnsServer, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setattr(command_line, "system_language", lambda: "en")
    return Terminal(dns_server)


def test_it_is_a_command_and_not_for_the_window() -> None:
    assert is_command(["diagnose", DOMAIN])


@pytest.mark.parametrize("service", OFFERS)
def test_a_right_zone_ends_with_status_0(terminal: Terminal, service: str) -> None:
    status = terminal.diagnose(DOMAIN, "--offer", service, "--json", zone=right_zone(service))
    assert status == Status.COMPLETE
    assert terminal.answer["domain"] == DOMAIN
    assert terminal.answer["offer"] == service
    assert terminal.answer["to_change"] is False
    assert terminal.answer["problem"] is None
    assert terminal.answer["patience_hours"] == [4, 24]
    server = SERVERS.get(service, "")
    assert terminal.answer["server"] == server
    assert terminal.errors == ""


def test_something_to_change_ends_with_status_1(terminal: Terminal) -> None:
    zone = right_zone(PRO) | {f"{DOMAIN} MX": ELSEWHERE}
    status = terminal.diagnose(DOMAIN, "--offer", PRO, "--json", zone=zone)
    assert status == Status.SOME_FAILED
    record = terminal.record("mx")
    assert record["badge"] == "to-change"
    assert record["reason"] == "mx-elsewhere"
    assert record["found"] == ["10 mx.ancien.test.", "20 mx2.ancien.test."]
    assert record["expected"][0] == "1 mx0.mail.ovh.net."
    assert record["remedy"]
    assert [remark["reason"] for remark in record["remarks"]] == ["mx-filter"]


def test_the_table_says_it_in_words(terminal: Terminal) -> None:
    zone = right_zone(MXPLAN) | {f"{DOMAIN} MX": ELSEWHERE}
    assert terminal.diagnose(DOMAIN, "--offer", MXPLAN, zone=zone) == Status.SOME_FAILED
    said = terminal.output
    assert f"! to change · Incoming mail (MX) · {DOMAIN}" in said
    assert f"✓ up to date · Sending (SPF) · {DOMAIN}" in said
    assert "expected  1 mx0.mail.ovh.net.\n" in said
    assert "found     10 mx.ancien.test.\n" in said
    assert "1 record to change." in said
    assert "4 to 24 hours" in said
    assert "Name servers of the domain: dns1.example.test, ns1.example.test" in said


def test_it_speaks_french(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_line, "system_language", lambda: "fr")
    assert terminal.diagnose(DOMAIN, "--offer", MXPLAN, zone=right_zone(MXPLAN)) == 0
    assert f"✓ à jour · Réception (MX) · {DOMAIN}" in terminal.output
    assert "Rien à changer." in terminal.output


def test_number_and_code_are_taken(terminal: Terminal) -> None:
    zone = right_zone(PRO)
    arguments = (DOMAIN, "--offer", PRO, "--json", "--server", "pro4", "--code", "abcd1")
    assert terminal.diagnose(*arguments, zone=zone) == Status.SOME_FAILED
    assert terminal.record("autodiscover")["expected"] == ["0 0 443 pro4.mail.ovh.net."]
    ownership = terminal.record("ownership")
    assert ownership["name"] == f"{CODE}.{DOMAIN}"
    assert ownership["badge"] == "up-to-date"


def test_a_missing_answer_ends_with_status_4_and_a_code(
    terminal: Terminal, dns_server: DnsServer
) -> None:
    dns_server.faults[f"{DOMAIN} MX"] = Fault.SERVFAIL
    status = terminal.diagnose(DOMAIN, "--offer", MXPLAN, "--json", zone=right_zone(MXPLAN))
    assert status == Status.NOT_STARTED
    assert terminal.answer["problem"]["code"] == "42-03"
    assert terminal.record("mx")["problem"]["id"] == "name-servers-failing"
    assert terminal.record("spf")["badge"] == "up-to-date"
    assert "Code 42-03" in terminal.errors


def test_what_is_to_change_counts_more_than_what_was_not_answered(
    terminal: Terminal, dns_server: DnsServer
) -> None:
    dns_server.faults[f"{DOMAIN} TXT"] = Fault.REFUSED
    zone = right_zone(MXPLAN) | {f"{DOMAIN} MX": ELSEWHERE}
    assert terminal.diagnose(DOMAIN, "--offer", MXPLAN, zone=zone) == Status.SOME_FAILED


def test_a_domain_that_does_not_exist_ends_with_status_4(terminal: Terminal) -> None:
    assert terminal.diagnose(DOMAIN, "--offer", MXPLAN, "--json") == Status.NOT_STARTED
    assert terminal.answer["problem"]["code"] == "42-05"
    assert "Code 42-05" in terminal.errors


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((DOMAIN, "--offer", "ovh"), "ovh-mxplan-eu"),
        ((DOMAIN, "--offer", "gmail"), "gmail"),
        (("claire", "--offer", MXPLAN), "claire"),
        ((DOMAIN, "--offer", PRO, "--server", "ex3"), "ex3"),
        ((DOMAIN, "--offer", PRO, "--code", "a b"), "a b"),
        ((DOMAIN, "--offer", PRO, "--resolver", "127.0.0.1:x"), "127.0.0.1:x"),
        ((DOMAIN,), "--offer"),
        (("--offer", PRO), "DOMAIN"),
    ],
)
def test_bad_usage_ends_with_status_2(
    terminal: Terminal, dns_server: DnsServer, arguments: tuple[str, ...], said: str
) -> None:
    assert terminal.diagnose(*arguments) == Status.USAGE
    assert said in terminal.errors
    assert terminal.output == ""
    assert not dns_server.questions


def test_several_name_servers_may_be_given(terminal: Terminal, dns_server: DnsServer) -> None:
    with DnsServer() as broken:
        broken.fault = Fault.REFUSED
        given = ("--resolver", broken.address, "--resolver", dns_server.address)
        zone = right_zone(MXPLAN)
        assert terminal.diagnose(DOMAIN, "--offer", MXPLAN, *given, zone=zone) == Status.COMPLETE
        assert broken.questions
