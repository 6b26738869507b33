"""Help for a code read out by phone: type it, read the remedy in either language."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QWidget

from omm_desktop import language
from omm_desktop.language import Language
from omm_desktop.language import translate as _
from omm_desktop.support.catalogue import Catalogue, Entry
from omm_desktop.ui.page import card, label, link
from omm_desktop.ui.reading_window import ReadingWindow
from omm_desktop.ui.widgets.field_row import FieldRow
from omm_desktop.wizard.present import help_desk as words


class CodeWindow(ReadingWindow):
    """`found` with the words of a code, to be announced."""

    found = Signal(str)

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._language: Language = language.current()
        self.code, self.other_language = QLineEdit(), link()
        self.row = FieldRow(self.code)
        self.near_buttons: list[QPushButton] = []
        super().__init__()
        self.resize(640, 560)
        self.above.addWidget(self.row)
        self.beside_close.addWidget(self.other_language)
        self.code.textChanged.connect(self._typed)
        self.other_language.clicked.connect(self._switch)

    @property
    def entry(self) -> Entry | None:
        return self._catalogue.find(self.code.text(), self._language)

    def bring_forward(self) -> None:
        super().bring_forward()
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)
        self.code.selectAll()

    def retranslate(self) -> None:
        self.title.setText(_("Look up a code"))
        self.promise.setText(_("Four digits, with or without a dash: 11-01 or 1101."))
        self.row.set_texts(_("&Code"))
        self._language = language.current()
        super().retranslate()

    def cards(self) -> Iterable[QWidget]:
        self.other_language.setText(language.own_name(language.after(self._language)))
        entry = self.entry
        self.other_language.setVisible(entry is not None)
        self.near_buttons = []
        if entry is not None:
            return [self._card(entry)]
        near = self._catalogue.near(self.code.text())
        told = words.unknown(self.code.text(), near)
        return [label(text=told), *map(self._suggestion, near)] if told else []

    def _card(self, entry: Entry) -> QFrame:
        frame, layout = card()
        layout.addWidget(label("value", entry.code))
        layout.addWidget(label("section", entry.title))
        layout.addWidget(label("quiet", words.place(entry)))
        for text in (entry.cause, entry.remedy):
            layout.addWidget(label(text=text))
        return frame

    def _suggestion(self, code: str) -> QWidget:
        found = self._catalogue.find(code, self._language)
        assert found is not None
        row, button = QWidget(), link()
        button.setText(code)
        button.setAccessibleName(f"{code} {found.title}")
        button.clicked.connect(lambda: self.code.setText(code))
        self.near_buttons.append(button)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(button)
        line.addWidget(label(text=found.title), 1)
        return row

    def _typed(self) -> None:
        self.show_cards()
        entry = self.entry
        if entry is not None:
            self.found.emit(f"{entry.title} {entry.cause} {entry.remedy}")

    def _switch(self) -> None:
        self._language = language.after(self._language)
        self.show_cards()
