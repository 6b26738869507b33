"""How to get files out of other programs, and back: reached from the pages, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from PySide6.QtCore import Qt

from omm_desktop.guide.exports import Export, guides
from omm_desktop.language import LANGUAGES
from omm_desktop.ui.reading_window import ReadingWindow
from omm_desktop.ui.theme import Appearance
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId

from . import looks
from .filling import choose_radio
from .hands import Hands
from .test_pictures import look_beside
from .test_real_files import from_files_alone

Opened = Callable[[Hands, Window], tuple[ReadingWindow | None, Sequence[Export]]]


def out_of_programs(hands: Hands, window: Window) -> tuple[ReadingWindow | None, Sequence[Export]]:
    from_files_alone(hands, window)
    hands.tab_to(window.source.file_list.how)
    hands.press(Qt.Key.Key_Space)
    return window.source.exports, guides().programs


def back_into_them(hands: Hands, window: Window) -> tuple[ReadingWindow | None, Sequence[Export]]:
    window.review.change_wanted.emit(PageId.DESTINATION)
    choose_radio(hands, window, window.destination.files)
    hands.tab_to(window.destination.folder.how)
    hands.press(Qt.Key.Key_Space)
    return window.destination.readers, guides().readers


BOTH = pytest.mark.parametrize("opened", [out_of_programs, back_into_them])


@BOTH
def test_it_looks_right(
    hands: Hands, window: Window, appearance: Appearance, opened: Opened
) -> None:
    shown, _told = opened(hands, window)
    assert shown is not None
    assert shown.isVisible()
    look_beside(window, appearance, shown, opened.__name__, looks.reading_faults)


@BOTH
def test_it_has_every_step_in_both_languages(hands: Hands, window: Window, opened: Opened) -> None:
    shown, told = opened(hands, window)
    assert shown is not None
    for language in LANGUAGES:
        window.use_language(language)
        looks.settle(shown)
        said = "\n".join(looks.texts(shown))
        for export in told:
            for wording in (export.name, *export.steps):
                assert wording.text(language) in said
    shown.close()
