"""Plans for Exchange that leave its address to be found, by the program itself."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from omm_desktop.app import CommandLineServices
from omm_desktop.cli.main import main
from omm_desktop.cli.migrate import Console
from omm_desktop.guide.discovery.network import Surroundings
from omm_desktop.guide.providers import providers
from omm_desktop.guide.resolver import NameServer
from omm_desktop.support.redact import Redactor
from tests.servers.account import TestAccount
from tests.servers.certificates import Authority
from tests.servers.dns_server import DnsServer
from tests.servers.ews import EwsServer
from tests.servers.ews.snapshot import snapshot_of
from tests.servers.fixtures import NewUser
from tests.servers.mailbox import MailFolder, load
from tests.servers.process import LOOPBACK
from tests.servers.proxy import Proxy

from .command import secrets_text
from .letters import letters

PASSWORD = "marker-0815-of-exchange"
ANNA = "anna@exchange.test"


@pytest.fixture
def old(new_dovecot_user: NewUser) -> TestAccount:
    account = new_dovecot_user()
    load(account, [MailFolder(("INBOX",), letters(0, 7))])
    return account


@pytest.fixture
def server(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[EwsServer]:
    """Exchange over TLS, behind a proxy that leads everything there."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    hosts = ("autodiscover.exchange.test", "mail.exchange.test", "mail.autre.test")
    with EwsServer(authority.named(*hosts)) as exchange, Proxy(exchange.port) as proxy:
        monkeypatch.setenv("https_proxy", f"http://{LOOPBACK}:{proxy.port}")
        exchange.add_mailbox(ANNA, PASSWORD)
        yield exchange
        exchange.journal.assert_nothing_sent()


@dataclass(frozen=True, slots=True)
class Person:
    """At a computer of one's own, with this plan for Exchange."""

    folder: Path
    names: DnsServer

    def migrate(self, old: TestAccount, where: str) -> tuple[int, dict[str, Any]]:
        plan = self.folder / "plan.toml"
        plan.write_text(
            f'[source]\nkind = "imap"\nhost = "{old.host}"\nport = {old.port}\n'
            f'security = "none"\nlogin = "{old.login}"\n'
            f'[destination]\nkind = "ews"\nlogin = "{ANNA}"\n{where}\n'
        )
        secrets = secrets_text(old, TestAccount(LOOPBACK, 443, ANNA, PASSWORD))
        output, errors = io.StringIO(), io.StringIO()
        redactor = Redactor()
        status = main(
            ["migrate", str(plan), "--secrets-stdin", "--state", str(self.folder), "--json"],
            CommandLineServices(redactor, self._around),
            Console(io.StringIO(secrets), output, errors),
        )
        assert PASSWORD not in output.getvalue() + errors.getvalue()
        assert PASSWORD not in redactor.clean(PASSWORD)
        return status, json.loads(output.getvalue())

    def _around(self) -> Surroundings:
        return Surroundings(providers(), [NameServer(LOOPBACK, self.names.port)])


@pytest.fixture
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with DnsServer({}) as names:
        yield Person(tmp_path, names)


def test_the_domain_tells_where_exchange_is(
    person: Person, old: TestAccount, server: EwsServer
) -> None:
    server.known_as = "mail.exchange.test"
    status, report = person.migrate(old, "")
    assert (status, report["stopped_by"]) == (0, None)
    assert len(snapshot_of(server, ANNA)["INBOX",]) == 7
    url = 'url = "https://mail.exchange.test/EWS/Exchange.asmx"'
    status, report = person.migrate(old, url)
    assert (status, report["totals"]["copied"]) == (0, 0)


def test_another_companys_host_is_used_once_it_is_named(
    person: Person, old: TestAccount, server: EwsServer
) -> None:
    server.known_as = "mail.autre.test"
    status, report = person.migrate(old, "")
    assert (status, report["stopped_by"]["code"]) == (4, "22-14")
    consent = report["stopped_by"]["detail"]
    assert consent == 'host = "mail.autre.test"'
    assert snapshot_of(server, ANNA) == {}
    status, report = person.migrate(old, consent)
    assert status == 0
    assert len(snapshot_of(server, ANNA)["INBOX",]) == 7
