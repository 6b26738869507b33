"""Colours, text size and shape of the window: one palette, one style sheet."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from omm_desktop import paths

TEXT_SIZES = (100, 115, 130, 150, 175, 200)
_LEAST_POINTS = 10.0


class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Colours:
    """Every pair of text and ground keeps 4.5:1, marks and borders of fields 3:1."""

    window: str
    rail: str
    surface: str
    text: str
    quiet: str
    line: str
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
    window="#f7f8f8",
    rail="#edf1f1",
    surface="#ffffff",
    text="#1c2426",
    quiet="#566266",
    line="#d9e0e1",
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
    window="#171d1f", rail="#1e2628", surface="#222b2d", text="#e7eded", quiet="#a5b2b5",
    line="#354144", edge="#839195", accent="#6cc5cb", accent_strong="#93d9dd",
    on_accent="#08282b", tint="#23484b", good="#84d2a0", warning="#efc27a",
    warning_ground="#3a2f1a", problem="#ff9a9a", problem_ground="#402426",
)  # fmt: skip


class Appearance(QObject):
    """The look of the whole program. `changed` comes after every new palette or text size."""

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._family = application.font().family()
        self._points = max(application.font().pointSizeF(), _LEAST_POINTS)
        self.theme = Theme.SYSTEM
        self.text_size = 100
        application.setStyle("Fusion")
        application.styleHints().colorSchemeChanged.connect(self.apply)

    @property
    def colours(self) -> Colours:
        if self.theme is Theme.SYSTEM:
            scheme = self._application.styleHints().colorScheme()
            return DARK if scheme is Qt.ColorScheme.Dark else LIGHT
        return DARK if self.theme is Theme.DARK else LIGHT

    def use(self, *, theme: Theme | None = None, text_size: int | None = None) -> None:
        self.theme = theme or self.theme
        self.text_size = text_size or self.text_size
        self.apply()

    def step_text_size(self, direction: int) -> None:
        """The next larger (1) or smaller (-1) size, if there is one."""
        index = TEXT_SIZES.index(self.text_size) + direction
        if 0 <= index < len(TEXT_SIZES):
            self.use(text_size=TEXT_SIZES[index])

    def points(self, factor: float = 1.0) -> float:
        return round(self._points * self.text_size / 100 * factor, 1)

    def apply(self) -> None:
        colours = self.colours
        self._application.setPalette(palette(colours))
        font = QFont(self._family)
        font.setPointSizeF(self.points())
        self._application.setFont(font)
        self._application.setStyleSheet(self._style_sheet(colours))
        self.changed.emit()

    def _style_sheet(self, colours: Colours) -> str:
        style = paths.resources() / "style"
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        sizes = {"small": self.points(0.9), "body": self.points(), "large": self.points(1.2),
                 "title": self.points(1.7), "mark": 16 * self.text_size // 100,
                 "round": 40 * self.text_size // 100,
                 "half": 20 * self.text_size // 100,
                 "row": 30 * self.text_size // 100, "icons": style.as_posix(),
                 "fixed": fixed.family(),
                 "shade": "dark" if colours is DARK else "light"}  # fmt: skip
        template = Template((style / "window.qss").read_text(encoding="utf-8"))
        return template.substitute(asdict(colours) | sizes)


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
        made.setColor(QPalette.ColorGroup.Disabled, name, QColor(colours.quiet))
    return made
