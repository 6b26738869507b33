"""Settings that find themselves: what the pages show, ask, keep and drop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from omm_desktop.guide.discovery.candidate import Candidate, Findings, Origin
from omm_desktop.guide.discovery.network import Surroundings
from omm_desktop.guide.discovery.search import Search
from omm_desktop.guide.providers import providers
from omm_desktop.guide.resolver import NameServer
from omm_desktop.model.account import Account, EndpointKind, Security, Server
from omm_desktop.model.problem import OwnerNeeded, Place, Problem, ProblemId
from omm_desktop.model.secret import Secret
from omm_desktop.ui.services import Services, SettingsSearch
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.probe_result import ProbeResult, ProbeStep
from tests.servers.dns_server import DnsServer
from tests.servers.process import LOOPBACK

from .filling import choose_exchange
from .hands import Hands
from .mailboxes import FOUND, OLD, PASSWORD, checked

ADDRESS = "claire.moreau@exemple.fr"
OWN = Candidate(Origin.AUTOCONFIG, imap=(Server("imap.exemple.fr", 993, Security.TLS),))
STRANGER = Candidate(
    Origin.SRV,
    imap=(Server("imap.autre.net", 143, Security.STARTTLS),),
    foreign_host="imap.autre.net",
)
POP = Candidate(Origin.SRV, pop=(Server("pop.exemple.fr", 995, Security.TLS),))
EWS = "https://ex.exemple.fr/ews/exchange.asmx"
EXCHANGE = Candidate(Origin.AUTODISCOVER, exchange="https://exemple.fr/autodiscover/x")


@dataclass
class SlowSearch:
    """As `Services.search`: answers when the test lets it; a cancelled one never matters."""

    finds: list[Findings] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    may_end: threading.Event = field(default_factory=threading.Event)
    exchange: Candidate | None = None
    signed_in: list[tuple[str, Secret]] = field(default_factory=list)
    exchange_only: bool = False
    real: Callable[[str, Place], Search] | None = None

    def __call__(self, address: str, place: Place, exchange_only: bool) -> SettingsSearch:
        self.asked.append(address)
        self.exchange_only = exchange_only
        return self.real(address, place) if self.real else self

    def run(self) -> Findings:
        self.may_end.wait()
        return self.finds.pop(0) if self.finds else Findings()

    def ask_exchange(
        self, found: Candidate, address: str, secret: Secret, place: Place
    ) -> Candidate:
        self.signed_in.append((address, secret))
        if self.exchange is None:
            raise OwnerNeeded(Problem(ProblemId.SIGN_IN_REFUSED, place, "401"))
        return self.exchange

    def cancel(self) -> None:
        """Answers late all the same, as a search on its way out may."""

    def find(self, *candidates: Candidate, problem: Problem | None = None) -> None:
        problems = {Origin.AUTOCONFIG: problem} if problem else {}
        self.finds.append(Findings(candidates, problems))
        self.may_end.set()


@dataclass
class Doorkeeper:
    """A check that lets in at some hosts only."""

    lets_in: Sequence[str] = ()
    asked: list[str] = field(default_factory=list)

    def probe(
        self, account: Account, secret: Secret, place: Place, step: Callable[[ProbeStep], None]
    ) -> ProbeResult:
        self.asked.append(account.server.host)
        if account.server.host not in self.lets_in:
            raise OwnerNeeded(Problem(ProblemId.SIGN_IN_REFUSED, place, "NO"))
        return FOUND


@pytest.fixture
def search() -> SlowSearch:
    return SlowSearch()


@pytest.fixture
def door() -> Doorkeeper:
    return Doorkeeper()


@pytest.fixture
def services(services: Services, search: SlowSearch, door: Doorkeeper) -> Services:
    return replace(services, search=search, ask_exchange=search.ask_exchange, probe=door.probe)


def offers(*ids: str, answer: str = "") -> list[Candidate]:
    known = providers()
    return [Candidate.of_service(Origin.KNOWN_MX, known.by_id(id), answer) for id in ids]


def type_address(window: Window, hands: Hands, address: str = ADDRESS) -> None:
    form = window.page.form  # type: ignore[attr-defined]
    hands.type_into(form.address, address)
    hands.press(Qt.Key.Key_Tab)


def open_destination(window: Window) -> None:
    checked(window.draft.source, OLD, FOUND)
    window.review.change_wanted.emit(PageId.DESTINATION)


def test_a_typed_address_finds_its_settings(
    window: Window, hands: Hands, search: SlowSearch
) -> None:
    form, said = window.source.form, []
    window.announcer.announced.connect(said.append)
    type_address(window, hands)
    assert form.finder.state.text() == "Recherche des réglages…"
    assert "Recherche des réglages…" in said
    search.find(OWN, STRANGER)
    hands.until(lambda: form.known.isVisible())
    assert form.known.text() == (
        "imap.exemple.fr, par IMAP – d’après le fichier de réglages du domaine"
    )
    assert not form.finder.state.isVisible()
    assert not form.settings.isVisible()
    source = window.draft.source
    assert (source.host, source.port, source.security) == ("imap.exemple.fr", 993, Security.TLS)
    assert source.login == ADDRESS


def test_the_found_settings_can_be_changed(
    window: Window, hands: Hands, search: SlowSearch
) -> None:
    form = window.source.form
    type_address(window, hands)
    search.find(OWN)
    hands.until(lambda: form.change.isVisible())
    hands.tab_to(form.change)
    hands.press(Qt.Key.Key_Space)
    hands.type_into(form.settings.host, "autre.exemple.fr")
    assert window.draft.source.host == "autre.exemple.fr"
    assert window.draft.source.found is None
    assert form.known.text() == "autre.exemple.fr, par IMAP – réglages saisis"


def test_what_is_typed_meanwhile_is_never_overwritten(
    window: Window, hands: Hands, search: SlowSearch, qtbot: QtBot
) -> None:
    form = window.source.form
    type_address(window, hands)
    hands.tab_to(form.fold)
    hands.press(Qt.Key.Key_Space)
    hands.type_into(form.settings.host, "mon.serveur.fr")
    with qtbot.assertNotEmitted(form.found, wait=200):
        search.find(OWN)
    assert window.draft.source.host == "mon.serveur.fr"
    assert form.settings.host.text() == "mon.serveur.fr"


def test_an_answer_about_another_address_counts_for_nothing(
    window: Window, hands: Hands, search: SlowSearch, qtbot: QtBot
) -> None:
    form = window.source.form
    type_address(window, hands)
    hands.type_into(form.address, "claire@autre.fr")
    with qtbot.assertNotEmitted(form.found, wait=200):
        search.find(OWN)
    assert window.draft.source.host == ""
    hands.press(Qt.Key.Key_Tab)
    assert search.asked == [ADDRESS, "claire@autre.fr"]


def test_leaving_the_page_ends_the_search(
    window: Window, hands: Hands, search: SlowSearch, qtbot: QtBot
) -> None:
    type_address(window, hands)
    open_destination(window)
    with qtbot.assertNotEmitted(window.source.form.found, wait=200):
        search.find(OWN)
    assert window.draft.source.host == OLD.server.host


def test_a_page_that_is_left_looks_for_nothing(
    window: Window, hands: Hands, search: SlowSearch
) -> None:
    """The field tells that it was left only once the page is."""
    hands.type_into(window.source.form.address, ADDRESS)
    window.review.change_wanted.emit(PageId.DESTINATION)
    assert search.asked == []
    window.review.change_wanted.emit(PageId.SOURCE)
    assert search.asked == [ADDRESS]
    search.find(OWN)
    hands.until(lambda: window.draft.source.host == "imap.exemple.fr")


def test_another_companys_server_is_asked_about(
    window: Window, hands: Hands, search: SlowSearch
) -> None:
    form = window.source.form
    type_address(window, hands)
    search.find(STRANGER)
    hands.until(lambda: form.finder.asking)
    assert (
        form.finder.state.text()
        == "Ces réglages viennent d’un autre domaine, imap.autre.net. Les utiliser\u202f?"
    )
    assert window.draft.source.host == ""
    hands.tab_to(form.finder.use)
    hands.press(Qt.Key.Key_Space)
    assert window.draft.source.host == "imap.autre.net"
    assert not form.finder.use.isVisible()


def test_who_refuses_gets_the_next_settings_and_then_types_them(
    window: Window, hands: Hands, search: SlowSearch
) -> None:
    form = window.source.form
    other = replace(STRANGER, foreign_host="autre.org")
    type_address(window, hands)
    search.find(STRANGER, other)
    hands.until(lambda: form.finder.asking)
    for host in ("imap.autre.net", "autre.org"):
        assert host in form.finder.state.text()
        hands.tab_to(form.finder.refuse)
        hands.press(Qt.Key.Key_Space)
    assert form.settings.isVisible()
    assert window.draft.source.host == ""


def test_nothing_found_opens_the_settings_and_says_so(
    window: Window, hands: Hands, search: SlowSearch
) -> None:
    form = window.source.form
    type_address(window, hands)
    search.find(problem=Problem(ProblemId.NAME_SERVERS_SILENT, Place.COMPUTER))
    hands.until(form.settings.isVisible)
    assert form.finder.state.text().startswith("Aucun réglage n’a été trouvé pour exemple.fr.")
    assert "Code\N{NO-BREAK SPACE}42-02" in form.finder.state.text()
    assert form.finder.reference.isVisible()
    hands.tab_to(form.address)
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Delete, Qt.Key.Key_Tab):
        hands.press(key)
    assert search.asked == [ADDRESS]
    search.find(OWN)
    hands.tab_to(form.finder.detect)
    hands.press(Qt.Key.Key_Space)
    hands.until(lambda: window.draft.source.host == "imap.exemple.fr")
    assert window.draft.source.login == "laire.moreau@exemple.fr"


@pytest.mark.qt_log_ignore("does not support raise", extend=True)
def test_who_finds_nothing_may_look_in_the_reference(
    window: Window, hands: Hands, search: SlowSearch
) -> None:
    finder = window.source.form.finder
    type_address(window, hands)
    search.find()
    hands.until(finder.reference.isVisible)
    hands.tab_to(finder.reference)
    hands.press(Qt.Key.Key_Space)
    assert window.beside.reference is not None
    hands.until(window.beside.reference.isVisible)
    window.beside.reference.leave()


def test_where_there_is_pop_alone_the_old_mailbox_is_read_by_pop(
    window: Window, hands: Hands, search: SlowSearch
) -> None:
    form = window.source.form
    type_address(window, hands)
    search.find(POP)
    hands.until(form.known.isVisible)
    assert form.known.text() == "pop.exemple.fr, par POP – d’après les enregistrements du domaine"
    assert form.remark_card.isVisible()
    source = window.draft.source
    assert (source.kind, source.port) == (EndpointKind.POP3, 995)


def test_a_new_mailbox_is_never_one_of_pop_alone(
    window: Window, hands: Hands, search: SlowSearch
) -> None:
    open_destination(window)
    window.destination.other.click()
    type_address(window, hands)
    search.find(POP)
    hands.until(window.destination.form.settings.isVisible)
    assert window.draft.destination.host == ""


def test_an_exchange_server_is_asked_once_the_button_is_pressed(
    window: Window, hands: Hands, search: SlowSearch, door: Doorkeeper
) -> None:
    form = window.source.form
    door.lets_in, search.exchange = ["imap.exemple.fr"], OWN
    type_address(window, hands)
    search.find(EXCHANGE)
    hands.until(lambda: form.finder.exchange is not None)
    assert form.finder.state.text().startswith("exemple.fr a un serveur Exchange")
    assert not form.settings.isVisible()
    assert search.signed_in == []
    hands.type_into(form.password.edit, "secret")
    hands.enter()
    hands.wait_for(PageId.DESTINATION)
    assert search.signed_in == [(ADDRESS, Secret("secret"))]
    assert door.asked == ["imap.exemple.fr"]


def test_an_exchange_server_that_names_no_server_leaves_the_settings_to_type(
    window: Window, hands: Hands, search: SlowSearch
) -> None:
    form = window.source.form
    search.exchange = EXCHANGE
    type_address(window, hands)
    search.find(EXCHANGE)
    hands.until(lambda: form.finder.exchange is not None)
    hands.type_into(form.password.edit, "secret")
    hands.enter()
    hands.until(lambda: window.focusWidget() is form.settings.host)
    assert "ne dit pas son adresse" in form.finder.state.text()
    assert len(search.signed_in) == 1


def test_an_exchange_server_is_used_as_such_once_it_tells_where(
    window: Window, hands: Hands, search: SlowSearch, door: Doorkeeper
) -> None:
    """Though it also names a server for IMAP: that brings neither contacts nor calendars."""
    form = window.source.form
    door.lets_in = ["ex.exemple.fr"]
    search.exchange = replace(OWN, origin=Origin.AUTODISCOVER, ews=EWS)
    type_address(window, hands)
    search.find(EXCHANGE)
    hands.until(lambda: form.finder.exchange is not None)
    hands.type_into(form.password.edit, "secret")
    hands.enter()
    hands.wait_for(PageId.DESTINATION)
    account = window.draft.source.account()
    assert (account.kind, account.url) == (EndpointKind.EWS, EWS)
    assert form.known.text() == (
        "ex.exemple.fr, par Exchange – d’après les enregistrements du domaine"
    )


def test_an_exchange_server_of_another_company_is_asked_about(
    window: Window, hands: Hands, search: SlowSearch, door: Doorkeeper
) -> None:
    form = window.source.form
    search.exchange = Candidate(Origin.AUTODISCOVER, ews=EWS, foreign_host="ex.autre.net")
    type_address(window, hands)
    search.find(EXCHANGE)
    hands.until(lambda: form.finder.exchange is not None)
    hands.type_into(form.password.edit, "secret")
    hands.enter()
    hands.until(lambda: form.finder.asking)
    assert "ex.autre.net" in form.finder.state.text()
    assert door.asked == []


def test_who_chooses_exchange_has_nothing_else_looked_for(
    window: Window, hands: Hands, search: SlowSearch
) -> None:
    open_destination(window)
    page = window.destination
    choose_exchange(hands, window)
    type_address(window, hands)
    assert search.exchange_only
    search.find(OWN, Candidate(Origin.AUTODISCOVER, ews=EWS))
    hands.until(page.form.known.isVisible)
    assert window.draft.destination.account().url == EWS
    assert page.exchange.isChecked()


def test_an_exchange_that_is_not_found_is_typed(
    window: Window, hands: Hands, search: SlowSearch
) -> None:
    open_destination(window)
    page = window.destination
    choose_exchange(hands, window)
    type_address(window, hands)
    search.find(OWN)
    hands.until(page.form.settings.isVisible)
    assert page.form.finder.state.text().startswith("Aucun serveur Exchange n’a été trouvé")
    hands.type_into(page.form.settings.host, "ex.exemple.fr")
    assert window.draft.destination.account().url == "https://ex.exemple.fr/EWS/Exchange.asmx"


def test_hosted_exchange_is_reached_as_exchange_and_by_imap_if_wanted(
    window: Window, hands: Hands, search: SlowSearch
) -> None:
    open_destination(window)
    page = window.destination
    type_address(window, hands, "claire@exemple.com")
    search.find(*offers("ovh-exchange-eu", answer="3"))
    hands.until(page.form.known.isVisible)
    account = window.draft.destination.account()
    assert account.url == "https://ex3.mail.ovh.net/ews/exchange.asmx"
    assert page.form.answer.text() == "3"
    assert page.ovh.isChecked()
    hands.tab_to(page.form.fold)
    hands.press(Qt.Key.Key_Space)
    hands.tab_to(page.form.settings.kind)
    hands.press(Qt.Key.Key_Up)
    account = window.draft.destination.account()
    assert (account.kind, account.server.host) == (EndpointKind.IMAP, "ex3.mail.ovh.net")
    assert (account.server.port, window.draft.destination.service) == (993, "ovh-exchange-eu")


def test_exchange_online_is_told_to_be_closed_and_what_to_do_is_one_button_away(
    window: Window, hands: Hands, search: SlowSearch
) -> None:
    open_destination(window)
    page = window.destination
    choose_exchange(hands, window)
    type_address(window, hands)
    search.find(*offers("microsoft365"))
    hands.until(page.form.remark.isVisible)
    assert "Exchange Online" in page.form.remark.text()
    wanted: list[str] = []
    page.guide_wanted.connect(wanted.append)
    hands.tab_to(page.form.how)
    hands.press(Qt.Key.Key_Space)
    assert wanted == ["microsoft365"]


def test_a_password_that_exchange_refuses_is_typed_again(
    window: Window, hands: Hands, search: SlowSearch
) -> None:
    form = window.source.form
    type_address(window, hands)
    search.find(EXCHANGE)
    hands.until(lambda: form.finder.exchange is not None)
    hands.type_into(form.password.edit, "faux")
    hands.enter()
    hands.until(window.panel.isVisible)
    assert "11-01" in window.panel.code.text()
    assert window.focusWidget() is form.password.edit
    hands.type_into(form.password.edit, "secret")
    hands.enter()
    hands.until(lambda: len(search.signed_in) == 2)


def test_an_exchange_server_of_another_company_gets_no_password(
    window: Window, hands: Hands, search: SlowSearch
) -> None:
    form = window.source.form
    type_address(window, hands)
    search.find(replace(EXCHANGE, foreign_host="autre.net"))
    hands.until(form.settings.isVisible)
    hands.type_into(form.password.edit, "secret")
    hands.enter()
    assert search.signed_in == []
    assert window.focusWidget() is form.settings.host


def test_the_main_button_waits_for_the_search(
    window: Window, hands: Hands, search: SlowSearch, door: Doorkeeper
) -> None:
    door.lets_in = ["imap.exemple.fr"]
    form = window.source.form
    type_address(window, hands)
    hands.type_into(form.password.edit, "secret")
    hands.enter()
    assert window.current_page_id is PageId.SOURCE
    assert not form.settings.isVisible()
    search.find(OWN)
    hands.wait_for(PageId.DESTINATION)
    assert door.asked == ["imap.exemple.fr"]


def test_the_main_button_pressed_too_early_names_what_is_missing(
    window: Window, hands: Hands, search: SlowSearch
) -> None:
    form = window.source.form
    type_address(window, hands)
    hands.type_into(form.password.edit, "secret")
    hands.enter()
    search.find()
    hands.until(lambda: window.focusWidget() is form.settings.host)


def test_an_ovhcloud_mailbox_is_found_among_its_offers(
    window: Window, hands: Hands, search: SlowSearch, door: Doorkeeper
) -> None:
    open_destination(window)
    page = window.destination
    assert page.ovh.isChecked()
    assert page.offer.currentText() == "Trouvée automatiquement"
    type_address(window, hands, "claire@exemple.com")
    search.find(
        OWN,
        *offers("ovh-emailpro", answer="3"),
        *offers("ovh-mxplan-eu", "ovh-zimbra-starter-eu", "ovh-exchange-eu"),
    )
    hands.until(page.form.known.isVisible)
    assert window.draft.destination.host == "pro3.mail.ovh.net"
    door.lets_in = ["imap.mail.ovh.net"]
    hands.type_into(page.form.password.edit, "secret")
    hands.enter()
    hands.wait_for(PageId.OPTIONS)
    assert door.asked == ["pro3.mail.ovh.net", "imap.mail.ovh.net"]
    assert window.draft.destination.service == "ovh-mxplan-eu"


def test_a_password_that_no_offer_takes_is_told_once(
    window: Window, hands: Hands, search: SlowSearch, door: Doorkeeper
) -> None:
    open_destination(window)
    type_address(window, hands, "claire@exemple.com")
    search.find(*offers("ovh-mxplan-ca", "ovh-exchange-ca"))
    hands.until(window.destination.form.known.isVisible)
    hands.type_into(window.destination.form.password.edit, "faux")
    hands.enter()
    hands.until(window.panel.isVisible)
    assert "21-01" in window.panel.code.text()
    assert door.asked == ["imap.mail.ovh.ca", "ex.mail.ovh.ca"]
    assert window.draft.destination.host == "imap.mail.ovh.ca"


def test_a_domain_that_does_not_tell_its_ovhcloud_offer(
    window: Window, hands: Hands, search: SlowSearch
) -> None:
    open_destination(window)
    page = window.destination
    type_address(window, hands, "claire@exemple.com")
    search.find(OWN)
    hands.until(lambda: "OVHcloud" in page.form.finder.state.text())
    assert not page.form.settings.isVisible()
    hands.type_into(page.form.password.edit, "secret")
    hands.enter()
    assert window.focusWidget() is page.offer
    while page.offer.current() is None or page.offer.current().id != "ovh-emailpro":
        hands.press(Qt.Key.Key_Down)
    hands.type_into(page.form.answer, "7")
    assert window.draft.destination.host == "pro7.mail.ovh.net"


def test_a_moved_domain_asks_for_the_old_server(
    window: Window, hands: Hands, search: SlowSearch
) -> None:
    open_destination(window)
    window.draft.destination.prefill(
        replace(OLD, server=Server("imap.mail.ovh.net", 993, Security.TLS)), PASSWORD
    )
    window.draft.source.address = window.draft.source.host = ""
    window.review.change_wanted.emit(PageId.SOURCE)
    type_address(window, hands)
    search.find(*offers("ovh-mxplan-eu"))
    hands.until(window.source.form.settings.isVisible)
    assert window.draft.source.host == ""
    assert "l’ancienne" in window.source.form.finder.state.text()


def test_one_server_found_for_both_mailboxes_is_told(
    window: Window, hands: Hands, search: SlowSearch
) -> None:
    open_destination(window)
    window.destination.other.click()
    type_address(window, hands)
    search.find(OWN)
    hands.until(lambda: "Source" in window.destination.form.finder.state.text())


def test_the_search_is_spoken_of_in_the_language_chosen(
    window: Window, hands: Hands, search: SlowSearch
) -> None:
    type_address(window, hands)
    window.use_language("en")
    assert window.source.form.finder.state.text() == "Looking for settings…"
    search.find(STRANGER)
    hands.until(lambda: window.source.form.finder.asking)
    window.use_language("fr")
    assert "Les utiliser" in window.source.form.finder.state.text()


def test_a_real_search(window: Window, hands: Hands, search: SlowSearch) -> None:
    """The name system is a real one, on loopback; nothing else is reached."""
    with DnsServer({"exemple.fr MX": ["1 mx0.mail.ovh.ca."]}) as names:
        surroundings = Surroundings(providers(), [NameServer(LOOPBACK, names.port)])
        search.real = lambda address, place: Search(address, surroundings, place=place)
        form = window.source.form
        type_address(window, hands)
        hands.until(form.known.isVisible)
        assert window.draft.source.host == "imap.mail.ovh.ca"
        assert form.service is not None
        assert form.service.region == "americas-apac"
