"""The look of the window: one palette, one text size, one style sheet."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication

from omm_desktop import paths
from omm_desktop.ui.colours import CONTRAST, DARK, LIGHT, Colours, is_high_contrast, palette

TEXT_SIZES = (100, 115, 130, 150, 175, 200)
_LEAST_POINTS = 10.0
_WITH_LETTERS = ("QCheckBox", "QRadioButton", "QPushButton")


class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


_COLOURS = {Theme.LIGHT: LIGHT, Theme.DARK: DARK, Theme.CONTRAST: CONTRAST}


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
        self.colours = LIGHT
        application.setStyle("Fusion")
        application.styleHints().colorSchemeChanged.connect(self.apply)

    def _colours_of_the_system(self) -> Colours:
        # An empty palette gives way to the system's own.
        self._application.setPalette(QPalette())
        if is_high_contrast(self._application.palette()):
            return CONTRAST
        scheme = self._application.styleHints().colorScheme()
        return DARK if scheme is Qt.ColorScheme.Dark else LIGHT

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
        self.colours = colours = _COLOURS.get(self.theme) or self._colours_of_the_system()
        self._application.setPalette(palette(colours))
        font = QFont(self._family)
        font.setPointSizeF(self.points())
        self._application.setFont(font)
        # The first style sheet makes Qt forget the fonts of single kinds: these come after it.
        self._application.setStyleSheet(self._style_sheet(colours))
        # Qt measures a text as a whole, and paints the letter that Alt reaches by itself: kerned,
        # "Tous" is wider in its two pieces, and its box would cut off the end.
        font.setKerning(False)
        for kind in _WITH_LETTERS:
            self._application.setFont(font, kind)  # type: ignore[arg-type]
        self.changed.emit()

    def _style_sheet(self, colours: Colours) -> str:
        style = paths.resources() / "style"
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        mark = 16 * self.text_size // 100 - 2
        # A height in the style sheet is the least one, however high the text: it has to hold it.
        text = QFontMetrics(self._application.font()).height()
        sizes = {"small": self.points(0.9), "body": self.points(), "large": self.points(1.2),
                 "title": self.points(1.7), "mark": mark,
                 "label": max(22, mark + 2, text), "button": max(24, text + 2),
                 "round": 40 * self.text_size // 100,
                 "half": 20 * self.text_size // 100 + 1, "badge": 24 * self.text_size // 100,
                 "disc": 12 * self.text_size // 100 + 1,
                 "row": 30 * self.text_size // 100, "entry": 30 * self.text_size // 100 - 12,
                 "chevron": 12 * self.text_size // 100, "style": style.as_posix(),
                 "gap": 3 * self.text_size // 100,
                 "fixed": fixed.family(), "bend": 8 * self.text_size // 100}  # fmt: skip
        template = Template((style / "window.qss").read_text(encoding="utf-8"))
        # As keywords, so that no size takes the name of a colour.
        return template.substitute(**asdict(colours), **sizes)
