"""The support file before it is saved: each part, what it is, and its very text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QPushButton, QWidget

from omm_desktop.language import translate as _
from omm_desktop.model.disk import disk_problem
from omm_desktop.support import bundle
from omm_desktop.support.bundle import Part
from omm_desktop.ui import file_dialogs
from omm_desktop.ui.page import card, label
from omm_desktop.ui.reading_window import ReadingWindow
from omm_desktop.wizard.present import support_file as words

_LINES_SHOWN, _AROUND = 8, 24


class _PartText(QPlainTextEdit):
    """Some lines of it; the rest by scrolling."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setObjectName("partText")
        self.setReadOnly(True)
        self.setTabChangesFocus(True)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.setFixedHeight(_LINES_SHOWN * self.fontMetrics().lineSpacing() + _AROUND)


class SupportWindow(ReadingWindow):
    """`failed` with a Problem, `saved` when the file is written."""

    failed = Signal(object)
    saved = Signal()

    def __init__(self) -> None:
        self.parts: Sequence[Part] = ()
        self._copy: int | None = None
        self.save_button = QPushButton()
        super().__init__()
        self.save_button.setObjectName("main")
        self.beside_close.addWidget(self.save_button)
        self.save_button.clicked.connect(self._ask_where)

    def show_parts(self, parts: Sequence[Part], copy: int | None) -> None:
        self.parts, self._copy = parts, copy
        self.show_cards()

    def retranslate(self) -> None:
        self.title.setText(_("Support file"))
        self.promise.setText(_("This is all that a help desk gets, if you give it the file."))
        self.save_button.setText(_("&Save…"))
        super().retranslate()

    def cards(self) -> Iterable[QWidget]:
        if not self.parts:
            return [label(text=_("The file is being put together…"))]
        frame, layout = card("notice")
        for sentence in words.not_inside():
            layout.addWidget(label(text=sentence))
        return [frame, *map(self._part, self.parts)]

    def _part(self, part: Part) -> QFrame:
        frame, layout = card()
        layout.addWidget(label("section", words.title(part.name)))
        layout.addWidget(label("quiet", f"{words.explanation(part.name)} ({part.name})"))
        text = _PartText(part.text)
        text.setAccessibleName(words.title(part.name))
        layout.addWidget(text)
        return frame

    def _ask_where(self) -> None:
        if not self.parts:
            return
        name = words.suggested_name(date.today(), self._copy)
        title = _("Save the support file")
        file_dialogs.choose_new(self, title, name, "ZIP (*.zip)", self.save_to)

    def save_to(self, file: Path) -> None:
        """Writes what is shown."""
        try:
            bundle.write(self.parts, file)
        except OSError as error:
            self.failed.emit(disk_problem(error))
            return
        self.saved.emit()
