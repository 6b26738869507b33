"""The manual: its table of contents, and one chapter at a time."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from omm_desktop.guide import manual as guide
from omm_desktop.guide.manual import Chapter, Part, Section, Shape
from omm_desktop.language import translate as _
from omm_desktop.ui.page import card, label, link
from omm_desktop.ui.reading_window import ReadingWindow
from omm_desktop.ui.widgets.numbered_steps import hanging

_PICTURE_WIDTH = 640
_MARKS = {Shape.TEXT: "", Shape.STEP: "{}.", Shape.POINT: "•"}
_LINK_INSET = 4
"""A link has its text that far from its edge, for the mark of the focus."""


class ManualWindow(ReadingWindow):
    """`chapter` is None at the table of contents.

    Signals: `other_wanted` with a `guide.Other`, `turned` with the title of what is shown now.
    """

    other_wanted = Signal(object)
    turned = Signal(str)

    def __init__(self) -> None:
        self.chapter: Chapter | None = None
        self.contents, self.previous, self.next = QPushButton(), QPushButton(), QPushButton()
        super().__init__()
        for button in (self.contents, self.previous, self.next):
            self.beside_close.addWidget(button)
        self.contents.clicked.connect(lambda: self.turn_to(None))
        self.previous.clicked.connect(lambda: self.turn_to(self._neighbour(-1)))
        self.next.clicked.connect(lambda: self.turn_to(self._neighbour(1)))

    def turn_to(self, chapter: Chapter | None) -> None:
        """Show this chapter from its beginning, or the table of contents."""
        self.chapter = chapter
        self.retranslate()
        self.page.verticalScrollBar().setValue(0)
        self.page.setFocus(Qt.FocusReason.OtherFocusReason)
        self.turned.emit(self.title.text())

    def retranslate(self) -> None:
        shown, told = guide.manual(), self.chapter
        self.title.setText(told.title.text() if told else shown.title.text())
        self.promise.setText(told.summary.text() if told else shown.promise.text())
        self.contents.setText(_("&Contents"))
        self.previous.setText(_("&Previous"))
        self.next.setText(_("&Next"))
        for button in (self.contents, self.previous, self.next):
            button.setVisible(told is not None)
        self.previous.setEnabled(self._neighbour(-1) is not None)
        self.next.setEnabled(self._neighbour(1) is not None)
        super().retranslate()

    def cards(self) -> Iterable[QWidget]:
        if self.chapter is None:
            return map(self._part, guide.manual().parts)
        return map(self._section, self.chapter.sections)

    def _neighbour(self, step: int) -> Chapter | None:
        if self.chapter is None:
            return None
        chapters = guide.manual().chapters
        place = chapters.index(self.chapter) + step
        return chapters[place] if 0 <= place < len(chapters) else None

    def _part(self, part: Part) -> QFrame:
        frame, layout = card()
        layout.addWidget(label("section", part.title.text()))
        for chapter in part.chapters:
            entry, button = QVBoxLayout(), link()
            entry.setSpacing(0)
            button.setText(chapter.title.text())
            button.clicked.connect(lambda _checked=False, to=chapter: self.turn_to(to))
            entry.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            summary = label("quiet", chapter.summary.text())
            summary.setContentsMargins(_LINK_INSET, 0, 0, 0)
            entry.addWidget(summary)
            layout.addLayout(entry)
        return frame

    def _section(self, section: Section) -> QFrame:
        frame, layout = card()
        layout.addWidget(label("section", section.title.text()))
        for shape, blocks in section.runs():
            for number, block in enumerate(blocks, 1):
                said = label()
                said.show_pieces(block.pieces())
                layout.addWidget(hanging(_MARKS[shape].format(number), said))
        if section.picture and guide.picture(section.picture).is_file():
            layout.addWidget(_Picture(section))
        if section.opens is not None:
            button = link()
            button.setText(guide.other_words(section.opens))
            button.clicked.connect(lambda: self.other_wanted.emit(section.opens))
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return frame


class _Picture(QLabel):
    """As wide as there is room, up to `_PICTURE_WIDTH`."""

    def __init__(self, section: Section) -> None:
        super().__init__()
        self._whole = QPixmap(str(guide.picture(section.picture)))
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(_("Picture: {}").format(section.title.text()))

    def heightForWidth(self, width: int) -> int:
        return round(self._fitting(width) * self._whole.height() / self._whole.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        width = self._fitting(event.size().width())
        self.setPixmap(self._whole.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation))

    def _fitting(self, width: int) -> int:
        return max(1, min(_PICTURE_WIDTH, width, self._whole.width()))
