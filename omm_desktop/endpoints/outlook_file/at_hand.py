"""The reading processes that nobody asks anything of, and one that waits for the next file."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ...model.problem import CannotGoOn
from .limits import USUAL, Limits
from .running import Running, Work, serve
from .talk import WantFile

_MOST = 2
"""Processes at rest, since each takes memory."""


class _AtHand:
    """Any thread. A process at rest still has its file open, unless it waits for one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._resting: list[Running] = []
        self._awaited = 0

    def take(self, reader: object, limits: Limits, work: Work) -> Running:
        """The process that has the reader's file open; else one that may read it as well.

        Of many files only the last ones keep theirs: it opens the next. Raises `CannotGoOn`.
        """
        with self._lock:
            self._drop_dead()
            found = next((one for one in self._resting if one.reader is reader), None)
            found = found or self._free((limits, work))
            if found is not None:
                self._resting.remove(found)
        return found or Running(limits, work)

    def rest(self, process: Running) -> None:
        """Nobody asks it for now."""
        with self._lock:
            self._resting.append(process)
            left, self._resting = self._resting[:-_MOST], self._resting[-_MOST:]
        for one in left:
            one.end()

    def leave(self, process: Running, reader: object) -> None:
        """The reader's file is not wanted any more; nothing when the process has another."""
        with self._lock:
            if process.reader is not reader:
                return
            is_wanted = process in self._resting and process.sound and self._wants_another()
            if is_wanted and self._closes_its_file(process):
                process.read_for(None)
                return
        self.end(process)

    def end(self, process: Running) -> None:
        """End it; another takes its place when one is to wait."""
        with self._lock:
            self._resting = [one for one in self._resting if one is not process]
        process.end()
        self._replenish()

    def await_file(self) -> None:
        """From now on one process waits for the next file."""
        with self._lock:
            self._awaited += 1
        self._replenish()

    def await_none(self) -> None:
        """Takes one `await_file` back; with the last one nothing waits any more."""
        with self._lock:
            self._awaited -= 1
            ended = [] if self._awaited else [one for one in self._resting if one.reader is None]
            self._resting = [one for one in self._resting if one not in ended]
        for one in ended:
            one.end()

    def is_prepared(self, seconds: float) -> bool:
        """Whether one waits that has loaded all it needs, within that time."""
        with self._lock:
            waiting = [one for one in self._resting if one.reader is None]
        return any(one.connection.poll(seconds) for one in waiting)

    def _free(self, kind: tuple[Limits, Work]) -> Running | None:
        """One that waits, else the one that rests longest when there are enough."""
        fitting = [one for one in self._resting if one.kind == kind and one.sound]
        waiting = [one for one in fitting if one.reader is None]
        if len(self._resting) >= _MOST:
            waiting += fitting
        return next(iter(waiting), None)

    def _wants_another(self) -> bool:
        return self._awaited > 0 and all(one.reader is not None for one in self._resting)

    def _replenish(self) -> None:
        # Where none can be started, the file that is asked for tells why.
        with self._lock, suppress(CannotGoOn):
            if self._wants_another() and len(self._resting) < _MOST:
                self._resting.insert(0, Running(USUAL, serve))

    def _closes_its_file(self, process: Running) -> bool:
        try:
            process.say(WantFile(None))
        except OSError:
            return False
        return True

    def _drop_dead(self) -> None:
        for one in [one for one in self._resting if not one.is_alive]:
            self._resting.remove(one)
            one.end()


at_hand = _AtHand()


@contextmanager
def one_waiting() -> Iterator[None]:
    """Meanwhile a process waits, started and with all loaded, for the file that is opened next."""
    at_hand.await_file()
    try:
        yield
    finally:
        at_hand.await_none()
