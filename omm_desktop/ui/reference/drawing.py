"""POP or IMAP: what stays where, drawn in the colours of the window."""

from __future__ import annotations

from dataclasses import asdict
from string import Template
from xml.sax.saxutils import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from omm_desktop import paths
from omm_desktop.language import translate as _
from omm_desktop.ui.colours import Colours

_WIDTH, _HEIGHT = 640, 250


class PopOrImapDrawing(QWidget):
    """As wide as there is room, at most as wide as it reads well."""

    def __init__(self) -> None:
        super().__init__()
        self._renderer = QSvgRenderer()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def draw(self, colours: Colours, percent: int) -> None:
        """In these colours; larger with larger text."""
        self._renderer.load(svg(colours, self.font().family()).encode())
        self.setMaximumWidth(_WIDTH * percent // 100)
        self.setAccessibleName(_("Drawing: IMAP and POP"))
        self.setAccessibleDescription(
            _(
                "With IMAP, mail stays on the server; computer and phone both show it. "
                "With POP, mail goes to one computer; the server and the phone keep nothing."
            )
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, _HEIGHT)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return min(width, self.maximumWidth()) * _HEIGHT // _WIDTH

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
        self._renderer.render(painter, self.rect().toRectF())
        painter.end()


def picture(colours: Colours, family: str) -> QImage:
    """The drawing as an image, for paper."""
    image = QImage(_WIDTH * 2, _HEIGHT * 2, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    QSvgRenderer(svg(colours, family).encode()).render(painter)
    painter.end()
    return image


def svg(colours: Colours, family: str) -> str:
    """The file of the drawing with words and colours put in."""
    words = {"server": _("server"), "computer": _("computer"), "phone": _("phone")}
    file = paths.resources() / "drawings" / "pop-or-imap.svg"
    filled = asdict(colours) | {"family": family} | words
    escaped = {name: escape(text, {'"': "&quot;"}) for name, text in filled.items()}
    return Template(file.read_text(encoding="utf-8")).substitute(escaped)
