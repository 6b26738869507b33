"""Tab goes as one reads and ends on the buttons, whatever was made last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget


def stops(inside: QWidget) -> list[QWidget]:
    """What may take the focus by Tab, in the order of the layout, hidden or not."""
    return list(_stops(inside.layout()))


def is_usable(stop: QWidget) -> bool:
    return stop.isVisible() and stop.isEnabled()


def step(window: QWidget, along: Sequence[QWidget], *, forward: bool) -> bool:
    """Moves the focus on; False when there is nowhere to go."""
    order = list(along if forward else reversed(along))
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    focused = window.focusWidget()
    # What has just gone still has its place in the order.
    at = order.index(focused) + 1 if focused in order else 0
    for following in filter(is_usable, order[at:] + order[:at]):
        following.setFocus(reason)
        # A field that is left may take away what came after it.
        if is_usable(following):
            return True
    return False


def _stops(layout: QLayout | None) -> Iterator[QWidget]:
    items = [layout.itemAt(index) for index in range(layout.count())] if layout is not None else []
    for item in filter(None, items):
        widget = item.widget()
        if widget is None:
            yield from _stops(item.layout())
        elif widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            yield widget
        else:
            yield from _stops(widget.layout())
