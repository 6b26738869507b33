"""Tab goes as one reads and ends on the buttons, whatever was made last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget


def stops(inside: QWidget) -> list[QWidget]:
    """What takes the focus by Tab now, in the order of the layout."""
    return [stop for stop in _stops(inside.layout()) if stop.isVisible() and stop.isEnabled()]


def step(window: QWidget, along: Sequence[QWidget], *, forward: bool) -> bool:
    """Moves the focus on; False when there is nowhere to go."""
    if not along:
        return False
    focused = window.focusWidget()
    if focused in along:
        following = along[(along.index(focused) + (1 if forward else -1)) % len(along)]
    else:
        following = along[0 if forward else -1]
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    following.setFocus(reason)
    return True


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
