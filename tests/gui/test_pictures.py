"""Every page in every language, small and large: nothing clipped or mixed.

The pictures go to the folder named by OMM_PICTURES, for people who want to look at them: then in
every colour scheme, which changes no measure. OMM_LOOKS are those that are wanted: "100-fr-light".
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import astuple
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QMainWindow, QScrollArea, QWidget

from omm_desktop.copies import Copies
from omm_desktop.language import LANGUAGES, Language, current
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

Shown = TypeVar("Shown", bound=QMainWindow)
Look = tuple[Language, Theme, int, tuple[int, int]]
USUAL, SMALL = (900, 640), (800, 560)
# A new theme or text size costs most, a new language comes next: they begin with those of every
# window, and change as seldom as can be.
EVERY_LOOK = [
    (language, theme, percent, size)
    for theme in (Theme.LIGHT, Theme.DARK, Theme.CONTRAST)
    for percent, sizes, languages in (
        (100, (USUAL, SMALL), LANGUAGES),
        (200, (USUAL,), LANGUAGES[::-1]),
    )
    for language in languages
    for size in sizes
]
WANTED = "OMM_PICTURES" in os.environ
WANTED_LOOKS = os.environ.get("OMM_LOOKS", "-").split()


def ending(language: Language, theme: Theme, percent: int, size: tuple[int, int]) -> str:
    """What the names of pictures of that look end in."""
    return f"{size[0]}-{percent}-{language}-{theme}"


LOOKS = [
    look
    for look in EVERY_LOOK
    if (any(one in ending(*look) for one in WANTED_LOOKS) if WANTED else look[1] is Theme.LIGHT)
]
LETTERS_THAT_TELL = 12


def take(widget: QWidget, name: str) -> None:
    """A picture of it; kept when somebody wants to look at it."""
    picture = widget.grab()
    assert not picture.isNull()
    if WANTED:
        folder = Path(os.environ["OMM_PICTURES"])
        folder.mkdir(parents=True, exist_ok=True)
        assert picture.save(str(folder / f"{name}.png"))


def speak(window: Window, language: Language) -> None:
    if current() != language:
        window.use_language(language)


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
        filled = [
            re.compile(".*".join(map(re.escape, fixed)), re.DOTALL)
            for fixed in told
            if len(fixed) > 1
        ]
        # Most texts are the same in every size of a window, and many in every window.
        self._fills_one = cache(lambda text: any(one.fullmatch(text) for one in filled))

    def __contains__(self, text: str) -> bool:
        return text in self._whole or self._fills_one(text)


FOREIGN = {language: Foreign(language) for language in LANGUAGES}


def left_over(
    window: QMainWindow, language: Language, untranslated: Set[str] = frozenset()
) -> Iterator[str]:
    for text in set(looks.texts(window)):
        plain = re.sub(r"&(?!&)|\u200b", "", text).lstrip("✓!?–·▸▾… ")
        if plain in FOREIGN[language] and plain not in untranslated:
            yield f"not in {language}: {text!r}"


def dressed(
    window: Window, appearance: Appearance, shown: QMainWindow, views: Sequence[Look] = LOOKS
) -> Iterator[Look]:
    """`shown`, which is `window` or stands beside it, in each of these looks in turn."""
    for look in views:
        language, theme, percent, size = look
        speak(window, language)
        wear(appearance, theme, percent)
        shown.resize(*size)
        looks.settle(shown)
        if shown is window:  # as one meets it in that look, wherever the last one ended
            window.page.verticalScrollBar().setValue(0)
            window.page.show_focused()
        assert shown.size().toTuple() == size
        yield look


def wrong_with(
    shown: Shown,
    look: Look,
    name: str,
    faults: Callable[[Shown], Sequence[str]],
    page: QScrollArea | None = None,
    untranslated: Set[str] = frozenset(),
) -> list[str]:
    """What `faults` finds as it stands, and what is in another language.

    A picture is taken; whoever wants to look at pictures gets the whole of `page` as well.
    """
    language, theme, _percent, _size = look
    title = f"{name}-{ending(*look)}"
    take(shown, title)
    if WANTED and page is not None:
        take(page.widget(), f"{title}-whole")
    if theme is not Theme.LIGHT:  # measures as the light one
        return []
    foreign = left_over(shown, language, untranslated)
    return [f"{title}: {fault}" for fault in (*faults(shown), *foreign)]


def look_at(
    window: Window, appearance: Appearance, name: str, views: Sequence[Look] = LOOKS
) -> list[str]:
    return [
        fault
        for look in dressed(window, appearance, window, views)
        for fault in wrong_with(window, look, name, looks.faults, window.page)
    ]


def look_beside(
    window: Window,
    appearance: Appearance,
    shown: Shown,
    name: str,
    faults: Callable[[Shown], Sequence[str]],
    *,
    page: QScrollArea | None = None,
    views: Sequence[Look] = LOOKS,
) -> None:
    """Nothing is wrong in any look with a window beside it, which is closed then."""
    wrong: list[str] = []
    for look in dressed(window, appearance, shown, views):
        wrong += wrong_with(shown, look, name, faults, page)
    shown.close()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", SCENES)
def test_pages(window: Window, appearance: Appearance, name: str) -> None:
    SCENES[name](window)
    looks.settle(window)
    scrolled = window.page.verticalScrollBar()
    as_met = scrolled.value()
    wrong = [
        *painted.faults(window, window.page.widget(), appearance.colours),
        *keyboard_walk.faults(window, window.page.widget(), window.frame.buttons),
    ]
    scrolled.setValue(as_met)
    window.page.show_focused()
    wrong += look_at(window, appearance, name)
    assert not wrong, "\n".join(wrong)
    masked(window, name)


def masked(window: Window, name: str) -> None:
    """Nothing on the page, in its problem or in what is copied or announced tells a name."""
    heard: list[str] = []
    window.menus.mask.trigger()
    window.announcer.announced.connect(heard.append)
    names = names_in(window)
    for language in LANGUAGES:
        speak(window, language)
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
    finished, unfinished = sorted(window.home.copies, key=lambda copy: copy.run.interrupted)
    assert [one.again.objectName() for one in (finished, unfinished)] == ["", "main"]
    assert window.main_button.property("leads") == "false"
    Task.wait_for_all(PATIENCE_MS)
    looks.settle(window)
    wrong = look_at(window, appearance, "home", LOOKS if WANTED else EVERY_LOOK)
    assert not wrong, "\n".join(wrong)
    masked(window, "home")
