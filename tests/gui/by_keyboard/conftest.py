"""The program started as by a person, where Gmail and OVHcloud are servers on this computer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from omm_desktop import desktop
from omm_desktop.copies import Copies
from omm_desktop.guide.discovery.network import Surroundings
from omm_desktop.guide.discovery.search import Search
from omm_desktop.guide.providers import Providers, providers
from omm_desktop.guide.resolver import NameServer
from omm_desktop.guide.service import Service, ServiceKind
from omm_desktop.model.account import Security, Server
from omm_desktop.model.problem import Place
from omm_desktop.store.credentials import Credentials
from omm_desktop.support.redact import Redactor
from omm_desktop.ui import launch
from omm_desktop.ui.services import Services
from omm_desktop.ui.task import Task
from omm_desktop.ui.theme import Appearance
from omm_desktop.ui.window import Window
from tests.servers.account import TestAccount
from tests.servers.certificates import Authority
from tests.servers.dns_server import DnsServer
from tests.servers.dovecot import Dovecot, DovecotOptions
from tests.servers.gmail import Gmail
from tests.servers.process import LOOPBACK

from .keyboard import PATIENCE_MS, Keyboard

OVH_FOLDERS = {"Sent": "\\Sent", "Trash": "\\Trash", "Junk": "\\Junk", "Drafts": "\\Drafts"}
OVH_DOMAIN = "exemple.fr"
ORDINARY = "Chien chaussure 3"
"""What opens Google's site, and no other program."""


@dataclass
class Map:
    """Where the services of the world are: Gmail by number, OVHcloud by name."""

    gmail: Gmail
    ovh: Dovecot
    names: DnsServer
    gmail_port: int = 0
    ovh_port: int = 0

    def moved(self, service: Service) -> Service:
        if service.id == "gmail":
            port = self.gmail_port or self.gmail.tls_port
            return replace(service, imap=(Server(LOOPBACK, port, Security.TLS),))
        if service.kind is ServiceKind.OVH:
            port = self.ovh_port or self.ovh.tls_port
            server = Server("localhost", port, Security.TLS)
            return replace(service, imap=(server,), ews=None, exchange=False, ask=None)
        return service

    def providers(self) -> Providers:
        known = providers()
        return Providers(map(self.moved, known.services), known.citations.values())

    def search(self, address: str, place: Place, exchange_only: bool) -> Search:
        name_servers = [NameServer(LOOPBACK, self.names.port)]
        surroundings = Surroundings(self.providers(), name_servers)
        return Search(address, surroundings, place=place, exchange_only=exchange_only)

    def services(self, services: Services) -> Services:
        return replace(services, providers=self.providers(), search=self.search)


@pytest.fixture
def gmail_server(needs_dovecot: None, authority: Authority) -> Iterator[Gmail]:
    with Gmail(authority.good()) as server:
        yield server


@pytest.fixture
def ovh_server(start_dovecot: Callable[[DovecotOptions], Dovecot], authority: Authority) -> Dovecot:
    """Everything is below the inbox, as on some of its platforms."""
    return start_dovecot(
        DovecotOptions(prefix="INBOX.", special_folders=OVH_FOLDERS, certificate=authority.good())
    )


@pytest.fixture
def here(
    gmail_server: Gmail,
    ovh_server: Dovecot,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Map]:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    with DnsServer({f"{OVH_DOMAIN} MX": ["1 mx1.mail.ovh.net."]}) as names:
        yield Map(gmail_server, ovh_server, names)


@pytest.fixture
def gmail(gmail_server: Gmail) -> TestAccount:
    """Its password is one for programs: sixteen letters, shown by Google with blanks."""
    return gmail_server.add_user("claire.moreau@gmail.com", "abcdefghijklmnop", ORDINARY)


@pytest.fixture
def ovh(ovh_server: Dovecot) -> TestAccount:
    return ovh_server.add_user(f"claire.moreau@{OVH_DOMAIN}", "Chat botte 7")


@dataclass
class Started:
    """The program from its start to its end: the keyboard, and what a test looks behind at."""

    keyboard: Keyboard
    window: Window


class Computer:
    """One person's, on which the program is started again and again; it has no vault."""

    def __init__(self, qtbot: QtBot, application: QApplication, folder: Path, here: Map) -> None:
        self._qtbot, self._application, self._folder = qtbot, application, folder
        self._map = here

    @contextmanager
    def start(self) -> Iterator[Started]:
        with ExitStack() as stack:
            copies = Copies(Redactor(), self._folder)
            stack.callback(copies.close)
            preferences = self._folder / desktop.PREFERENCES
            services = desktop.services(copies, Credentials.in_memory(), preferences)
            services = self._map.services(services)
            window = launch.main_window(self._application, services)
            stack.callback(self._put_away, window)
            window.show()
            with self._qtbot.waitActive(window, timeout=PATIENCE_MS):
                window.activateWindow()
            yield Started(Keyboard(self._qtbot, window), window)

    def _put_away(self, window: Window) -> None:
        window.copying.stop()
        window.undo.stop()
        self._qtbot.waitUntil(lambda: not window.copying.is_running, timeout=PATIENCE_MS)
        self._qtbot.waitUntil(lambda: not window.undo.is_running, timeout=PATIENCE_MS)
        window.page.leave()
        Task.wait_for_all(PATIENCE_MS)
        window.close()
        window.deleteLater()
        QApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)


@pytest.fixture
def computer(
    qtbot: QtBot,
    qapp: QApplication,
    appearance: Appearance,
    here: Map,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Computer:
    """Its system speaks French, and the program was never started on it."""
    for name in ("LC_ALL", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "person"))
    return Computer(qtbot, qapp, tmp_path / "person" / "records", here)
