"""The colours of the window: light, dark, and in high contrast."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette

_MOST = 20.0


@dataclass(frozen=True, slots=True)
class Colours:
    """Every pair of text and ground keeps 4.5:1, marks and borders of fields 3:1.

    `icons` names the set of drawings made for them, `off` is of what cannot be chosen now.
    """

    icons: str
    window: str
    rail: str
    surface: str
    text: str
    quiet: str
    off: str
    line: str
    track: str
    edge: str
    accent: str
    accent_strong: str
    on_accent: str
    tint: str
    good: str
    warning: str
    warning_ground: str
    problem: str
    problem_ground: str


LIGHT = Colours(
    icons="light",
    window="#f7f8f8",
    rail="#edf1f1",
    surface="#ffffff",
    text="#1c2426",
    quiet="#566266",
    off="#566266",
    line="#d9e0e1",
    track="#d9e0e1",
    edge="#7d8a8e",
    accent="#0f6670",
    accent_strong="#0a4d55",
    on_accent="#ffffff",
    tint="#dcecec",
    good="#1b6b3a",
    warning="#7d4a00",
    warning_ground="#fdf3e0",
    problem="#a5232c",
    problem_ground="#fdeeee",
)
DARK = Colours(
    icons="dark",
    window="#171d1f", rail="#1e2628", surface="#222b2d", text="#e7eded", quiet="#a5b2b5",
    off="#a5b2b5", line="#354144", track="#354144", edge="#839195", accent="#6cc5cb",
    accent_strong="#93d9dd", on_accent="#08282b", tint="#23484b", good="#84d2a0", warning="#efc27a",
    warning_ground="#3a2f1a", problem="#ff9a9a", problem_ground="#402426",
)  # fmt: skip
CONTRAST = Colours(
    icons="contrast", window="#000000", rail="#000000", surface="#000000", text="#ffffff",
    quiet="#ffffff", off="#a8a8a8", line="#ffffff", track="#404040", edge="#ffffff",
    accent="#ffe500", accent_strong="#ffe500", on_accent="#000000", tint="#10306b", good="#8cff9e",
    warning="#ffd166", warning_ground="#000000", problem="#ffb3b3", problem_ground="#000000",
)  # fmt: skip
"""Black, white and few strong colours: 7:1 at least."""


def palette(colours: Colours) -> QPalette:
    role = QPalette.ColorRole
    made = QPalette()
    for name, colour in {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.surface,
        role.AlternateBase: colours.rail,
        role.Text: colours.text,
        role.Button: colours.surface,
        role.ButtonText: colours.text,
        role.BrightText: colours.problem,
        role.ToolTipBase: colours.surface,
        role.ToolTipText: colours.text,
        role.PlaceholderText: colours.quiet,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.on_accent,
        role.Accent: colours.accent,
        role.Link: colours.accent,
        role.LinkVisited: colours.accent_strong,
        role.Light: colours.surface,
        role.Midlight: colours.line,
        role.Mid: colours.edge,
        role.Dark: colours.quiet,
        role.Shadow: colours.text,
    }.items():
        made.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, name, QColor(colours.off))
    return made


def is_high_contrast(system: QPalette) -> bool:
    """Whether the system's own colours are those of a high contrast: nothing but black and white.

    Ordinary systems set their windows off from their fields, and text off from black.
    """
    window, field = system.color(QPalette.ColorRole.Window), system.color(QPalette.ColorRole.Base)
    text = system.color(QPalette.ColorRole.WindowText)
    return window == field and contrast(window, text) >= _MOST


def contrast(one: QColor, other: QColor) -> float:
    """The ratio of WCAG 2.2 (1 to 21)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
