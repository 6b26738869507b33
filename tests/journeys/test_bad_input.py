"""Everything a person can get wrong: a code, what happened and what to do, in two languages."""

from __future__ import annotations

import base64
import itertools
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.servers.account import TestAccount
from tests.servers.certificates import Authority
from tests.servers.cyrus import Cyrus
from tests.servers.dovecot import Dovecot, DovecotOptions
from tests.servers.mailbox import MailFolder, Snapshot, compare, load, snapshot
from tests.servers.process import free_ports
from tests.servers.scripted import ScriptedServer

from .command import CHECKOUT, CommandLine, Ended, plan_text
from .letters import letter, letters
from .untouched import untouched

MARKER = "marker-4711-of-the-old"
NEW_MARKER = "marker-0815-of-the-new"
CATALOGUE = tomllib.loads((CHECKOUT / "resources" / "problems.toml").read_text(encoding="utf-8"))
MAILBOX = (MailFolder(("INBOX",), letters(0, 3)), MailFolder(("Été",), letters(3, 2)))
LARGE = 200_000
SMALL_MAIL_ONLY = "plugin {\n  quota_max_mail_size = 100k\n}\n"

_numbers = itertools.count(1)


@dataclass
class Case:
    """Two mailboxes with passwords that must never be written down, and a computer."""

    server: Dovecot
    command: CommandLine
    language: str

    def __post_init__(self) -> None:
        self.old = self.server.add_user(f"bad{next(_numbers)}", MARKER)
        self.new = self.server.add_user(f"bad{next(_numbers)}", NEW_MARKER)
        load(self.old, MAILBOX)

    def refused(
        self,
        problem: str,
        code: str,
        *,
        status: int = 4,
        source: TestAccount | None = None,
        destination: TestAccount | None = None,
        plan: str | None = None,
        **options: object,
    ) -> Ended:
        """Run it: it ends before the first byte, with that entry of the catalogue."""
        source, destination = source or self.old, destination or self.new
        plan = plan if plan is not None else plan_text(source, destination, **options)
        with untouched(self.old):
            ended = self.command.run(plan, source, destination)
        assert not any(snapshot(self.new).values())
        assert ended.status == status, ended.errors
        self.assert_told(ended.errors, problem, code)
        if status == 4:
            assert (ended.code, ended.report["grade"]) == (code, "not-started")
        self.assert_kept_secret(ended, source, destination)
        return ended

    def assert_told(self, text: str, problem: str, code: str) -> None:
        words = CATALOGUE[problem][self.language]
        assert code in CATALOGUE[problem]["codes"].values()
        for part in (code, words["title"], words["remedy"]):
            assert part in text
        assert "Traceback" not in text

    def assert_kept_secret(self, ended: Ended, *accounts: TestAccount) -> None:
        """No password is in the outputs or in any file, neither plain nor as it was sent."""
        files = [path for path in self.command.folder.rglob("*") if path.is_file()]
        assert files
        found = [ended.output.encode(), ended.errors.encode(), *map(Path.read_bytes, files)]
        for account in (self.old, self.new, *accounts):
            sent = base64.b64encode(f"\0{account.login}\0{account.password}".encode())
            for secret in (account.password.encode(), sent):
                assert not any(secret in content for content in found), account.login


@pytest.fixture(params=["en", "fr"])
def case(request: pytest.FixtureRequest, dovecot: Dovecot, command: CommandLine) -> Case:
    command.language = request.param
    return Case(dovecot, command, request.param)


def test_wrong_passwords(case: Case) -> None:
    wrong = replace(case.old, password="marker-wrong-1")
    case.refused("sign-in-refused", "11-01", source=wrong)
    wrong = replace(case.new, password="marker-wrong-2")
    case.refused("sign-in-refused", "21-01", destination=wrong)


def test_a_server_that_repeats_the_password(case: Case) -> None:
    refusal = b"{tag} NO LOGIN someone %b is wrong\r\n" % MARKER.encode()
    abilities = b"* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n"
    with ScriptedServer([(rb"CAPABILITY", abilities), (rb"LOGIN .*", refusal)]) as server:
        parrot = replace(server.account, password=MARKER)
        case.refused("sign-in-refused", "11-01", source=parrot)


def test_an_unknown_host(case: Case, authority: Authority) -> None:
    lost = replace(case.old, host="imap.nowhere.invalid", tls=str(authority.path))
    case.refused("server-not-found", "12-01", source=lost)


def test_a_wrong_port(case: Case) -> None:
    case.refused("connection-refused", "22-03", destination=case.new.through(free_ports(1)[0]))


def test_a_plain_server_on_a_tls_port(case: Case, authority: Authority) -> None:
    case.refused("encryption-missing", "13-04", source=replace(case.old, tls=str(authority.path)))


def test_another_service(case: Case) -> None:
    with ScriptedServer(greeting=b"220 smtp.example.test ESMTP\r\n") as server:
        case.refused("not-a-mail-server", "22-05", destination=server.account)


StartDovecot = Callable[[DovecotOptions], Dovecot]


@pytest.mark.parametrize(
    ("flaw", "problem", "code"),
    [
        ("expired", "certificate-expired", "23-03"),
        ("wrong_name", "certificate-other-name", "23-02"),
        ("unknown", "certificate-untrusted", "23-01"),
    ],
)
def test_certificates(
    case: Case,
    start_dovecot: StartDovecot,
    authority: Authority,
    other_authority: Authority,
    flaw: str,
    problem: str,
    code: str,
) -> None:
    signer = other_authority if flaw == "unknown" else authority
    certificate = {"expired": signer.expired, "wrong_name": signer.wrong_name}.get(
        flaw, signer.good
    )
    server = start_dovecot(DovecotOptions(certificate=certificate()))
    server.add_user("new", NEW_MARKER)
    there = TestAccount("localhost", server.tls_port, "new", NEW_MARKER, tls=str(authority.path))
    case.command.environment = {"SSL_CERT_FILE": str(authority.path)}
    case.refused(problem, code, destination=there)
    assert "AUTH" not in server.log_text


def test_a_trusted_certificate(case: Case, authority: Authority) -> None:
    """The same trust, and a server that deserves it."""
    case.command.environment = {"SSL_CERT_FILE": str(authority.path)}
    secure = replace(case.new, host="localhost", port=case.server.tls_port, tls=str(authority.path))
    with untouched(case.old) as before:
        ended = case.command.migrate(case.old, secure)
    assert ended.status == 0
    assert compare(before, snapshot(case.new)) == []
    case.assert_kept_secret(ended)


def test_the_same_mailbox_twice(case: Case) -> None:
    shouted = replace(case.old, login=case.old.login.upper())
    case.refused("same-mailbox", "28-05", status=2, destination=shouted)


def test_a_full_mailbox(case: Case, cyrus: Cyrus) -> None:
    load(case.old, [MailFolder(("INBOX",), [letter(90, LARGE)])])
    for server in (case.server, cyrus):
        full = server.add_user(f"full{next(_numbers)}", NEW_MARKER, quota_kib=50)
        case.refused("mailbox-full", "26-01", destination=full)
        assert not any(snapshot(full).values())


def test_a_message_too_big(case: Case, start_dovecot: StartDovecot) -> None:
    """One message is told, the others arrive; where the server relents, the next run brings it."""
    load(case.old, [MailFolder(("INBOX",), [letter(90, LARGE)])])
    server = start_dovecot(DovecotOptions(settings=SMALL_MAIL_ONLY))
    new = server.add_user("new", NEW_MARKER)
    case.command.as_json = False
    with untouched(case.old) as before:
        ended = case.command.migrate(case.old, new)
        assert ended.status == 1, ended.errors
        case.assert_told(ended.output, "item-too-big", "25-03")
        case.assert_kept_secret(ended)
        assert compare(small_mail_of(before), snapshot(new)) == []
        server.restart(DovecotOptions())
        assert case.command.migrate(case.old, new).status == 0
        assert compare(before, snapshot(new)) == []


def test_what_is_too_big_is_told_before_the_first_byte(
    case: Case, start_dovecot: StartDovecot
) -> None:
    """Where the server tells its limit (RFC 7889), the others arrive without a refusal."""
    load(case.old, [MailFolder(("INBOX",), [letter(90, LARGE)])])
    server = start_dovecot(DovecotOptions(capability=f"+APPENDLIMIT={LARGE // 2}", rawlog=True))
    new = server.add_user("new", NEW_MARKER)
    with untouched(case.old) as before:
        ended = case.command.migrate(case.old, new)
    assert ended.status == 1, ended.errors
    told = {"en": "1 message is above the 100 kB", "fr": "1 message dépasse les 100"}
    copying = {"en": "\nCopying", "fr": "\nCopie"}
    at = ended.errors.index(told[case.language])
    assert at < ended.errors.index(copying[case.language])
    assert [one["code"] for one in ended.report["failed"]] == ["25-03"]
    assert compare(small_mail_of(before), snapshot(new)) == []


def test_messages_refused(case: Case, start_dovecot: StartDovecot) -> None:
    """A mailbox that may only be read: nothing arrives, each message and folder is told."""
    server = start_dovecot(DovecotOptions(read_only=True))
    new = server.add_user("new", NEW_MARKER)
    with untouched(case.old):
        ended = case.command.migrate(case.old, new)
        assert ended.status == 1, ended.errors
        assert not any(snapshot(new).values())
        failed = sorted((one["folder"], one["code"]) for one in ended.report["failed"])
        assert failed == [("INBOX", "25-02")] * 3 + [("Été", "24-03")]
        case.command.as_json = False
        told = case.command.migrate(case.old, new)
        case.assert_told(told.output, "item-refused", "25-02")
        case.assert_told(told.output, "folder-not-created", "24-03")
        case.assert_kept_secret(ended)


def small_mail_of(mailbox: Snapshot) -> Snapshot:
    return {
        path: [mail for mail in folder if mail.size < LARGE // 2]
        for path, folder in mailbox.items()
    }


def without(key: str) -> Callable[[str], str]:
    return lambda plan: "\n".join(
        line for line in plan.splitlines() if not line.startswith(f"{key} =")
    )


def instead(old: str, new: str) -> Callable[[str], str]:
    return lambda plan: plan.replace(old, new)


PLANS: dict[str, tuple[Callable[[str], str], str]] = {
    "missing field": (without("login"), "source.login"),
    "missing part": (lambda plan: plan.partition("[destination]")[0], "destination"),
    "unknown key": (instead("[options]", "[options]\ncolour = 1"), "options.colour"),
    "port as a text": (instead("port = ", 'port = "143" # '), "source.port"),
    "unknown kind": (instead('kind = "imap"', 'kind = "gopher"'), "source.kind"),
    "password inside": (
        instead("[destination]", f'password = "{MARKER}"\n[destination]'),
        "source.password",
    ),
    "no toml": (instead("[source]", "[source"), "plan.toml"),
    "empty": (lambda plan: "", "source"),
}


@pytest.mark.parametrize("flaw", PLANS)
def test_an_unreadable_plan(case: Case, flaw: str) -> None:
    spoil, field = PLANS[flaw]
    plan = spoil(plan_text(case.old, case.new))
    with untouched(case.old):
        ended = case.command.run(plan, case.old, case.new)
    assert (ended.status, ended.output) == (2, "")
    assert field in ended.errors
    case.assert_told(ended.errors, "plan-unreadable", "48-03")
    assert MARKER not in ended.errors
    assert not any(snapshot(case.new).values())


def test_plain_text_across_the_network(case: Case) -> None:
    away = replace(case.new, host="192.0.2.7")
    case.refused("encryption-missing", "23-04", status=2, destination=away)


@pytest.mark.parametrize(
    "text", ["", "hello", "[]", '{"source": {"password": "marker-x"}}', '{"source": "marker-x"}']
)
def test_passwords_that_cannot_be_read(
    command: CommandLine, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    account: Any = TestAccount("127.0.0.1", 1, "a", "b")
    monkeypatch.setattr("tests.journeys.command.secrets_text", lambda *_: text)
    ended = command.run(plan_text(account, replace(account, login="b")), account, account)
    assert (ended.status, ended.output) == (2, "")
    assert ended.errors.strip()
    assert "Traceback" not in ended.errors
    assert "marker" not in ended.errors
