"""How to get files out of other programs: reached from the source page, read in both languages."""

from __future__ import annotations

from PySide6.QtCore import Qt

from omm_desktop.guide.exports import exports
from omm_desktop.language import LANGUAGES
from omm_desktop.ui.exports import ExportsWindow
from omm_desktop.ui.theme import Appearance, Theme
from omm_desktop.ui.window import Window

from . import looks
from .hands import Hands
from .test_pictures import LOOKS, left_over, take, wear
from .test_real_files import from_files_alone


def opened(hands: Hands, window: Window) -> ExportsWindow:
    from_files_alone(hands, window)
    hands.tab_to(window.source.file_list.how)
    hands.press(Qt.Key.Key_Space)
    assert window.source.exports is not None
    assert window.source.exports.isVisible()
    return window.source.exports


def test_it_looks_right(hands: Hands, window: Window, appearance: Appearance) -> None:
    shown = opened(hands, window)
    wrong: list[str] = []
    for language, theme, percent, size in LOOKS:
        window.use_language(language)
        wear(appearance, theme, percent)
        shown.resize(*size)
        looks.settle(shown)
        look = f"exports-{size[0]}-{percent}-{language}-{theme}"
        take(shown, look)
        if theme is Theme.LIGHT:  # the others measure the same
            found = [*looks.reading_faults(shown), *left_over(shown, language)]
            wrong += [f"{look}: {fault}" for fault in found]
    shown.close()
    assert not wrong, "\n".join(wrong)


def test_it_has_every_step_in_both_languages(hands: Hands, window: Window) -> None:
    shown = opened(hands, window)
    for language in LANGUAGES:
        window.use_language(language)
        looks.settle(shown)
        said = "\n".join(looks.texts(shown))
        for export in exports():
            for wording in (export.name, *export.steps):
                assert getattr(wording, language) in said
    shown.close()
