"""Tells screen readers what changes without the focus moving."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

_SECONDS_BETWEEN = 5.0


class Announcer(QObject):
    """`announced` repeats every text, for those who listen inside the program."""

    announced = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._last_routine = float("-inf")

    def say(self, text: str, *, at_once: bool = False) -> None:
        """Once and politely, or at once when it answers an action of the person."""
        if not text:
            return
        event = QAccessibleAnnouncementEvent(self._window, text)
        politeness = QAccessible.AnnouncementPoliteness
        event.setPoliteness(politeness.Assertive if at_once else politeness.Polite)
        QAccessible.updateAccessibility(event)
        self.announced.emit(text)

    def say_progress(self, text: str) -> bool:
        """Routine news of a copy, at most one each five seconds; False when it is too early."""
        now = time.monotonic()
        if now - self._last_routine < _SECONDS_BETWEEN:
            return False
        self._last_routine = now
        self.say(text)
        return True
