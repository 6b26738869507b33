"""What keeps somebody from using a window who does not see it as others do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QCalendarWidget,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QWidget,
)

from omm_desktop.ui.widgets.field_row import FieldRow
from omm_desktop.ui.widgets.kind_boxes import KindBoxes

from .seen import MNEMONIC, controls, said, visible

NOT_A_ROLE = {QAccessible.Role.NoRole, QAccessible.Role.Client, QAccessible.Role.Window}
TOLD_BY_COLOUR = {"warning", "fault", "problemTitle", "badge", "bigMark"}
SIGNS = re.compile(r"[✓!?…▸·–=]")
SIGNS_AND_BLANKS = re.compile(r"[\s\u200b✓▸▾…]+")


def faults(window: QWidget) -> list[str]:
    """One line for each thing without name, role, tie or words."""
    return [
        *_nameless(window),
        *_named_otherwise(window),
        *_untied_faults(window),
        *_told_by_colour(window),
        *_out_of_reach(window),
        *_only_by_mouse(window),
        *_of_another_language(window),
    ]


def name_of(widget: QWidget) -> str:
    """On Linux a box of choices is named by its label, which Qt tells apart."""
    if isinstance(widget, QComboBox):
        return widget.accessibleName()
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name).strip()


def role_of(widget: QWidget) -> QAccessible.Role:
    return QAccessible.queryAccessibleInterface(widget).role()


def _called(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.objectName()} {said(widget) or name_of(widget)!r}"


def _nameless(window: QWidget) -> Iterator[str]:
    for widget in controls(window):
        if not name_of(widget):
            yield f"{_called(widget)} has no name"
        # What is scrolled has no role of its own in Qt: its name is what is read.
        if role_of(widget) in NOT_A_ROLE and not isinstance(widget, QScrollArea):
            yield f"{_called(widget)} is {role_of(widget)} for a screen reader"
    for widget in visible(window):
        # What Qt puts beside a question is decoration.
        is_picture = isinstance(widget, QLabel) and not widget.pixmap().isNull()
        if is_picture and not name_of(widget) and not widget.objectName().startswith("qt_"):
            yield f"{_called(widget)} is a picture without words"


def _named_otherwise(window: QWidget) -> Iterator[str]:
    """Who speaks to the computer says what is written on a control."""
    for widget in visible(window):
        if isinstance(widget, QAbstractButton):
            written, control = widget.text(), widget
        elif isinstance(widget, QLabel) and widget.buddy() is not None:
            written, control = widget.text(), widget.buddy()
        else:
            continue
        if _plain(written) not in _plain(name_of(control)):
            yield f"{_called(widget)} is called {name_of(control)!r}"


def _plain(text: str) -> str:
    return SIGNS_AND_BLANKS.sub(" ", MNEMONIC.sub(r"\1", text)).strip().casefold()


def _untied_faults(window: QWidget) -> Iterator[str]:
    """What has to be mended is in words, after a sign, and read out with its field."""
    for row in visible(window):
        if isinstance(row, FieldRow) and row.fault.isVisible():
            fault, fields = row.fault.text(), [row.edit]
        elif isinstance(row, KindBoxes) and row.is_faulty:
            fault, fields = row.fault.text(), [*row.boxes.values()]
        else:
            continue
        words = fault.removeprefix("!").strip()
        if not words or words == fault:
            yield f"a fault without words or sign: {fault!r}"
        for field in fields:
            if words not in field.accessibleDescription():
                yield f"{_called(field)} does not tell its fault: {words!r}"


def _told_by_colour(window: QWidget) -> Iterator[str]:
    for widget in visible(window):
        if widget.objectName() in TOLD_BY_COLOUR and not SIGNS.match(said(widget)):
            yield f"only its colour tells what {_called(widget)} is"


def _out_of_reach(window: QWidget) -> Iterator[str]:
    """The one of a group of radio buttons that Tab stops at leads to the others by arrows."""
    reached = set(controls(window))
    for widget in visible(window):
        inner = isinstance(widget.parent(), (QLineEdit, QTabBar, QScrollBar, QCalendarWidget))
        if not isinstance(widget, QAbstractButton) or inner or widget in reached:
            continue
        if not isinstance(widget, QRadioButton) or widget.focusPolicy() is Qt.FocusPolicy.NoFocus:
            yield f"no key reaches {_called(widget)}"


def _only_by_mouse(window: QWidget) -> Iterator[str]:
    words = {text for widget in visible(window) for text in (said(widget), name_of(widget))}
    for widget in visible(window):
        if widget.toolTip() and widget.toolTip() not in words:
            yield f"only hovering tells {widget.toolTip()!r}"
        is_ours = type(widget).__module__.startswith("omm_desktop")
        if is_ours and widget.acceptDrops() and not isinstance(widget, (QLineEdit, QPlainTextEdit)):
            buttons = [one for one in widget.findChildren(QAbstractButton) if one.isVisible()]
            if not buttons:
                yield f"{_called(widget)} takes what is dropped, and has no button"


def _of_another_language(window: QWidget) -> Iterator[str]:
    """Screen readers choose their voice by it."""
    wanted = QLocale().language()
    others = {_called(one) for one in visible(window) if one.locale().language() != wanted}
    if others or window.locale().language() != wanted:
        yield f"said to be of another language: {sorted(others)[:3]}"
