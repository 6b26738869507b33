"""The settings reference at the keyboard: found, read out, copied, tried, printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QDesktopServices, QGuiApplication
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from omm_desktop.guide.providers import Providers
from omm_desktop.guide.reference import ValueName
from omm_desktop.guide.service import Service
from omm_desktop.language import Language
from omm_desktop.model.account import Security, Server
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.protocol import Protocol
from omm_desktop.ui.reference import trial_view
from omm_desktop.ui.reference.printing import as_html
from omm_desktop.ui.reference.window import ReferenceWindow
from omm_desktop.ui.services import Services
from omm_desktop.ui.theme import Appearance, Theme
from omm_desktop.ui.widgets.prose import Prose
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.rules import Field
from tests.servers.certificates import Authority
from tests.servers.dovecot import Dovecot, DovecotOptions
from tests.servers.line_server import LineServer
from tests.servers.process import free_ports

from .hands import Hands
from .scenes import SCENES

pytestmark = pytest.mark.qt_log_ignore("does not support raise", extend=True)


@pytest.fixture
def reference(window: Window, qtbot: QtBot) -> Iterator[ReferenceWindow]:
    """Opened with F2 from the first page."""
    QTest.keyClick(window, Qt.Key.Key_F2)
    opened = window.beside.reference
    assert opened is not None
    qtbot.waitUntil(opened.isActiveWindow)
    yield opened
    opened.leave()


@pytest.fixture
def keys(qtbot: QtBot, reference: ReferenceWindow) -> Hands:
    return Hands(qtbot, reference)  # type: ignore[arg-type]


def text_of(window: ReferenceWindow, name: ValueName) -> list[str]:
    return [row.value.text for row in window.view.rows if row.value.name is name]


@pytest.mark.parametrize("scene", ["source-empty", "destination", "options", "review",
                                   "progress-copying", "result-complete"])  # fmt: skip
def test_f2_opens_it_from_every_page(window: Window, scene: str) -> None:
    SCENES[scene](window)
    page = window.page
    QTest.keyClick(window, Qt.Key.Key_F2)
    assert window.beside.reference is not None
    assert window.beside.reference.isVisible()
    assert window.beside.reference.isWindow()
    assert not window.beside.reference.isModal()
    assert window.page is page
    window.beside.reference.close()


def test_there_is_one_window_and_closing_hides_it(
    window: Window, reference: ReferenceWindow, keys: Hands
) -> None:
    keys.press(Qt.Key.Key_Escape)
    assert not reference.isVisible()
    assert window.isVisible()
    window.frame.rail.reference_button.click()
    assert window.beside.reference is reference
    assert reference.isVisible()


def test_it_opens_on_the_service_of_the_page(window: Window, hands: Hands) -> None:
    hands.type_into(window.source.form.address, "claire@gmail.com")
    hands.press(Qt.Key.Key_Tab)
    QTest.keyClick(window, Qt.Key.Key_F2)
    assert window.beside.reference is not None
    assert window.beside.reference.view.service.id == "gmail"
    window.beside.open_reference("ovh-emailpro")
    assert window.beside.reference.view.service.id == "ovh-emailpro"
    window.beside.open_reference("never-heard-of")
    assert window.beside.reference.view.service.id == "ovh-emailpro"
    window.beside.reference.close()


@pytest.mark.parametrize(
    ("language", "address", "link", "title", "step"),
    [
        ("fr", "claire@gmail.com", "Comment l’obtenir", "Comment l’obtenir",
         "1. Activez la validation en deux étapes dans votre compte Google."),
        ("en", "claire@gmail.com", "How t&o get one", "How to get an app password",
         "1. Turn on two-step verification in your Google account."),
        ("fr", "claire@outlook.com", "Que faire à la place", "Que faire à la place",
         "1. Ouvrez cette boîte dans Outlook classique"),
        ("en", "claire@outlook.com", "What to do instead", "What to do instead",
         "1. Open this mailbox in classic Outlook"),
    ],
)  # fmt: skip
def test_how_to_get_a_password_opens_at_the_guide_of_that_very_service(
    window: Window, hands: Hands, monkeypatch: pytest.MonkeyPatch,
    language: Language, address: str, link: str, title: str, step: str,
) -> None:  # fmt: skip
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    window.use_language(language)
    form = window.source.form
    hands.type_into(form.address, address)
    assert form.how.text() == link
    hands.tab_to(form.how)
    hands.press(Qt.Key.Key_Space)
    assert window.beside.reference is not None
    assert opened == []
    view = window.beside.reference.view
    in_sight = QRect(view.guide_card.mapTo(view.viewport(), QPoint(0, 0)), view.guide_card.size())
    assert view.viewport().rect().contains(in_sight)
    said = [text.text() for text in view.guide_card.findChildren(QLabel)]
    assert said[0] == title
    assert view.guide_steps.text().startswith(step)
    assert any("2026" in text for text in said)
    help_page = view.service.help
    if help_page is not None:
        assert window.beside.reference.focusWidget() is view.help_button
        view.help_button.click()
        assert opened == [help_page]
    window.beside.reference.close()


@pytest.mark.parametrize(
    ("id", "address", "host", "label"),
    [
        (ProblemId.APP_PASSWORD_NEEDED, "claire@gmail.com", "", "How to get an app password"),
        (ProblemId.APP_PASSWORD_NEEDED, "claire@zoho.eu", "", "How to get an app password"),
        (ProblemId.SIGN_IN_REFUSED, "claire@yahoo.fr", "", "How to get an app password"),
        (ProblemId.SIGN_IN_REFUSED, "claire@zoho.eu", "", None),
        (ProblemId.SIGN_IN_METHOD_UNAVAILABLE, "claire@outlook.com", "", "What to do instead"),
        (ProblemId.APP_PASSWORD_NEEDED, "claire@exemple.fr", "imap.gmail.com",
         "How to get an app password"),
        (ProblemId.APP_PASSWORD_NEEDED, "claire@exemple.fr", "imap.exemple.fr", None),
    ],
)  # fmt: skip
def test_a_refused_sign_in_leads_to_the_guide_of_that_very_service(
    window: Window, hands: Hands, id: ProblemId, address: str, host: str, label: str | None
) -> None:
    window.use_language("en")
    form, panel = window.source.form, window.panel
    hands.type_into(form.address, address)
    if host:
        form.focus(Field.HOST)
        hands.type_into(form.rows[Field.HOST].edit, host)
    window.source.problem_found.emit(Problem(id, Place.SOURCE, "NO"))
    labels = {button.text(): button for button in panel.findChildren(QPushButton)}
    if label is None:
        assert not labels.keys() & {"How to get an app password", "What to do instead"}
        return
    hands.tab_to(labels[label])
    hands.press(Qt.Key.Key_Space)
    assert window.beside.reference is not None
    known = window.services.providers
    assert window.beside.reference.view.service is (
        known.by_host(host) or known.for_address(address)
    )
    assert window.beside.reference.view.guide_card.isVisible()
    window.beside.reference.close()


def test_a_service_is_found_by_a_domain_and_shown_by_arrow(
    reference: ReferenceWindow, keys: Hands
) -> None:
    keys.type_into(reference.services.filter, "wanadoo")
    shown = [row for row in range(reference.services.list.count())
             if not reference.services.list.item(row).isHidden()]  # fmt: skip
    assert len(shown) == 1
    assert reference.view.service.id == "orange"
    assert text_of(reference, ValueName.SERVER) == ["imap.orange.fr", "smtp.orange.fr"]
    keys.type_into(reference.services.filter, " ")
    keys.tab_to(reference.services.list)
    keys.press(Qt.Key.Key_Down)
    assert reference.view.service.id == "free"


def test_accents_and_capitals_do_not_matter_and_nothing_found_is_said(
    reference: ReferenceWindow, keys: Hands
) -> None:
    said: list[str] = []
    reference.announcer.announced.connect(said.append)
    keys.type_into(reference.services.filter, "AMERIQUE exchange")
    visible = [item.text() for item in map(reference.services.list.item,
               range(reference.services.list.count())) if not item.isHidden()]  # fmt: skip
    assert visible == ["OVHcloud Hosted Exchange (Amérique / Asie-Pacifique)"]
    keys.type_into(reference.services.filter, "zzzz")
    assert reference.services.none_found.isVisible()
    assert "demandez-les à votre fournisseur" in reference.services.none_found.text()
    assert not reference.services.list.isVisible()
    assert said[-1] == reference.services.none_found.text()
    reference.services.filter.clear()
    assert reference.services.list.isVisible()
    assert not reference.services.none_found.isVisible()


def test_a_value_is_copied_and_spelled_by_keyboard(reference: ReferenceWindow, keys: Hands) -> None:
    said: list[str] = []
    reference.announcer.announced.connect(said.append)
    reference.show_service("ovh-mxplan-eu")
    other = next(row for row in reference.view.rows if row.value.text == "ssl0.ovh.net")
    keys.tab_to(other.copy_button)
    keys.press(Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == "ssl0.ovh.net"
    assert "ssl0.ovh.net" in said[-1]
    keys.tab_to(other.spell_button)
    keys.press(Qt.Key.Key_Space)
    letters = "s – s – l – 0 – point – o – v – h – point – n – e – t"
    assert (other.spelled.isVisible(), other.spelled.text(), said[-1]) == (True, letters, letters)
    reference.view.names.click()
    assert other.spelled.text().startswith("S Suzanne – S Suzanne – L Louis – 0 – point")
    keys.press(Qt.Key.Key_Space)
    assert not other.spelled.isVisible()


def test_a_value_marked_with_the_mouse_brings_no_signs_that_nobody_sees(
    reference: ReferenceWindow, keys: Hands
) -> None:
    """Places where it may break would make the name of a server one that is not found."""
    reference.show_service("ovh-mxplan-eu")
    row = next(row for row in reference.view.rows if row.value.text == "ssl0.ovh.net")
    (shown,) = (one for one in row.findChildren(Prose) if one.objectName() == "value")
    keys.tab_to(row.copy_button)
    keys.press(Qt.Key.Key_Space)
    QTest.mouseDClick(shown, Qt.MouseButton.LeftButton, pos=QPoint(10, shown.height() // 2))
    QTest.keyClick(shown, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(shown, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "ssl0.ovh.net"


def test_tabs_change_with_the_arrows(reference: ReferenceWindow, keys: Hands) -> None:
    reference.show_service("ovh-mxplan-eu")
    keys.tab_to(reference.view.tabs)
    keys.press(Qt.Key.Key_Right)
    assert text_of(reference, ValueName.SERVER)[:2] == ["pop.mail.ovh.net", "ssl0.ovh.net"]
    assert text_of(reference, ValueName.PORT) == ["995", "465"]
    keys.press(Qt.Key.Key_Right)
    assert text_of(reference, ValueName.PORT) == ["465"]
    keys.press(Qt.Key.Key_Right)
    assert reference.view.rows == []
    assert not reference.view.names.isVisible()


def test_a_number_completes_the_host_and_is_asked_for_first(
    reference: ReferenceWindow, keys: Hands
) -> None:
    reference.show_service("ovh-emailpro")
    QGuiApplication.clipboard().setText("before")
    first = reference.view.rows[0]
    keys.tab_to(first.copy_button)
    keys.press(Qt.Key.Key_Space)
    edit = reference.view.answer_edit
    assert QGuiApplication.clipboard().text() == "before"
    assert reference.focusWidget() is edit
    assert edit.accessibleDescription().startswith("Tapez d’abord ceci")
    keys.type_into(edit, "deux")
    assert "nom de serveur" in edit.accessibleDescription()
    keys.type_into(edit, "2")
    assert text_of(reference, ValueName.SERVER) == ["pro2.mail.ovh.net"] * 2
    assert not edit.accessibleDescription()
    assert "pro2.mail.ovh.net" in " ".join(
        label.text() for label in reference.view.steps.findChildren(QLabel)
    )
    reference.show_service("ovh-exchange-eu")
    assert edit.text() == ""


def test_what_is_inferred_is_marked_value_by_value(reference: ReferenceWindow) -> None:
    reference.show_service("ionos-fr")
    inferred = [(row.value.text, row.value.inferred) for row in reference.view.rows]
    assert inferred == [
        ("imap.ionos.fr", False), ("993", True), ("SSL/TLS", True),
        ("smtp.ionos.fr", True), ("465", True), ("SSL/TLS", True),
    ]  # fmt: skip


def test_tab_follows_the_page_and_ends_on_the_buttons(
    reference: ReferenceWindow, keys: Hands
) -> None:
    reference.show_service("gmail")
    reference.services.filter.setFocus()
    met = []
    for _ in range(60):
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused in met:
            break
        met.append(focused)
        keys.press(Qt.Key.Key_Tab)
    rows = reference.view.rows
    assert met[0] is reference.services.filter
    assert met[1] is reference.services.list
    assert met[-3:] == [reference.close_button, reference.print_button, reference.try_button]
    body = reference.view.widget()
    heights = [w.mapTo(body, w.rect().center()).y() for w in met if body.isAncestorOf(w)]
    assert heights == sorted(heights)
    assert {row.copy_button for row in rows} <= set(met)


def test_language_and_text_size_follow_live(
    window: Window, reference: ReferenceWindow, appearance: Appearance
) -> None:
    reference.show_service("ovh-emailpro")
    window.use_language("en")
    assert reference.windowTitle() == "E-mail settings – OMM Desktop"
    assert reference.view.title.text() == "OVHcloud Email Pro"
    assert reference.try_button.text().replace("&", "") == "Try these settings"
    reference.show_service("gmail")
    reference.view.rows[0].spell_button.click()
    window.use_language("fr")
    assert reference.view.title.text() == "Gmail / Google Workspace"
    assert " – point – " in reference.view.rows[0].spelled.text()
    before = appearance.text_size
    QTest.keyClick(reference, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert appearance.text_size > before
    appearance.use(text_size=200)
    assert reference.services.choice.isVisible()
    assert not reference.services.list.isVisible()
    appearance.use(text_size=100)
    assert reference.services.list.isVisible()


def test_the_drawing_has_words_instead_and_follows_the_colours(
    reference: ReferenceWindow, appearance: Appearance
) -> None:
    drawing = reference.view.drawing
    told = QAccessible.queryAccessibleInterface(drawing)
    assert "IMAP" in told.text(QAccessible.Text.Name)
    assert "serveur" in told.text(QAccessible.Text.Description)
    light = drawing.grab().toImage()
    appearance.use(theme=Theme.DARK)
    dark = drawing.grab().toImage()
    assert light != dark
    assert len({dark.pixel(x, dark.height() // 4) for x in range(dark.width())}) > 2


def test_pages_of_the_provider_open_in_the_browser(
    reference: ReferenceWindow, keys: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    reference.show_service("gmail")
    assert "16 lettres" in reference.view.guide_steps.text()
    keys.tab_to(reference.view.help_button)
    keys.press(Qt.Key.Key_Space)
    reference.show_service("ovh-mxplan-eu")
    keys.tab_to(reference.view.webmail_button)
    keys.press(Qt.Key.Key_Space)
    assert opened == [
        "https://myaccount.google.com/apppasswords",
        "https://www.ovhcloud.com/fr/mail/",
    ]


def test_it_prints(reference: ReferenceWindow, tmp_path: Path) -> None:
    reference.show_service("ovh-emailpro")
    reference.view.answer_edit.setText("2")
    file = tmp_path / "settings.pdf"
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(file))
    reference.print_on(printer)
    assert file.read_bytes().startswith(b"%PDF")
    assert file.stat().st_size > 10_000
    told = as_html(reference.view.sheet, "outlook-manual")
    for row in reference.view.rows:
        assert f"<code>{row.value.text}</code>" in told
    assert "Paramètres supplémentaires" in told
    assert "30 janvier 2026" in told


class Local(Providers):
    """One service whose servers are on this computer."""

    def __init__(self, model: Service, **servers: tuple[Server, ...]) -> None:
        blank: dict[str, tuple[Server, ...]] = {"imap": (), "pop": (), "smtp": ()}
        super().__init__([replace(model, id="local", **(blank | servers))])  # type: ignore[arg-type]


TryLocal = Callable[..., list[str]]


@pytest.fixture
def try_local(
    services: Services,
    appearance: Appearance,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> Iterator[TryLocal]:
    """`try_local(protocol, imap=…)`: presses the button; what was announced."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    opened: list[ReferenceWindow] = []

    def act(protocol: Protocol, **servers: tuple[Server, ...]) -> list[str]:
        model = services.providers.by_id("sfr")
        window = ReferenceWindow(Local(model, **servers), services.catalogue, appearance)
        opened.append(window)
        window.bring_forward()
        window.view.tabs.setCurrentIndex(list(Protocol).index(protocol))
        said: list[str] = []
        window.announcer.announced.connect(said.append)
        with qtbot.waitSignal(window.view.trial.ended, timeout=60_000):
            QTest.keyClick(window.try_button, Qt.Key.Key_Space)
        assert window.view.trial.isVisible()
        return said

    yield act
    for window in opened:
        window.close()
        window.deleteLater()


def test_real_servers_answer(
    start_dovecot: Callable[[DovecotOptions], Dovecot], authority: Authority, try_local: TryLocal
) -> None:
    dovecot = start_dovecot(DovecotOptions(certificate=authority.good()))
    both = (
        Server("localhost", dovecot.tls_port, Security.TLS),
        Server("localhost", dovecot.port, Security.STARTTLS),
    )
    smtp = {b"QUIT": b"221 bye\r\n"}
    with LineServer(b"220 here\r\n", smtp, certificate=authority.good(), tls=True) as sending:
        outgoing = (Server("localhost", sending.port, Security.TLS),)
        said = try_local(Protocol.IMAP, imap=both, smtp=outgoing)
    assert [line.partition("  ")[0] for line in said] == ["✓", "✓", "✓"]
    assert "Dovecot" in said[0]
    assert "TLSv1.3" in said[1]


def test_a_certificate_for_another_name_is_told_with_its_code(
    start_dovecot: Callable[[DovecotOptions], Dovecot], authority: Authority, try_local: TryLocal
) -> None:
    dovecot = start_dovecot(DovecotOptions(certificate=authority.wrong_name()))
    (port,) = free_ports(1)
    said = try_local(
        Protocol.IMAP,
        imap=(Server("localhost", dovecot.tls_port, Security.TLS),),
        smtp=(Server("localhost", port, Security.TLS),),
    )
    assert "13-02" in said[0]
    assert "12-03" in said[1]
    assert all(line.startswith("!") for line in said)


def test_another_service_ends_a_trial_and_takes_its_answers_away(
    reference: ReferenceWindow, keys: Hands
) -> None:
    reference.show_service("ovh-mxplan-eu")
    reference.try_button.click()
    assert reference.view.trial.running
    reference.show_service("gmail")
    assert not reference.view.trial.running
    assert reference.view.trial.isHidden()


def test_where_there_is_no_server_the_trial_says_so(
    reference: ReferenceWindow, keys: Hands, qtbot: QtBot
) -> None:
    reference.show_service("icloud")
    reference.view.tabs.setCurrentIndex(list(Protocol).index(Protocol.POP))
    with qtbot.waitSignal(reference.view.trial.ended):
        reference.try_button.click()
    told = [label.text() for label in reference.view.trial.findChildren(QLabel)]
    assert "Il n’y a pas de serveur à tester ici." in told


def test_a_fault_of_the_program_is_told_too(
    reference: ReferenceWindow, keys: Hands, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(trial_view, "try_sheet", fail)
    said: list[str] = []
    reference.announcer.announced.connect(said.append)
    with qtbot.waitSignal(reference.view.trial.ended):
        reference.try_button.click()
    assert "51-01" in said[-1]


def test_leaving_the_program_closes_it(window: Window, reference: ReferenceWindow) -> None:
    assert PageId.SOURCE is window.current_page_id
    reference.leave()
    assert not reference.isVisible()
