"""What is wrong with a window as it stands: measured, not looked at."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QAction, QFontMetrics, QFontMetricsF
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMainWindow,
    QMenuBar,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QTreeWidget,
    QWidget,
)

from omm_desktop.ui.domain.window import DomainWindow
from omm_desktop.ui.page import MARGIN
from omm_desktop.ui.reading_window import ReadingWindow
from omm_desktop.ui.reference.window import ReferenceWindow
from omm_desktop.ui.window import Window

from . import access
from .seen import MNEMONIC, controls, said, visible

LEAST_TARGET = 32
MOST_ROUNDS = 50
MOST_STOPS = 100
_ROUNDED = 1
"""Pixels by which widths that are whole may differ from those of their parts."""


def faults(window: Window) -> list[str]:
    """One line for each thing that is clipped, nameless, too small or twice on the same key."""
    return [
        *without_room(window),
        *_focus_out_of_sight(window),
        *access.faults(window),
        *_mnemonics(window),
        *_tab_order(window),
        *_panel_aside(window),
    ]


def _panel_aside(window: Window) -> Iterator[str]:
    """A problem is seen whole or scrolls, and ends where what it is about ends."""
    panel, body = window.panel.widget(), window.page.widget()
    if window.panel.isHidden():
        return
    needed, shown = panel.heightForWidth(panel.width()), window.panel.viewport().height()
    if needed > shown and not window.panel.verticalScrollBar().isVisible():
        yield f"the problem needs {needed} and has {shown}"
    ends = body.mapTo(window, body.rect().topRight()).x() - MARGIN
    ended = panel.mapTo(window, panel.rect().topRight()).x()
    if abs(ends - ended) > _ROUNDED and window.page.verticalScrollBar().isVisible():
        yield f"the problem ends at {ended}, the page at {ends}"


def without_room(window: Window) -> list[str]:
    """What is cut off or too small, whatever it says."""
    return [*_overflow(window), *_clipped(window, window.page.widget()), *_small(window)]


def reference_faults(window: ReferenceWindow) -> list[str]:
    """The same for the settings reference."""
    return _faults_beside(window, window.view, (window.services, window.bar))


def domain_faults(window: DomainWindow) -> list[str]:
    """The same for the check of a domain."""
    return _faults_beside(window, window.page, (window.panel, window.bar))


def reading_faults(window: ReadingWindow) -> list[str]:
    """The same for a page of the manual."""
    return _faults_beside(window, window.page, (window.bar,))


def _faults_beside(window: QMainWindow, page: QScrollArea, areas: Sequence[QWidget]) -> list[str]:
    """Of a window that stands beside the main one: its page scrolls, its other areas do not."""
    body = page.widget()
    too_wide = body.width() - page.viewport().width()
    narrow = [area for area in areas
              if area.isVisible() and area.minimumSizeHint().width() > area.width()]  # fmt: skip
    return [
        *([f"page is {too_wide} px too wide: {_widest(body)}"] if too_wide > 0 else []),
        *(f"{area.objectName()} needs {area.minimumSizeHint().width()}" for area in narrow),
        *_clipped(window, body),
        *access.faults(window),
        *_small(window),
        *_mnemonics(window),
    ]


def settle(window: QMainWindow) -> None:
    """Let the layout come to rest: what one widget gets may change what another needs."""
    before: list[tuple[int, int, int, int]] | None = None
    for _ in range(MOST_ROUNDS):
        QApplication.sendPostedEvents()
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        places = [widget.geometry().getRect() for widget in visible(window)]
        if places == before:
            return
        before = places
    raise AssertionError("the layout never comes to rest")


def texts(window: QMainWindow) -> Iterator[str]:
    """Everything written in the window, its names for screen readers included."""
    yield window.windowTitle()
    for action in _menu_actions(window):
        yield from (action.text(), *(inside.text() for inside in action.menu().actions()))
    for widget in visible(window):
        yield widget.accessibleName()
        yield widget.accessibleDescription()
        yield widget.toolTip()
        if isinstance(widget, (QLabel, QAbstractButton)):
            yield widget.text()
        elif isinstance(widget, QComboBox):
            yield from (widget.itemText(index) for index in range(widget.count()))
        elif isinstance(widget, QLineEdit):
            yield widget.placeholderText()
        elif isinstance(widget, QTreeWidget):
            yield from _tree_texts(widget)
        elif isinstance(widget, QListWidget):
            yield from (widget.item(row).text() for row in range(widget.count()))


def _menu_actions(window: QMainWindow) -> list[QAction]:
    """Without asking for the menu bar, which would make one."""
    bar = window.menuWidget()
    return bar.actions() if isinstance(bar, QMenuBar) else []


def _tree_texts(tree: QTreeWidget) -> Iterator[str]:
    head = tree.headerItem()
    yield from (head.text(column) for column in range(tree.columnCount()))
    for row in range(tree.topLevelItemCount()):
        item = tree.topLevelItem(row)
        if item is not None:
            yield from (item.text(column) for column in range(tree.columnCount()))


def _overflow(window: Window) -> Iterator[str]:
    page = window.page
    body = page.widget()
    if body.width() > page.viewport().width():
        yield f"page is {body.width() - page.viewport().width()} px too wide: {_widest(body)}"
    for area in (window.frame.rail, window.panel, window.frame.buttons):
        if area.isVisible() and area.minimumSizeHint().width() > area.width():
            yield f"{area.objectName()} needs {area.minimumSizeHint().width()}, has {area.width()}"
    panel = window.panel
    lacking = panel.widget().minimumSizeHint().width() - panel.viewport().width()
    if panel.isVisible() and lacking > 0:
        yield f"the problem is {lacking} px too wide"
    if page.viewport().height() < window.fontMetrics().height() * 4:
        yield f"the page has only {page.viewport().height()} px of height left"


def _focus_out_of_sight(window: Window) -> Iterator[str]:
    """Whoever types has to see where, however large the text, and whatever is told below."""
    page, focused = window.page, window.focusWidget()
    if focused is None or not page.widget().isAncestorOf(focused):
        return
    place = QRect(focused.mapTo(page.viewport(), QPoint(0, 0)), focused.size())
    seen = place & page.viewport().rect()
    fits = place.height() < page.viewport().height() // 2
    if seen.height() < (place.height() if fits else LEAST_TARGET):
        yield f"the focus is out of sight, in {type(focused).__name__} {said(focused)!r}"


def _widest(body: QWidget) -> str:
    inside = [widget for widget in body.findChildren(QWidget) if widget.isVisible()]
    widest = max(
        (w for w in inside if not w.findChildren(QWidget)),
        key=lambda w: w.minimumSizeHint().width(),
        default=body,
    )
    return f"{type(widest).__name__} {said(widest)!r}"


def _clipped(window: QMainWindow, body: QWidget) -> Iterator[str]:
    for widget in visible(window):
        if isinstance(widget, (QLabel, QPushButton, QCheckBox, QRadioButton)):
            short = _short_of(widget)
            if short:
                yield f"{type(widget).__name__} {said(widget)!r} lacks {short}"
            if body.isAncestorOf(widget) and not _inside(widget, body):
                yield f"{type(widget).__name__} {said(widget)!r} sticks out of the page"
        elif isinstance(widget, QComboBox):
            option = QStyleOptionComboBox()
            widget.initStyleOption(option)
            part = QStyle.SubControl.SC_ComboBoxEditField
            room = widget.style().subControlRect(
                QStyle.ComplexControl.CC_ComboBox, option, part, widget
            )
            wanted = widget.fontMetrics().horizontalAdvance(widget.currentText())
            if wanted > room.width():
                yield f"choice {widget.currentText()!r} lacks {wanted - room.width()} px"
        elif isinstance(widget, QTreeWidget):
            yield from _clipped_columns(widget)


def _short_of(widget: QLabel | QAbstractButton) -> str:
    if isinstance(widget, QLabel) and widget.wordWrap():
        needed = widget.heightForWidth(widget.width())
        longest = max(
            map(_width_in(widget.fontMetrics()), re.split(r"[\s\u200b]+", widget.text())), default=0
        )
        room = widget.contentsRect().width()
        if longest > room:
            return f"{longest - room} px for a word"
    else:
        needed = widget.sizeHint().height()
        wanted = widget.sizeHint().width()
        if isinstance(widget, QAbstractButton):
            wanted += _behind_the_letter(widget)
        if wanted > widget.width():
            return f"{wanted - widget.width()} px of width"
    return f"{needed - widget.height()} px of height" if needed > widget.height() else ""


def _behind_the_letter(widget: QAbstractButton) -> int:
    """How much wider a text is than measured, since the letter that Alt reaches stands alone."""
    metrics, found = QFontMetricsF(widget.font()), MNEMONIC.search(widget.text())
    if found is None:
        return 0
    pieces = widget.text()[: found.start()], found[1], widget.text()[found.end() :]
    whole = metrics.size(Qt.TextFlag.TextShowMnemonic, widget.text()).width()
    return max(int(sum(map(metrics.horizontalAdvance, pieces)) - whole - _ROUNDED), 0)


def _width_in(metrics: QFontMetrics) -> object:
    return metrics.horizontalAdvance


def _inside(widget: QWidget, body: QWidget) -> bool:
    place = QRect(widget.mapTo(body, QPoint(0, 0)), widget.size())
    return body.rect().contains(place)


def _clipped_columns(tree: QTreeWidget) -> Iterator[str]:
    """The last columns hold numbers and states: they must be whole. Names may be cut short."""
    metrics = tree.fontMetrics()
    for column in range(tree.columnCount()):
        room = tree.columnWidth(column)
        said = [tree.headerItem().text(column)]
        if column:
            items = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
            said += [item.text(column) for item in items if item is not None]
        for text in said:
            if metrics.horizontalAdvance(text) > room:
                yield f"column {text!r} lacks {metrics.horizontalAdvance(text) - room} px"
    if tree.columnWidth(0) < metrics.horizontalAdvance("m") * 8:
        yield f"names of folders have only {tree.columnWidth(0)} px"


def _small(window: QMainWindow) -> Iterator[str]:
    for widget in controls(window):
        if min(widget.width(), widget.height()) < LEAST_TARGET:
            yield f"{type(widget).__name__} {said(widget)!r} is {widget.size().toTuple()}"


def _mnemonics(window: QMainWindow) -> Iterator[str]:
    said = [action.text() for action in _menu_actions(window)]
    for widget in visible(window):
        if isinstance(widget, QAbstractButton) or (isinstance(widget, QLabel) and widget.buddy()):
            said.append(widget.text())
    keys = Counter(found[1].casefold() for text in said if (found := MNEMONIC.search(text)))
    for key, times in keys.items():
        if times > 1:
            owners = [text for text in said if f"&{key}" in text.casefold()]
            yield f"Alt+{key} means {owners}"


def _tab_order(window: Window) -> Iterator[str]:
    """Tab meets everything once, as one reads, and comes back to where it began."""
    stops: list[QWidget] = []
    window.setFocus()
    for _ in range(MOST_STOPS):
        window.focusNextPrevChild(True)
        focused = window.focusWidget()
        if focused in stops:
            break
        stops.append(focused)
    # Only now: of radio buttons, Tab stops at one of each group, once it has been there.
    wanted = {widget for widget in controls(window) if widget.isEnabled()}
    for missed in wanted - set(stops):
        yield f"Tab never reaches {type(missed).__name__} {said(missed)!r}"
    page = [stop for stop in stops if window.page.widget().isAncestorOf(stop)]
    places = [stop.mapTo(window.page.widget(), QPoint(0, stop.height() // 2)) for stop in page]
    for (above, below), (one, other) in zip(pairwise(places), pairwise(page), strict=True):
        if below.y() < above.y() - other.height():
            yield f"Tab goes up from {said(one)!r} to {said(other)!r}"
    if stops and not window.frame.buttons.isAncestorOf(stops[-1]):
        yield f"Tab ends on {said(stops[-1])!r}"
