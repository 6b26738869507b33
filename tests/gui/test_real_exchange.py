"""Mail to and from Exchange through the window, by keyboard alone, between real servers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt

from omm_desktop.model.account import Access, EndpointKind
from omm_desktop.model.items import ItemKind
from omm_desktop.model.settings import SettingKind
from omm_desktop.ui.pages.account_page import AccountPage
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.probe_result import ProbeStep
from tests.servers.account import TestAccount
from tests.servers.ews import EwsServer
from tests.servers.ews.reached import mailbox_of as reached
from tests.servers.ews.snapshot import snapshot_of
from tests.servers.ews.soap import make
from tests.servers.fixtures import NewUser
from tests.servers.mailbox import MailFolder, Message, load, snapshot

from .filling import LETTER, choose_exchange, choose_other_mailbox, fill
from .hands import Hands

ANNA, BORIS = "anna@exchange.test", "boris@exchange.test"
NNBSP = "\u202f"


@pytest.fixture(autouse=True)
def nothing_sent(exchange: EwsServer) -> Iterator[None]:
    exchange.add_mailbox(BORIS)
    yield
    exchange.journal.assert_nothing_sent()


@pytest.fixture
def old(new_dovecot_user: NewUser) -> TestAccount:
    account = new_dovecot_user()
    letters = [Message(LETTER.format(n).encode()) for n in range(25)]
    load(account, [MailFolder(("INBOX",), letters), MailFolder(("Clients",), letters[:5])])
    return account


def fill_exchange(hands: Hands, page: AccountPage, account: TestAccount) -> None:
    """Address, password, and the whole URL where EWS answers; then whose mailbox it is."""
    form = page.form
    settings = form.settings
    hands.type_into(form.address, account.login)
    hands.type_into(form.password.edit, account.password)
    if not settings.isVisible():
        hands.tab_to(form.fold)
        hands.press(Qt.Key.Key_Space)
    if page.account.kind is not EndpointKind.EWS:
        hands.tab_to(settings.kind)
        while settings.kind.currentData() != EndpointKind.EWS:
            hands.press(Qt.Key.Key_Down)
    assert not settings.port.isVisible()
    hands.type_into(settings.host, account.url)
    hands.type_into(settings.login, account.login)
    if account.mailbox:
        hands.tab_to(settings.other.box)
        hands.press(Qt.Key.Key_Space)
        hands.type_into(settings.other.address, account.mailbox)
        hands.tab_to(settings.other.access)
        while settings.other.access.currentData() != account.access:
            hands.press(Qt.Key.Key_Down)


def to_the_end(hands: Hands, window: Window) -> None:
    """From the options page, nothing changed there."""
    hands.enter()
    hands.wait_for(PageId.OPTIONS)
    hands.enter()
    hands.wait_for(PageId.REVIEW)
    plan = window.draft.plan()
    hands.enter()
    hands.wait_for(PageId.RESULT)
    assert window.result.headline.text() == "Tout est copié."
    assert window.services.history.runs()[0].plan == plan


def test_mail_to_the_mailbox_of_another_person_on_exchange(
    hands: Hands, window: Window, old: TestAccount, exchange: EwsServer
) -> None:
    exchange.allow_impersonation(ANNA)
    account = reached(exchange, ANNA, mailbox=BORIS, access=Access.IMPERSONATION)
    fill(hands, window.source, old)
    hands.enter()
    hands.wait_for(PageId.DESTINATION)
    choose_exchange(hands, window)
    fill_exchange(hands, window.destination, account)
    assert BORIS in window.destination.form.remark.text()
    to_the_end(hands, window)
    assert {path: len(mail) for path, mail in snapshot_of(exchange, BORIS).items()} == {
        ("INBOX",): 25,
        ("Clients",): 5,
    }
    assert snapshot_of(exchange, ANNA) == {}


def test_mail_from_exchange(
    hands: Hands, window: Window, exchange: EwsServer, new_dovecot_user: NewUser
) -> None:
    new = new_dovecot_user()
    inbox = exchange.store.mailboxes[ANNA].distinguished("inbox")
    for number in range(8):
        exchange.deliver(inbox, LETTER.format(number).encode())
    fill_exchange(hands, window.source, reached(exchange, ANNA))
    hands.enter()
    hands.wait_for(PageId.DESTINATION)
    assert window.source.form.known.text().startswith("127.0.0.1, par Exchange")
    choose_other_mailbox(hands, window)
    fill(hands, window.destination, new)
    to_the_end(hands, window)
    assert len(snapshot(new)["INBOX",]) == 8


@pytest.mark.parametrize(
    ("password", "mailbox", "code", "passed"),
    [
        ("faux", "", "11-01", [ProbeStep.SERVER, ProbeStep.PROTECTION]),
        ("secret", BORIS, "18-06", [ProbeStep.SERVER, ProbeStep.PROTECTION, ProbeStep.SIGN_IN]),
    ],
)
def test_the_step_that_fails_is_the_diagnosis(
    hands: Hands,
    window: Window,
    exchange: EwsServer,
    password: str,
    mailbox: str,
    code: str,
    passed: list[ProbeStep],
) -> None:
    account = reached(exchange, ANNA, password=password, mailbox=mailbox)
    fill_exchange(hands, window.source, account)
    hands.enter()
    hands.until(window.panel.isVisible)
    assert code in window.panel.code.text()
    lines = window.source.check_list._lines
    assert [step for step, line in lines.items() if line.text().startswith("✓")] == passed
    form = window.source.form
    expected = form.settings.other.address if mailbox else form.password.edit
    assert window.focusWidget() is expected


def test_exchange_online_is_refused_without_a_word_to_the_network(
    hands: Hands, window: Window, exchange: EwsServer
) -> None:
    account = reached(exchange, ANNA)
    fill_exchange(hands, window.source, account)
    hands.type_into(window.source.form.settings.host, "outlook.office365.com")
    hands.enter()
    hands.until(window.panel.isVisible)
    assert "18-02" in window.panel.code.text()
    hands.press(Qt.Key.Key_F6)
    hands.press(Qt.Key.Key_Space)
    reference = window.beside.reference
    assert reference is not None
    assert reference.view.guide_card.isVisible()
    assert not reference.view.service.takes_password
    reference.close()


@pytest.fixture
def full(exchange: EwsServer) -> None:
    """Two letters, three people, an event; no task."""
    anna = exchange.store.mailboxes[ANNA]
    for number in range(2):
        exchange.deliver(anna.distinguished("inbox"), LETTER.format(number).encode())
    for name in ("Ada", "Grace", "Hedy"):
        person = make("t:Contact", make("t:DisplayName", name), make("t:GivenName", name))
        exchange.put(anna.distinguished("contacts"), person)
    event = make(
        "t:CalendarItem",
        make("t:Subject", "Rentrée"),
        make("t:Start", "2026-09-01T08:00:00Z"),
        make("t:End", "2026-09-01T09:00:00Z"),
    )
    exchange.put(anna.distinguished("calendar"), event)


def held(exchange: EwsServer, who: str) -> list[int]:
    """Items in the usual folders of each kind."""
    mailbox = exchange.store.mailboxes[who]
    names = ("inbox", "contacts", "calendar", "tasks")
    return [len(mailbox.distinguished(name).items) for name in names]


@pytest.mark.usefixtures("full")
def test_people_and_days_from_exchange_to_exchange(
    hands: Hands, window: Window, exchange: EwsServer
) -> None:
    fill_exchange(hands, window.source, reached(exchange, ANNA))
    hands.enter()
    hands.wait_for(PageId.DESTINATION)
    choose_exchange(hands, window)
    fill_exchange(hands, window.destination, reached(exchange, BORIS))
    hands.enter()
    hands.wait_for(PageId.OPTIONS)
    kinds = window.options.kinds
    names = [
        f"E-mails (2{NNBSP}messages)",
        "Contacts (3)",
        f"Calendriers (1{NNBSP}événement)",
        "Tâches",
    ]
    names += ["Règles de la boîte de réception", "Réponse d’absence"]
    assert [box.text() for box in kinds.boxes.values()] == names
    assert kinds.reasons[ItemKind.TASKS].text() == "– l’ancienne boîte n’en a pas"
    items = {ItemKind.MAIL, ItemKind.CONTACTS, ItemKind.EVENTS}
    assert kinds.offered == items | set(SettingKind)
    hands.tab_to(kinds.boxes[ItemKind.MAIL])
    hands.press(Qt.Key.Key_Space)
    hands.tab_to(window.options.update_box)
    hands.press(Qt.Key.Key_Space)
    hands.enter()
    hands.wait_for(PageId.REVIEW)
    plan = window.draft.plan()
    assert plan.selection.kinds == {ItemKind.CONTACTS, ItemKind.EVENTS}
    assert plan.selection.settings == set(SettingKind)
    assert plan.options.update
    hands.enter()
    hands.wait_for(PageId.RESULT)
    assert held(exchange, BORIS) == [0, 3, 1, 0]
    assert window.services.history.runs()[0].plan == plan


@pytest.mark.usefixtures("full")
def test_what_imap_cannot_take_is_said_before_the_copy(
    hands: Hands, window: Window, exchange: EwsServer, new_dovecot_user: NewUser
) -> None:
    fill_exchange(hands, window.source, reached(exchange, ANNA))
    hands.enter()
    hands.wait_for(PageId.DESTINATION)
    choose_other_mailbox(hands, window)
    fill(hands, window.destination, new_dovecot_user())
    hands.enter()
    hands.wait_for(PageId.OPTIONS)
    kinds = window.options.kinds
    assert kinds.offered == frozenset()
    assert kinds.reasons[ItemKind.CONTACTS].text() == "– la nouvelle boîte n’en prend pas par IMAP"
    assert window.draft.plan().selection.kinds == {ItemKind.MAIL}
    hands.enter()
    hands.wait_for(PageId.REVIEW)
    told = [change.accessibleName() for change in window.review.links]
    assert any(f"3{NNBSP}contacts" in text for text in told)
