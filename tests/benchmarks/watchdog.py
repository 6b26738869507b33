"""How late the window's thread answers, measured while something else is at work."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer

EVERY_MS = 5
LATE_SECONDS = 0.05
"""From here on the stack is looked at, so that one can see what holds the thread up."""

SHOWN_STACKS = 3


@dataclass(slots=True)
class Lateness:
    """Seconds by which an answer was late, in one place of the program.

    `own` is without what the thread waited for a processor while other programs had them all.
    """

    answers: int = 0
    late: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)

    def note(self, late: float, own: float) -> None:
        self.answers += 1
        self.late.append(late)
        self.own.append(own)

    def figures(self) -> dict[str, float]:
        return {
            "answers": self.answers,
            "longest": max(self.late),
            "longest_own": max(self.own),
            "of_999": sorted(self.late)[int(len(self.late) * 0.999)],
            "of_999_own": sorted(self.own)[int(len(self.own) * 0.999)],
        }


@dataclass(frozen=True, slots=True)
class Freeze:
    """A late answer, what of it was the thread's `own`, and what the thread was at."""

    place: str
    seconds: float
    own: float
    stack: str


class Watchdog(QObject):
    """To be made in the window's thread; `place` names where the program is at the moment.

    A timer of that thread answers every few milliseconds. A thread of its own looks at the stack of
    the window's thread once an answer is late.
    """

    def __init__(self, place: Callable[[], str]) -> None:
        super().__init__()
        self._place, self._watched = place, threading.get_ident()
        self._waits = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._lateness: dict[str, Lateness] = defaultdict(Lateness)
        self._freezes: list[Freeze] = []
        self._stacks: Counter[str] = Counter()
        self._over = threading.Event()
        self._answered, self._waited = time.monotonic(), self._waiting()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._answer)
        self._thread = threading.Thread(target=self._watch, name="watchdog")

    def start(self) -> None:
        self._answered, self._waited = time.monotonic(), self._waiting()
        self._timer.start(EVERY_MS)
        self._thread.start()

    def stop(self) -> None:
        self._timer.stop()
        self._over.set()
        self._thread.join()

    def figures(self) -> dict[str, object]:
        """Lateness by place, and the longest freezes with their stacks."""
        worst = sorted(self._freezes, key=lambda one: -one.own)[:SHOWN_STACKS]
        return {
            "places": {place: one.figures() for place, one in self._lateness.items()},
            "freezes": [asdict(one) for one in worst],
        }

    def _answer(self) -> None:
        now, waited = time.monotonic(), self._waiting()
        late = max(0.0, now - self._answered - EVERY_MS / 1000)
        own = max(0.0, late - (waited - self._waited))
        place = self._place()
        self._lateness[place].note(late, own)
        if own > LATE_SECONDS:
            common = self._stacks.most_common(1)
            stack = common[0][0] if common else "nothing seen: the interpreter was busy"
            self._freezes.append(Freeze(place, late, own, stack))
        self._stacks = Counter()
        self._answered, self._waited = now, waited

    def _waiting(self) -> float:
        """Seconds this thread has been ready and had no processor (Linux: proc_schedstat)."""
        return int(self._waits.read_text().split()[1]) / 1e9

    def _watch(self) -> None:
        while not self._over.wait(EVERY_MS / 1000):
            if time.monotonic() - self._answered > LATE_SECONDS:
                frame = sys._current_frames().get(self._watched)
                self._stacks["".join(traceback.format_stack(frame))] += 1
