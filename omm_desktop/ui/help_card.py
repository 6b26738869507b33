"""F1: what to read out to the help desk, in large type."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from omm_desktop.language import in_context
from omm_desktop.language import translate as _
from omm_desktop.ui.page import card, label
from omm_desktop.ui.reading_window import ReadingWindow
from omm_desktop.wizard.present import help_desk as words


class HelpCard(ReadingWindow):
    """`read` answers the lines as they are now."""

    def __init__(self, read: Callable[[], tuple[words.Line, ...]]) -> None:
        self._read = read
        self.copy_button = QPushButton()
        super().__init__()
        self.resize(640, 560)
        self.beside_close.addWidget(self.copy_button)
        self.copy_button.clicked.connect(self._copy)

    def retranslate(self) -> None:
        self.title.setText(_("Read out to the help desk"))
        self.promise.setText(_("Nothing here is personal."))
        self.copy_button.setText(in_context("clipboard", "&Copy"))
        super().retranslate()

    def cards(self) -> Iterable[QWidget]:
        frame, layout = card()
        for line in self._read():
            value = label("value", line.value)
            value.setAccessibleName(f"{line.name} {line.value}")
            together = QVBoxLayout()
            together.setSpacing(0)
            together.addWidget(label("quiet", line.name))
            together.addWidget(value)
            layout.addLayout(together)
        return [frame]

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(words.as_text(self._read()))
