"""Python's garbage is collected in the window's thread alone.

Objects in reference cycles are destroyed by whatever thread happens to collect them, and an object
of Qt must not be destroyed by a thread that copies mail: the program would crash, then or later.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 100
"""A copy at full speed makes so many objects that those of a second would take too long."""
_THRESHOLDS = (700, 10, 100)
"""As those of `gc` count, for each generation; looking through all objects stays rare."""


@contextmanager
def collected_in_this_thread(application: QObject) -> Iterator[None]:
    """Inside, a timer of this thread collects what is due, and nothing else does.

    What the program consists of is looked through no more: it stays, and that would take a while.
    """
    timer = QTimer(application)
    timer.timeout.connect(_collect_what_is_due)
    gc.disable()
    gc.freeze()
    timer.start(_EVERY_MS)
    try:
        yield
    finally:
        timer.stop()
        timer.deleteLater()
        gc.unfreeze()
        gc.collect()
        gc.enable()


def _collect_what_is_due() -> None:
    due = [held > most for held, most in zip(gc.get_count(), _THRESHOLDS, strict=True)]
    if any(due):
        gc.collect(max(generation for generation, is_due in enumerate(due) if is_due))
