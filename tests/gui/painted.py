"""Texts as they are painted: whether each can be told from its ground, in every colour scheme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QWidget,
)

from omm_desktop.ui.colours import CONTRAST, DARK, LIGHT, Colours, contrast

from .seen import said, visible

LEAST = {LIGHT.icons: 4.5, DARK.icons: 4.5, CONTRAST.icons: 7.0}
TEXTS = ("text", "quiet", "accent", "accent_strong", "on_accent", "good", "warning", "problem")
GROUNDS = ("window", "rail", "surface", "track", "tint", "warning_ground", "problem_ground",
           "accent", "accent_strong", "good", "warning", "problem")  # fmt: skip


def faults(window: QWidget, body: QWidget, worn: Colours) -> list[str]:
    """Texts of the window, and of `body`, which scrolls. `worn` are its colours now.

    In the light scheme every colour has one name: there, the other schemes are judged as well.
    """
    wrong: dict[str, None] = {}
    for area in {window: None, body: None}:
        image = area.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        for widget, place in _texts(window, area, body):
            text, ground = _colours(image, place)
            for fault in _judged(text, ground, worn):
                told = f"{type(widget).__name__} {widget.objectName()} {said(widget)!r}"
                wrong[f"{told}: {fault}"] = None
    return list(wrong)


def _judged(text: int, ground: int, worn: Colours) -> Iterator[str]:
    if (ratio := _ratio(text, ground)) < LEAST[worn.icons]:
        yield f"painted {text:06x} on {ground:06x}, {ratio:.1f}"
    if worn is not LIGHT:
        return
    on = [name for name in GROUNDS if _number(getattr(worn, name)) == ground]
    if not on:
        yield f"{ground:06x} is no ground of ours"
        return
    of = min(TEXTS, key=lambda name: _distance(_number(getattr(worn, name)), text))
    for scheme in (DARK, CONTRAST):
        ratio = contrast(QColor(getattr(scheme, of)), QColor(getattr(scheme, on[0])))
        if ratio < LEAST[scheme.icons]:
            yield f"{of} on {on[0]} in {scheme.icons}: {ratio:.1f}"


def _texts(window: QWidget, area: QWidget, body: QWidget) -> Iterator[tuple[QWidget, QRect]]:
    """Those that are whole in the picture of this area."""
    for widget in visible(window):
        room = _room(widget)
        if room is None or (body if body.isAncestorOf(widget) else window) is not area:
            continue
        is_whole = area is body or widget.visibleRegion().boundingRect().contains(room)
        if room.isValid() and is_whole:
            yield widget, QRect(widget.mapTo(area, room.topLeft()), room.size())


def _room(widget: QWidget) -> QRect | None:
    """Where its text is, and nothing else."""
    style = widget.style()
    if isinstance(widget, QLabel):
        return widget.contentsRect().adjusted(3, 3, -3, -3) if widget.text().strip() else None
    if isinstance(widget, (QPushButton, QCheckBox, QRadioButton)):
        option = QStyleOptionButton()
        widget.initStyleOption(option)
        parts = {QPushButton: QStyle.SubElement.SE_PushButtonContents,
                 QCheckBox: QStyle.SubElement.SE_CheckBoxContents,
                 QRadioButton: QStyle.SubElement.SE_RadioButtonContents}  # fmt: skip
        part = next(part for kind, part in parts.items() if isinstance(widget, kind))
        return style.subElementRect(part, option, widget)
    if isinstance(widget, QLineEdit) and (widget.text() or widget.placeholderText()):
        return widget.rect().adjusted(6, 6, -6, -6) if not widget.hasFocus() else None
    if isinstance(widget, QComboBox):
        choice = QStyleOptionComboBox()
        widget.initStyleOption(choice)
        field = QStyle.SubControl.SC_ComboBoxEditField
        return style.subControlRect(QStyle.ComplexControl.CC_ComboBox, choice, field, widget)
    return None


def _colours(image: QImage, place: QRect) -> tuple[int, int]:
    """Of the text and of its ground: the colour that is most, and that farthest from it."""
    pixels = memoryview(image.constBits()).cast("I")
    counted: Counter[int] = Counter()
    for row in range(place.top(), place.bottom() + 1):
        first = row * image.width() + place.left()
        counted.update(pixels[first : first + place.width()].tolist())
    ground = max(counted, key=counted.__getitem__) & 0xFFFFFF
    return max((one & 0xFFFFFF for one in counted), key=lambda one: _ratio(one, ground)), ground


@cache
def _ratio(one: int, other: int) -> float:
    return contrast(QColor(one), QColor(other))


def _number(name: str) -> int:
    return QColor(name).rgb() & 0xFFFFFF


def _distance(one: int, other: int) -> int:
    return sum(abs((one >> shift & 255) - (other >> shift & 255)) for shift in (0, 8, 16))
