"""The wish that this computer stays awake, held by a thread of its own."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

from omm_desktop.model.progress import Mood, Phase, Snapshot

_log = logging.getLogger(__name__)

_SHORT_WAIT_SECONDS = 15 * 60.0

Hold = Callable[[], AbstractContextManager[None]]
"""The computer stays awake inside. Raises OSError where it cannot be asked for that."""


def needs_awake(snapshot: Snapshot, now: float) -> bool:
    """Not while paused, nor while a server lets us wait for long; `now` in Unix time."""
    if snapshot.phase is Phase.ENDED or snapshot.mood in (Mood.PAUSED, Mood.STOPPING):
        return False
    if snapshot.mood is not Mood.WAITING or snapshot.waiting_until is None:
        return True
    return snapshot.waiting_until - now < _SHORT_WAIT_SECONDS


def of_this_system() -> Hold:
    if sys.platform == "win32":
        from omm_desktop.ui.awake.windows import held
    elif sys.platform == "darwin":
        from omm_desktop.ui.awake.macos import held
    else:
        from omm_desktop.ui.awake.linux import held
    return held


class Keeper:
    """`keep` may be called as often as one likes; a system that refuses is told to the log alone.

    A thread, since Windows remembers the wish by thread, and a bus may be slow to answer.
    """

    def __init__(self, hold: Hold | None = None) -> None:
        self._hold = hold or of_this_system()
        self._over: threading.Event | None = None

    def keep(self, wanted: bool) -> None:
        if wanted == (self._over is not None):
            return
        if self._over is not None:
            self._over.set()
            self._over = None
        else:
            self._over = threading.Event()
            threading.Thread(
                target=self._wait, args=(self._over,), name="awake", daemon=True
            ).start()

    def _wait(self, over: threading.Event) -> None:
        try:
            with self._hold():
                over.wait()
        except OSError as error:
            _log.warning("the computer may fall asleep: %s", error)
