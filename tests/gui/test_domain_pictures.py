"""The check of a domain in both languages, light and dark, small and large."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from omm_desktop.ui.theme import Appearance
from omm_desktop.ui.window import Window
from tests.servers.dns_server import DnsServer

from . import looks
from .conftest import PATIENCE_MS
from .domain_scenes import SCENES, ask
from .test_pictures import look_beside


@pytest.mark.parametrize("name", SCENES)
def test_domain(
    window: Window,
    appearance: Appearance,
    qtbot: QtBot,
    dns_server: DnsServer,
    name: str,
) -> None:
    ask(window, dns_server)
    domain = SCENES[name](window, dns_server)
    qtbot.waitUntil(lambda: not domain.checking, timeout=PATIENCE_MS)
    look_beside(window, appearance, domain, f"domain-{name}", looks.domain_faults, page=domain.page)
