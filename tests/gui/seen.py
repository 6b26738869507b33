"""What a person sees of a window, and what of it takes the focus."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QWidget,
)

MNEMONIC = re.compile(r"&(?!&)(.)")


def visible(window: QWidget) -> Iterator[QWidget]:
    """Widgets the person sees, or could by scrolling the page."""
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and widget.window() is window:
            yield widget


def controls(window: QWidget) -> Iterator[QWidget]:
    """What Tab stops at."""
    for widget in visible(window):
        inner = isinstance(widget.parent(), (QComboBox, QAbstractItemView, QAbstractSpinBox))
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not inner:
            yield widget


def said(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, (QLabel, QAbstractButton)) else ""
