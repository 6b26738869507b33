"""Looking for a newer version: nothing is asked unless the person presses the button."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox

from omm_desktop import __version__
from omm_desktop.ui import newer_version
from omm_desktop.ui.window import Window

PAGE = "https://exemple.fr/versions"


def test_the_menu_tells_the_version_and_a_program_without_a_page_opens_none(
    window: Window,
) -> None:
    window.menus.newer_version.trigger()
    (box,) = window.findChildren(QMessageBox)
    assert __version__ in box.text()
    assert "Demandez à qui" in box.informativeText()
    assert len(box.buttons()) == 1
    box.close()


def test_the_page_is_opened_by_its_button_alone(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(QUrl(url).url()))
    box = newer_version.show(window, PAGE)
    assert PAGE in box.informativeText()
    assert opened == []
    box.buttons()[0].click()
    assert opened == [PAGE]
