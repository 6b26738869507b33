"""Every page in every language, small and large: nothing clipped or mixed.

The pictures go to the folder named by OMM_PICTURES, for people who want to look at them: then in
every colour scheme, which changes no measure.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMainWindow, QWidget

from omm_desktop.copies import Copies
from omm_desktop.language import LANGUAGES, Language
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.report import Grade
from omm_desktop.store import report_json
from omm_desktop.store.rows import Intent, Outcome, RowState
from omm_desktop.support.catalogue import catalogue
from omm_desktop.ui.task import Task
from omm_desktop.ui.theme import Appearance, Theme
from omm_desktop.ui.window import Window
from tests.house.test_translations import CATALOGS, forms, ids
from tests.unit.reports import report

from . import keyboard_walk, looks, painted
from .hands import PATIENCE_MS
from .mailboxes import NEW, OLD
from .personal import leaks, names_in
from .scenes import SCENES

Look = tuple[Language, Theme, int, tuple[int, int]]
USUAL, SMALL = (900, 640), (800, 560)
# A new theme or text size costs more than all the rest: each has its turn once.
EVERY_LOOK = [
    (language, theme, percent, size)
    for theme in (Theme.LIGHT, Theme.DARK, Theme.CONTRAST)
    for percent, sizes in ((200, (USUAL,)), (100, (USUAL, SMALL)))
    for language in LANGUAGES
    for size in sizes
]
WANTED = "OMM_PICTURES" in os.environ
LOOKS = EVERY_LOOK if WANTED else [look for look in EVERY_LOOK if look[1] is Theme.LIGHT]
LETTERS_THAT_TELL = 12


def take(widget: QWidget, name: str) -> None:
    """A picture of it; kept when somebody wants to look at it."""
    picture = widget.grab()
    assert not picture.isNull()
    if WANTED:
        folder = Path(os.environ["OMM_PICTURES"])
        folder.mkdir(parents=True, exist_ok=True)
        assert picture.save(str(folder / f"{name}.png"))


def wear(appearance: Appearance, theme: Theme, percent: int) -> None:
    if (appearance.theme, appearance.text_size) != (theme, percent):
        appearance.use(theme=theme, text_size=percent)


def said_in(language: Language) -> set[str]:
    """All texts of the program, and of its problems."""
    catalog = CATALOGS["fr-omm" if language == "en" else f"{language}-omm"]
    told = ids if language == "en" else forms
    problems = catalogue()
    words = [problems.describe(problem).words[language] for problem in problems.ids()]
    return {
        *(text.replace("&", "") for message in catalog if message.id for text in told(message)),
        *(text for one in words for text in astuple(one)),
    }


def tells(fixed: Sequence[str]) -> bool:
    return sum(sign.isalpha() for part in fixed for sign in part) >= LETTERS_THAT_TELL


class Foreign:
    """Texts of other languages that cannot be of this one; placeholders stand for anything."""

    def __init__(self, language: Language) -> None:
        others = {text for other in LANGUAGES if other != language for text in said_in(other)}
        parts = [re.split(r"\{\w*\}", text) for text in others - said_in(language)]
        told = [fixed for fixed in parts if tells(fixed)]
        self._whole = {fixed[0] for fixed in told if len(fixed) == 1}
        self._filled = [
            re.compile(".*".join(map(re.escape, fixed)), re.DOTALL)
            for fixed in told
            if len(fixed) > 1
        ]

    def __contains__(self, text: str) -> bool:
        return text in self._whole or any(one.fullmatch(text) for one in self._filled)


FOREIGN = {language: Foreign(language) for language in LANGUAGES}


def left_over(window: QMainWindow, language: Language) -> Iterator[str]:
    for text in set(looks.texts(window)):
        plain = re.sub(r"&(?!&)|\u200b", "", text).lstrip("✓!?–·▸▾… ")
        if plain in FOREIGN[language]:
            yield f"not in {language}: {text!r}"


def look_at(
    window: Window, appearance: Appearance, name: str, views: Sequence[Look] = LOOKS
) -> list[str]:
    wrong: list[str] = []
    for language, theme, percent, size in views:
        window.use_language(language)
        wear(appearance, theme, percent)
        window.resize(*size)
        looks.settle(window)
        assert window.size().toTuple() == size
        look = f"{name}-{size[0]}-{percent}-{language}-{theme}"
        take(window, look)
        if theme is not Theme.LIGHT:  # measures as the light one
            continue
        found = [*looks.faults(window), *left_over(window, language)]
        wrong += [f"{look}: {fault}" for fault in found]
    return wrong


@pytest.mark.parametrize("name", SCENES)
def test_pages(window: Window, appearance: Appearance, name: str) -> None:
    SCENES[name](window)
    looks.settle(window)
    wrong = [
        *painted.faults(window, window.page.widget(), appearance.colours),
        *keyboard_walk.faults(window, window.page.widget(), window.frame.buttons),
        *look_at(window, appearance, name),
    ]
    assert not wrong, "\n".join(wrong)
    masked(window, name)


def masked(window: Window, name: str) -> None:
    """Nothing on the page, in its problem or in what is copied or announced tells a name."""
    heard: list[str] = []
    window.menus.mask.trigger()
    window.announcer.announced.connect(heard.append)
    names = names_in(window)
    for language in LANGUAGES:
        window.use_language(language)
        window.page.load()
        if window.panel.isVisible():
            window.panel.details_button.setChecked(True)
            window.panel.copy_button.click()
        looks.settle(window)
        take(window, f"{name}-masked-{language}")
        assert not leaks(names, [*heard, window.tray.icon.toolTip()])


@pytest.fixture
def past_copies(copies: Copies) -> None:
    """One copy that ended well and one that was cut off."""
    ledger, plan = copies.ledger, MigrationPlan(OLD, NEW)
    ends = [ledger.account(account.identity) for account in (OLD, NEW)]
    first = ledger.begin_run(plan, *ends, time.time() - 90_000)
    ledger.end_run(first, time.time(), Grade.COMPLETE, report_json.to_json(report(Grade.COMPLETE)))
    place = ledger.source_folder(ends[0], "INBOX", 1)[0]
    there = ledger.destination_folder(ends[1], "INBOX", 1, empty=True)
    intent = Intent(place, 1, "1", b"f" * 16, b"c" * 16, 10, None)
    (row,) = ledger.intend(first, there, None, 1, 0.0, [intent])
    ledger.note_outcomes([Outcome(row, RowState.DONE, "1", 1)])
    second = ledger.begin_run(plan, *ends, time.time() - 9_000)
    ledger.note_listed(second, 8_300)


@pytest.mark.usefixtures("past_copies")
def test_home(request: pytest.FixtureRequest) -> None:
    """The one page that is drawn in every colour scheme each time."""
    window = request.getfixturevalue("window")
    appearance = request.getfixturevalue("appearance")
    assert window.page is window.home
    Task.wait_for_all(PATIENCE_MS)
    looks.settle(window)
    wrong = look_at(window, appearance, "home", EVERY_LOOK)
    assert not wrong, "\n".join(wrong)
    masked(window, "home")
