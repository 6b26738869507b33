"""A window on records of its own, offscreen, in French."""

from __future__ import annotations

import logging
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from omm_desktop import desktop
from omm_desktop.copies import Copies
from omm_desktop.store.credentials import Credentials
from omm_desktop.support import logs
from omm_desktop.support.redact import Redactor
from omm_desktop.ui.awake import keeper
from omm_desktop.ui.garbage import collected_in_this_thread
from omm_desktop.ui.services import Services
from omm_desktop.ui.task import Task
from omm_desktop.ui.theme import Appearance, Theme
from omm_desktop.ui.translation import install_language
from omm_desktop.ui.window import Window
from tests.servers.account import TestAccount
from tests.servers.dovecot import Dovecot
from tests.servers.fixtures import NewUser
from tests.servers.mailbox import MailFolder, Message, load
from tests.servers.process import need
from tests.servers.relay import Relay

from .bus_services import private_bus
from .filling import LETTER
from .hands import Hands
from .person import Person

if TYPE_CHECKING:
    from .screen_reader import ScreenReader

PATIENCE_MS = 60_000


@pytest.fixture(autouse=True)
def no_widget_left_behind(qapp: QApplication) -> Iterator[None]:
    """Neither to threads, nor to later tests: each style would be worked out for it, too."""
    with collected_in_this_thread(qapp):
        yield
        for widget in QApplication.topLevelWidgets():
            if isValid(widget) and widget.parent() is None:
                widget.deleteLater()
                QApplication.sendPostedEvents(widget, QEvent.Type.DeferredDelete)


@pytest.fixture(autouse=True)
def computer_free_to_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test asks services of its own to keep a computer awake, and never this computer's."""
    monkeypatch.setattr(keeper, "of_this_system", lambda: nullcontext)


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Copies]:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "logs"))
    copies = Copies(Redactor(), tmp_path / "state")
    yield copies
    copies.close()


@pytest.fixture
def services(copies: Copies, tmp_path: Path) -> Services:
    """Nothing outside this computer is asked for settings."""
    preferences = tmp_path / "preferences.json"
    return desktop.services(copies, Credentials.in_memory(), preferences, search_seconds=0)


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    """The next one takes its text size from the application, so it is given back as it was."""
    appearance = Appearance(qapp)
    appearance.use(theme=Theme.LIGHT, text_size=100)
    yield appearance
    appearance.use(theme=Theme.LIGHT, text_size=100)


@pytest.fixture
def window(qtbot: QtBot, services: Services, appearance: Appearance) -> Iterator[Window]:
    install_language("fr")
    window = Window(services, appearance)
    window.show()
    with qtbot.waitActive(window, timeout=PATIENCE_MS):
        window.activateWindow()
    yield window
    window.copying.stop()
    window.undo.stop()
    qtbot.waitUntil(lambda: not window.copying.is_running, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not window.undo.is_running, timeout=PATIENCE_MS)
    window.page.leave()
    Task.wait_for_all(PATIENCE_MS)
    install_language("en")
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)


@pytest.fixture
def first_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """On a computer without records; what a start leaves in this process is taken away."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "first"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "first"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "first"))
    root = logging.getLogger()
    handlers, level, raises = list(root.handlers), root.level, logging.raiseExceptions
    hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    yield
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    for handler in set(root.handlers) - set(handlers):
        logs.stop(handler)
    root.setLevel(level)
    logging.raiseExceptions = raises


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScreenReader]:
    """On a bus and a screen of the test's own, which the program will find as well."""
    # Here, since it talks to a bus that other systems do not have.
    from .screen_reader import ScreenReader, screen

    need(shutil.which("Xvfb"), "Xvfb")
    need(Path("/usr/libexec/at-spi-bus-launcher").exists(), "at-spi2-core")
    with tempfile.TemporaryDirectory(prefix="omm") as folder:
        for name in ("XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
            monkeypatch.setenv(name, folder)
        monkeypatch.setenv("GSETTINGS_BACKEND", "memory")
        with private_bus() as bus, screen() as display:
            monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus)
            monkeypatch.setenv("DISPLAY", display)
            reading = ScreenReader(bus)
            yield reading
            reading.close()


@pytest.fixture
def person(reader: ScreenReader, qtbot: QtBot) -> Person:
    return Person(reader, qtbot)


@pytest.fixture
def hands(qtbot: QtBot, window: Window) -> Hands:
    return Hands(qtbot, window)


@pytest.fixture
def slow_line(dovecot: Dovecot) -> Iterator[Relay]:
    with Relay(dovecot.port, speed=300_000) as relay:
        yield relay


@pytest.fixture
def heavy(new_dovecot_user: NewUser) -> TestAccount:
    """Six megabytes: twenty seconds over the slow line, in several batches."""
    account = new_dovecot_user()
    bodies = [LETTER.format(n).encode() + b"x" * 70 * 600 for n in range(150)]
    load(account, [MailFolder(("INBOX",), [Message(body, frozenset(), None) for body in bodies])])
    return account
