"""Tab pressed through a whole window: no trap, as one reads, and the focus is seen."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDateTimeEdit, QTabBar, QWidget

from .seen import controls, said

MOST_STOPS = 100
MOST_PARTS = 6


def faults(window: QWidget, body: QWidget, bar: QWidget) -> list[str]:
    """`body` is what scrolls, `bar` holds the buttons below it."""
    window.activateWindow()
    QApplication.processEvents()
    assert window.isActiveWindow()
    stops, wrong = _walk(window, Qt.Key.Key_Tab)
    back, _same = _walk(window, Qt.Key.Key_Backtab)
    if set(back) != set(stops):
        wrong.append(f"backwards Tab stops at {[_called(one) for one in set(back) ^ set(stops)]}")
    missed = {one for one in controls(window) if one.isEnabled()} - set(stops)
    wrong += [f"Tab never reaches {_called(one)}" for one in missed]
    stops = _from_the_top(stops, body)
    wrong += _goes_up([one for one in stops if body.isAncestorOf(one)], body)
    if not _ends_on(bar, body, stops):
        wrong.append(f"Tab does not go from the page to the buttons: {[*map(_called, stops)]}")
    return wrong


def _from_the_top(stops: list[QWidget], body: QWidget) -> list[QWidget]:
    """The same round from where it comes into the page."""
    for number, stop in enumerate(stops):
        if body.isAncestorOf(stop) and not body.isAncestorOf(stops[number - 1]):
            return stops[number:] + stops[:number]
    return stops


def _ends_on(bar: QWidget, body: QWidget, stops: list[QWidget]) -> bool:
    """The page first, what has to be mended, the buttons, then what stands before the page.

    A page of words alone has no stop: the round may begin amid the buttons.
    """
    areas = "".join(
        "p" if body.isAncestorOf(one) else "b" if bar.isAncestorOf(one) else "-" for one in stops
    )
    return re.fullmatch("p*-*b+-*|b+-+b+", areas) is not None


def _walk(window: QWidget, key: Qt.Key) -> tuple[list[QWidget], list[str]]:
    """Every stop once, and those that do not show that they have the focus, or keep it."""
    stops: list[QWidget] = []
    wrong: list[str] = []
    parts = 0
    while len(stops) < MOST_STOPS:
        stop = window.focusWidget() or window
        if stop in stops[:1] and len(stops) > 1:
            break
        focused = _painted(stop)
        QTest.keyClick(stop, key)
        if window.focusWidget() is stop:
            # A moment has a day, a month and a year, each of them a stop.
            parts += 1
            if not isinstance(stop, QDateTimeEdit) or parts > MOST_PARTS:
                return stops, [*wrong, f"Tab stays on {_called(stop)}"]
            continue
        parts = 0
        if stop is window:
            continue
        stops.append(stop)
        if not _is_ringed(focused, _painted(stop), _extent(stop)):
            wrong.append(f"{_called(stop)} does not show that it has the focus")
    return stops, wrong


def _painted(stop: QWidget) -> QImage:
    """On what it stands on: a picture of it alone has a ground that nobody sees."""
    below = stop.parentWidget()
    return below.grab(stop.geometry()).toImage()


def _extent(stop: QWidget) -> QSize:
    return stop.tabRect(stop.currentIndex()).size() if isinstance(stop, QTabBar) else stop.size()


def _is_ringed(focused: QImage, plain: QImage, size: QSize) -> bool:
    """As many pixels differ as a ring of 2 px around it has, its round corners left out."""
    pictures = (one.convertToFormat(QImage.Format.Format_RGB32) for one in (focused, plain))
    one, other = (memoryview(picture.constBits()).cast("I").tolist() for picture in pictures)
    return sum(map(operator.ne, one, other)) >= 3 * (size.width() + size.height())


def _goes_up(stops: list[QWidget], body: QWidget) -> Iterator[str]:
    places = [stop.mapTo(body, QPoint(0, stop.height() // 2)) for stop in stops]
    for (above, below), (one, other) in zip(pairwise(places), pairwise(stops), strict=True):
        if below.y() < above.y() - other.height():
            yield f"Tab goes up from {_called(one)} to {_called(other)}"


def _called(widget: QWidget) -> str:
    return f"{type(widget).__name__} {said(widget) or widget.accessibleName()!r}"
