"""Everything a person can get wrong in the window, on real servers: what is told, and where."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from omm_desktop import paths
from omm_desktop.model.report import Grade
from omm_desktop.ui.pages.account_page import AccountPage
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId
from tests.servers.account import TestAccount
from tests.servers.certificates import Authority
from tests.servers.dovecot import Dovecot, DovecotOptions
from tests.servers.fixtures import NewUser
from tests.servers.mailbox import MailFolder, Message, load, snapshot
from tests.servers.process import free_ports
from tests.servers.scripted import ScriptedServer

from .filling import choose_other_mailbox, fill, go_to_review
from .hands import Hands

StartDovecot = Callable[[DovecotOptions], Dovecot]

CATALOGUE = tomllib.loads((paths.resources() / "problems.toml").read_text(encoding="utf-8"))
MARKER = "marker-4711"
LETTER = Message(b"From: a@exemple.fr\r\nSubject: Lettre\r\n\r\nTexte\r\n", frozenset(), None)


@dataclass
class Person:
    """Types what is wrong, and reads what the window says about it."""

    hands: Hands
    window: Window

    def tries(self, page: AccountPage, account: TestAccount) -> None:
        fill(self.hands, page, account)
        self.hands.enter()
        self.hands.until(lambda: self.window.panel.isVisible() and not page.checking)

    def is_told(self, problem: str, code: str) -> None:
        """The entry of the catalogue with that code, in both languages, and no secret."""
        panel = self.window.panel
        assert code in CATALOGUE[problem]["codes"].values()
        for language in ("en", "fr"):
            self.window.use_language(language)  # type: ignore[arg-type]
            words = CATALOGUE[problem][language]
            assert panel.title.text() == f"!  {words['title']}"
            assert panel.remedy.text() == words["remedy"]
            assert panel.code.text() == f"Code {code}"
            assert words["cause"] in panel.details.text()
        shown = [label.text() for label in self.window.findChildren(QLabel)]
        assert not any("Traceback" in text or MARKER in text for text in shown)

    def is_led_to(self, field: QWidget) -> None:
        assert self.window.focusWidget() is field


@pytest.fixture
def person(hands: Hands, window: Window) -> Person:
    return Person(hands, window)


@pytest.fixture
def old(new_dovecot_user: NewUser) -> TestAccount:
    account = new_dovecot_user()
    load(account, [MailFolder(("INBOX",), [LETTER]), MailFolder(("Été",), [LETTER])])
    return account


def test_a_wrong_password_is_mended_in_place(person: Person, old: TestAccount) -> None:
    page = person.window.source
    person.tries(page, replace(old, password=MARKER))
    person.is_told("sign-in-refused", "11-01")
    person.is_led_to(page.form.password.edit)
    person.hands.type_into(page.form.password.edit, old.password)
    person.hands.enter()
    person.hands.wait_for(PageId.DESTINATION)


def test_an_unknown_host(person: Person, old: TestAccount, authority: Authority) -> None:
    lost = replace(old, host="imap.nowhere.invalid", tls=str(authority.path))
    person.tries(person.window.source, lost)
    person.is_told("server-not-found", "12-01")
    person.is_led_to(person.window.source.form.settings.host)


def test_a_wrong_port(person: Person, old: TestAccount) -> None:
    person.tries(person.window.source, old.through(free_ports(1)[0]))
    person.is_told("connection-refused", "12-03")
    person.is_led_to(person.window.source.form.settings.port)


def test_a_plain_server_on_a_tls_port(
    person: Person, old: TestAccount, authority: Authority
) -> None:
    person.tries(person.window.source, replace(old, tls=str(authority.path)))
    person.is_told("encryption-missing", "13-04")
    person.is_led_to(person.window.source.form.settings.security)


def test_another_service(person: Person, old: TestAccount) -> None:
    with ScriptedServer(greeting=b"220 smtp.example.test ESMTP\r\n") as server:
        person.tries(person.window.source, replace(server.account, login=old.login))
        person.is_told("not-a-mail-server", "12-05")


@pytest.mark.parametrize(
    ("flaw", "problem", "code"),
    [
        ("expired", "certificate-expired", "23-03"),
        ("wrong_name", "certificate-other-name", "23-02"),
        ("unknown", "certificate-untrusted", "23-01"),
    ],
)
def test_certificates(
    person: Person,
    old: TestAccount,
    start_dovecot: StartDovecot,
    authority: Authority,
    other_authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    flaw: str,
    problem: str,
    code: str,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    signer = other_authority if flaw == "unknown" else authority
    made = {"expired": signer.expired, "wrong_name": signer.wrong_name}.get(flaw, signer.good)
    server = start_dovecot(DovecotOptions(certificate=made()))
    new = TestAccount(
        "localhost", server.tls_port, "new@example.test", MARKER, tls=str(authority.path)
    )
    fill(person.hands, person.window.source, old)
    person.hands.enter()
    person.hands.wait_for(PageId.DESTINATION)
    choose_other_mailbox(person.hands, person.window)
    person.tries(person.window.destination, new)
    person.is_told(problem, code)
    assert "AUTH" not in server.log_text
    assert person.window.current_page_id is PageId.DESTINATION


def test_the_same_mailbox_twice(person: Person, old: TestAccount) -> None:
    fill(person.hands, person.window.source, old)
    person.hands.enter()
    person.hands.wait_for(PageId.DESTINATION)
    choose_other_mailbox(person.hands, person.window)
    person.tries(person.window.destination, old)
    person.is_told("same-mailbox", "28-05")


def test_a_full_destination(person: Person, old: TestAccount, new_dovecot_user: NewUser) -> None:
    load(old, [MailFolder(("INBOX",), [replace(LETTER, body=LETTER.body + b"x" * 5000)])])
    new = new_dovecot_user(quota_kib=2)
    go_to_review(person.hands, person.window, old, new)
    person.hands.until(person.window.panel.isVisible)
    person.is_told("mailbox-full", "26-01")
    person.hands.enter()
    assert person.window.current_page_id is PageId.REVIEW
    assert not any(snapshot(new).values())


def test_messages_and_folders_that_are_refused(
    person: Person, old: TestAccount, start_dovecot: StartDovecot
) -> None:
    """A mailbox that may only be read: the copy goes to its end and names what is missing."""
    server = start_dovecot(DovecotOptions(read_only=True))
    new = server.add_user("new@example.test", "secret")
    before = snapshot(old)
    go_to_review(person.hands, person.window, old, new)
    person.hands.enter()
    person.hands.wait_for(PageId.RESULT)
    result = person.window.result
    assert result.report is not None
    assert result.report.grade is Grade.INCOMPLETE
    for language in ("en", "fr"):
        person.window.use_language(language)  # type: ignore[arg-type]
        shown = [label.text() for label in result.findChildren(QLabel)]
        for problem, code in (("item-refused", "25-02"), ("folder-not-created", "24-03")):
            words = CATALOGUE[problem][language]
            assert words["title"] in shown
            assert words["remedy"] in shown
            assert any(text.endswith(f"Code {code}") for text in shown)
    assert snapshot(old) == before
