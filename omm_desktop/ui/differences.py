"""The window "What Exchange changes": each difference, and the rule of Exchange behind it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from omm_desktop.language import translate as _
from omm_desktop.ui.page import card, label
from omm_desktop.ui.reading_window import ReadingWindow
from omm_desktop.wizard.present import differences as words


class DifferencesWindow(ReadingWindow):
    def retranslate(self) -> None:
        self.title.setText(_("What Exchange changes"))
        self.promise.setText(words.promise())
        super().retranslate()

    def cards(self) -> Iterable[QWidget]:
        return map(_chapter, words.chapters())


def _chapter(chapter: words.Chapter) -> QFrame:
    frame, layout = card()
    layout.addWidget(label("section", chapter.title))
    for text, rule in chapter.entries:
        entry = QVBoxLayout()
        entry.setSpacing(0)
        entry.addWidget(label(text=text))
        entry.addWidget(label("quiet", rule))
        layout.addLayout(entry)
    return frame
