"""The check of a domain in both languages, light and dark, small and large."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from omm_desktop.ui.theme import Appearance, Theme
from omm_desktop.ui.window import Window
from tests.servers.dns_server import DnsServer

from . import looks
from .conftest import PATIENCE_MS
from .domain_scenes import SCENES, ask
from .test_pictures import LOOKS, left_over, take, wear


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
    wrong: list[str] = []
    for language, theme, percent, size in LOOKS:
        window.use_language(language)
        wear(appearance, theme, percent)
        domain.resize(*size)
        looks.settle(domain)
        assert domain.size().toTuple() == size
        look = f"domain-{name}-{size[0]}-{percent}-{language}-{theme}"
        take(domain, look)
        take(domain.page.widget(), f"{look}-whole")
        if theme is Theme.DARK:  # measures as the light one
            continue
        found = [*looks.domain_faults(domain), *left_over(domain, language)]
        wrong += [f"{look}: {fault}" for fault in found]
    domain.close()
    assert not wrong, "\n".join(wrong)
