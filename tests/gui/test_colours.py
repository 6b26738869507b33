"""Colours can be told apart (WCAG 2.2, 1.4.3, 1.4.6 and 1.4.11), and a high contrast is seen."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QPalette

from omm_desktop.store import preferences
from omm_desktop.ui.colours import (
    CONTRAST,
    DARK,
    LIGHT,
    Colours,
    contrast,
    is_high_contrast,
    palette,
)
from omm_desktop.ui.theme import Appearance, Theme

GROUNDS = ("window", "rail", "surface")
TEXTS = {
    "text": (*GROUNDS, "tint", "track"),
    "quiet": (*GROUNDS, "track"),
    "accent": GROUNDS,
    "accent_strong": ("tint",),
    "on_accent": ("accent", "accent_strong"),
    "good": ("window", "surface", "tint"),
    "warning": ("window", "surface", "warning_ground"),
    "problem": ("window", "surface", "problem_ground"),
    "text on a problem": ("problem_ground",),
    "quiet on a problem": ("problem_ground",),
}
MARKS = {"edge": GROUNDS, "accent": ("track", "problem_ground"), "problem": ("window",)}


def too_weak(colours: Colours, pairs: dict[str, tuple[str, ...]], least: float) -> list[str]:
    found = []
    for name, grounds in pairs.items():
        colour = getattr(colours, name.partition(" ")[0])
        for ground in grounds:
            ratio = contrast(QColor(colour), QColor(getattr(colours, ground)))
            if ratio < least:
                found.append(f"{name} on {ground}: {ratio:.2f}")
    return found


@pytest.mark.parametrize(("colours", "text"), [(LIGHT, 4.5), (DARK, 4.5), (CONTRAST, 7.0)])
def test_texts_and_marks_can_be_told_from_their_ground(colours: Colours, text: float) -> None:
    assert too_weak(colours, TEXTS, text) == []
    assert too_weak(colours, MARKS, 3.0) == []


def test_black_on_white_is_the_most_there_is() -> None:
    assert contrast(QColor("#000000"), QColor("#ffffff")) == pytest.approx(21)
    assert contrast(QColor("#777777"), QColor("#777777")) == pytest.approx(1)


def system(window: str, field: str, text: str) -> QPalette:
    made = QPalette()
    made.setColor(QPalette.ColorRole.Window, QColor(window))
    made.setColor(QPalette.ColorRole.Base, QColor(field))
    made.setColor(QPalette.ColorRole.WindowText, QColor(text))
    return made


@pytest.mark.parametrize(
    ("window", "field", "text", "high"),
    [
        ("#000000", "#000000", "#ffffff", True),
        ("#ffffff", "#ffffff", "#000000", True),
        ("#f0f0f0", "#ffffff", "#000000", False),
        ("#202020", "#1e1e1e", "#ffffff", False),
        ("#ffffff", "#ffffff", "#333333", False),
    ],
)
def test_a_system_in_high_contrast_is_recognised(
    window: str, field: str, text: str, high: bool
) -> None:
    assert is_high_contrast(system(window, field, text)) is high


def test_ordinary_colours_of_ours_are_no_high_contrast() -> None:
    assert not is_high_contrast(palette(LIGHT))
    assert not is_high_contrast(palette(DARK))


def test_following_the_system_does_not_mistake_our_own_colours_for_its(
    appearance: Appearance,
) -> None:
    appearance.use(theme=Theme.CONTRAST)
    assert appearance.colours is CONTRAST
    appearance.use(theme=Theme.SYSTEM)
    assert appearance.colours is not CONTRAST


def test_every_theme_can_be_remembered() -> None:
    assert [*Theme] == [*preferences.Theme]
