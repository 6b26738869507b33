"""A language whose texts are two fifths longer than English: every page has room for it."""

from __future__ import annotations

import gettext
import re

import pytest

from omm_desktop import language
from omm_desktop.ui.theme import Appearance
from omm_desktop.ui.window import Window

from . import looks
from .scenes import SCENES

LONGER = 0.4
SIZES = ((900, 640), (800, 560))


def stretched(text: str) -> str:
    """The text with as much more at its end, in words, as such a language needs."""
    words = re.sub(r"\{\w*\}|&", "", text).split()
    wanted, more = len(text) * LONGER, ""
    for word in words * 2:
        if len(more) >= wanted:
            break
        more += f" {word}"
    return text + more


class Stretched(gettext.NullTranslations):
    """English, longer."""

    def gettext(self, message: str) -> str:
        return stretched(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return stretched(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return message if context == "time pattern" else stretched(message)


@pytest.fixture
def window(window: Window, monkeypatch: pytest.MonkeyPatch) -> Window:
    longer = Stretched()
    monkeypatch.setattr(language, "_translations", lambda *_of: longer)
    return window


@pytest.mark.parametrize("name", SCENES)
def test_pages(window: Window, appearance: Appearance, name: str) -> None:
    SCENES[name](window)
    window.use_language("en")
    wrong = []
    for size in SIZES:
        window.resize(*size)
        looks.settle(window)
        wrong += [f"{size}: {fault}" for fault in looks.without_room(window)]
    assert not wrong, "\n".join(wrong)


def test_texts_are_longer_indeed() -> None:
    assert len(stretched("Where does your mail come from?")) >= 1.4 * 31
    assert stretched("&Back") == "&Back Back"
    assert stretched("{} left") == "{} left left"
