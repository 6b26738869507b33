"""The check of a domain by keyboard, on a real name server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from omm_desktop.guide.findings import Badge, Part
from omm_desktop.ui.domain.finding_card import FindingCard
from omm_desktop.ui.domain.window import DomainWindow
from omm_desktop.ui.task import Task
from omm_desktop.ui.theme import Appearance, Theme
from omm_desktop.ui.window import Window
from tests.servers.dns_server import DnsServer, Fault
from tests.unit.zones import DOMAIN, right_zone

from .conftest import PATIENCE_MS
from .domain_scenes import OF_THE_OLD_PROVIDER, ask, opened
from .mailboxes import NEW, ROOMY, checked

PRO, MXPLAN = "ovh-emailpro", "ovh-mxplan-eu"
MOST_TABS = 40


@pytest.fixture(autouse=True)
def server(window: Window, dns_server: DnsServer) -> DnsServer:
    ask(window, dns_server)
    return dns_server


@pytest.fixture
def domain(window: Window) -> Iterator[DomainWindow]:
    yield opened(window, MXPLAN)
    assert window.beside.domain is not None
    window.beside.domain.close()
    Task.wait_for_all(PATIENCE_MS)


def press(domain: DomainWindow, key: Qt.Key) -> None:
    QTest.keyClick(domain.focusWidget() or domain, key)


def tab_to(domain: DomainWindow, widget: QWidget) -> None:
    for _ in range(MOST_TABS):
        if domain.focusWidget() is widget:
            return
        press(domain, Qt.Key.Key_Tab)
    raise AssertionError(f"Tab never reaches {widget}")


def type_over(domain: DomainWindow, widget: QWidget, text: str) -> None:
    tab_to(domain, widget)
    QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(widget, text)


def until_checked(qtbot: QtBot, domain: DomainWindow) -> None:
    assert domain.checking
    qtbot.waitUntil(lambda: not domain.checking, timeout=PATIENCE_MS)


def card(domain: DomainWindow, part: Part) -> FindingCard:
    return next(one for one in domain.cards if one.finding.part is part)


def test_from_the_menu_with_the_persons_own_domain(window: Window) -> None:
    checked(window.draft.destination, NEW, ROOMY)
    window.draft.destination.host = "pro3.mail.ovh.net"
    window.menus.domain.trigger()
    assert window.beside.domain is not None
    assert window.beside.domain.isVisible()
    form = window.beside.domain.form
    assert (form.domain.text(), form.server.text()) == ("exemple.com", "3")
    assert form.offer.currentData() == PRO
    assert not window.beside.domain.checking
    window.beside.domain.close()


@pytest.mark.parametrize("address", ["claire.moreau@gmail.com", "", "claire"])
def test_a_domain_of_a_provider_is_not_proposed(window: Window, address: str) -> None:
    window.draft.destination.address = address
    window.beside.open_domain()
    assert window.beside.domain is not None
    assert window.beside.domain.form.domain.text() == ""
    window.beside.domain.close()


def test_all_is_well_by_keyboard(qtbot: QtBot, domain: DomainWindow, server: DnsServer) -> None:
    server.zone = dict(right_zone(MXPLAN))
    said: list[str] = []
    domain.announcer.announced.connect(said.append)
    type_over(domain, domain.form.domain, f"claire@{DOMAIN}")
    press(domain, Qt.Key.Key_Return)
    until_checked(qtbot, domain)
    assert domain.headline.text() == "Rien à changer."
    assert said[-1] == "Rien à changer."
    assert [one.finding.part for one in domain.cards] == [
        Part.MX, Part.SPF, Part.DKIM, Part.AUTODISCOVER, Part.AUTODISCOVER_ALIAS,
        Part.AUTOCONFIG_ALIAS,
    ]  # fmt: skip
    assert {one.finding.badge for one in domain.cards} == {Badge.UP_TO_DATE}
    assert card(domain, Part.MX).badge.text() == "✓  à jour"
    assert not domain.panel.isVisible()


def test_offer_number_and_button_by_keyboard_then_a_value_is_copied(
    qtbot: QtBot, domain: DomainWindow, server: DnsServer
) -> None:
    server.zone = dict(right_zone(MXPLAN) | OF_THE_OLD_PROVIDER)
    tab_to(domain, domain.form.offer)
    while domain.form.offer.currentData() != PRO:
        press(domain, Qt.Key.Key_Down)
    type_over(domain, domain.form.server, "3")
    tab_to(domain, domain.check_button)
    press(domain, Qt.Key.Key_Space)
    until_checked(qtbot, domain)
    assert domain.headline.text() == "5 enregistrements à changer."
    srv = card(domain, Part.AUTODISCOVER)
    assert srv.badge.text() == "!  à changer"
    (copy,) = srv.copy_buttons
    said: list[str] = []
    domain.announcer.announced.connect(said.append)
    tab_to(domain, copy)
    press(domain, Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == "0 0 443 pro3.mail.ovh.net."
    assert said == ["Copié."]
    assert copy.accessibleName() == "Copier 0 0 443 pro3.mail.ovh.net."


def test_faults_are_told_beside_their_field_and_nothing_is_asked(
    domain: DomainWindow, server: DnsServer
) -> None:
    type_over(domain, domain.form.domain, "claire")
    press(domain, Qt.Key.Key_Return)
    assert not domain.checking
    assert "Tapez un domaine" in domain.form.domain.accessibleDescription()
    assert domain.focusWidget() is domain.form.domain
    assert not server.questions
    QTest.keyClicks(domain.form.domain, ".fr")
    assert "Tapez" not in domain.form.domain.accessibleDescription()


def test_the_offer_of_an_unknown_mailbox_is_for_the_person_to_choose(
    window: Window, domain: DomainWindow, server: DnsServer
) -> None:
    window.beside.show_domain(DOMAIN, "gmail")
    press(domain, Qt.Key.Key_Return)
    assert not domain.checking
    assert domain.focusWidget() is domain.form.offer
    assert "Choisissez" in domain.form.offer.accessibleDescription()
    assert not server.questions


def test_escape_ends_a_check_then_closes(
    qtbot: QtBot, domain: DomainWindow, server: DnsServer
) -> None:
    server.fault = Fault.SILENCE
    press(domain, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(server.questions), timeout=PATIENCE_MS)
    press(domain, Qt.Key.Key_Escape)
    assert not domain.checking
    assert domain.isVisible()
    assert not domain.cancel_button.isVisible()
    press(domain, Qt.Key.Key_Escape)
    assert not domain.isVisible()


def test_closing_ends_a_check(qtbot: QtBot, domain: DomainWindow, server: DnsServer) -> None:
    server.fault = Fault.SILENCE
    press(domain, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(server.questions), timeout=PATIENCE_MS)
    domain.close()
    assert not domain.checking


def test_an_edit_takes_away_what_belongs_to_other_values(
    qtbot: QtBot, domain: DomainWindow, server: DnsServer
) -> None:
    server.zone = dict(right_zone(MXPLAN))
    press(domain, Qt.Key.Key_Return)
    until_checked(qtbot, domain)
    assert domain.cards
    type_over(domain, domain.form.domain, "autre.test")
    assert not domain.cards
    assert not domain.headline.isVisible()


def test_what_was_answered_is_shown_beside_what_was_not(
    qtbot: QtBot, domain: DomainWindow, server: DnsServer
) -> None:
    server.zone = dict(right_zone(MXPLAN))
    server.faults[f"{DOMAIN} MX"] = Fault.SERVFAIL
    press(domain, Qt.Key.Key_Return)
    until_checked(qtbot, domain)
    assert card(domain, Part.MX).badge.text() == "?  impossible à vérifier"
    assert card(domain, Part.SPF).badge.text() == "✓  à jour"
    assert domain.panel.isVisible()
    assert domain.panel.code.text() == "Code 42-03"


def test_a_domain_that_does_not_exist_is_told_with_its_code(
    qtbot: QtBot, domain: DomainWindow
) -> None:
    press(domain, Qt.Key.Key_Return)
    until_checked(qtbot, domain)
    assert domain.panel.code.text() == "Code 42-05"
    assert not domain.cards


def test_language_text_size_and_colours_switch_live(
    qtbot: QtBot,
    window: Window,
    appearance: Appearance,
    domain: DomainWindow,
    server: DnsServer,
) -> None:
    server.zone = dict(right_zone(MXPLAN))
    press(domain, Qt.Key.Key_Return)
    until_checked(qtbot, domain)
    window.use_language("en")
    assert domain.headline.text() == "Nothing to change."
    assert card(domain, Part.MX).badge.text() == "✓  up to date"
    assert domain.windowTitle() == "Check the domain – OMM Desktop"
    before = domain.title.fontMetrics().height()
    QTest.keyClick(domain, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    assert domain.title.fontMetrics().height() > before
    appearance.use(theme=Theme.DARK)
    assert domain.palette().window().color().lightness() < 60
