"""A mailbox read by POP through the window, by keyboard alone, between real servers."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from omm_desktop import checks
from omm_desktop.model.account import EndpointKind, Security
from omm_desktop.ui.services import Services
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId
from tests.servers.account import TestAccount
from tests.servers.certificates import Authority
from tests.servers.dovecot import Dovecot
from tests.servers.fixtures import NewUser
from tests.servers.mailbox import MailFolder, Message, load, snapshot

from .filling import choose_other_mailbox, fill
from .hands import Hands

LETTER = "Received: from a; Tue, 5 Mar 2019 10:00:{0:02} +0000\r\nSubject: {0}\r\n\r\n.{0}\r\n"


@pytest.fixture
def old(new_pop3_user: NewUser) -> TestAccount:
    account = new_pop3_user()
    letters = [Message(LETTER.format(n).encode()) for n in range(30)]
    load(account, [MailFolder(("INBOX",), letters), MailFolder(("Ailleurs",), letters[:3])])
    return account


def choose_pop(hands: Hands, window: Window) -> None:
    kind = window.source.form.settings.kind
    hands.tab_to(kind)
    while kind.currentData() != EndpointKind.POP3:
        hands.press(Qt.Key.Key_Down)


@pytest.fixture
def services(
    services: Services,
    pop3_dovecot: Dovecot,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
) -> Services:
    """The real check, which looks for IMAP where this Dovecot has it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    ports = {Security.TLS: pop3_dovecot.tls_port, Security.STARTTLS: pop3_dovecot.port}
    return replace(services, probe=partial(checks.probe, imap_ports=ports))


def test_the_inbox_by_pop_though_imap_answers(
    hands: Hands,
    window: Window,
    old: TestAccount,
    pop3_dovecot: Dovecot,
    new_pop3_user: NewUser,
) -> None:
    new, before = new_pop3_user(), snapshot(old)
    by_pop = pop3_dovecot.by_pop3(old)
    fill(hands, window.source, by_pop)
    choose_pop(hands, window)
    form = window.source.form
    assert "boîte de réception" in form.remark.text()
    assert form.remark_card.isVisible()
    hands.enter()
    hands.until(window.source.offer_card.isVisible)
    hands.tab_to(window.main_button)
    hands.press(Qt.Key.Key_Space)
    hands.wait_for(PageId.DESTINATION)
    choose_other_mailbox(hands, window)
    assert not window.destination.form.settings.kind.isVisible()
    fill(hands, window.destination, new)
    hands.enter()
    hands.wait_for(PageId.OPTIONS)
    assert window.options.only_inbox.isVisible()
    assert not window.options.folders_card.isVisible()
    hands.enter()
    hands.wait_for(PageId.REVIEW)
    assert window.draft.plan().source.kind is EndpointKind.POP3
    hands.enter()
    hands.wait_for(PageId.RESULT)
    assert window.result.headline.text() == "Tout est copié."
    copied = [message.sha256 for message in snapshot(new)["INBOX",]]
    assert sorted(copied) == sorted(message.sha256 for message in before["INBOX",])
    assert snapshot(old) == before


def test_imap_is_offered_where_it_answers(
    hands: Hands, window: Window, old: TestAccount, pop3_dovecot: Dovecot
) -> None:
    fill(hands, window.source, replace(pop3_dovecot.by_pop3(old), host="localhost"))
    choose_pop(hands, window)
    hands.enter()
    page = window.source
    hands.until(page.offer_card.isVisible)
    assert window.current_page_id is PageId.SOURCE
    assert QApplication.focusWidget() is page.use_imap
    hands.press(Qt.Key.Key_Space)
    hands.wait_for(PageId.DESTINATION)
    account = window.draft.source.account()
    assert account.kind is EndpointKind.IMAP
    assert (account.server.port, account.server.security) == (pop3_dovecot.tls_port, Security.TLS)
    assert window.draft.source.checked.items == 33


def test_a_known_provider_fills_the_settings_of_either_kind(hands: Hands, window: Window) -> None:
    form = window.source.form
    hands.type_into(form.address, "claire@gmail.com")
    hands.tab_to(form.fold)
    hands.press(Qt.Key.Key_Space)
    choose_pop(hands, window)
    assert (form.settings.host.text(), form.settings.port.text()) == ("pop.gmail.com", "995")
    assert "par POP" in form.known.text()
    hands.press(Qt.Key.Key_Up)
    assert (form.settings.host.text(), form.settings.port.text()) == ("imap.gmail.com", "993")
    assert not form.remark_card.isVisible()
