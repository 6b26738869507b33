"""What was read and is not yet written: a queue bounded by bytes."""

from __future__ import annotations

import threading
from collections import deque
from typing import Generic, TypeVar

from .control import Control

T = TypeVar("T")

TICK = 0.05
"""Seconds after which a waiting thread looks whether the run is being stopped."""


class ByteQueue(Generic[T]):
    """Holds at most `capacity` bytes, or one entry of any size."""

    def __init__(self, capacity: int, control: Control) -> None:
        self._capacity = capacity
        self._control = control
        self._entries: deque[tuple[int, T]] = deque()
        self._bytes = 0
        self._closed = False
        self._changed = threading.Condition()

    def put(self, entry: T, size: int) -> None:
        """Wait for room and add. Raises `Stopped`."""
        with self._changed:
            while self._entries and self._bytes + size > self._capacity:
                self._changed.wait(TICK)
                self._control.checkpoint()
            self._entries.append((size, entry))
            self._bytes += size
            self._changed.notify_all()

    def get(self) -> T | None:
        """The next entry; None once closed and empty. Raises `Stopped`."""
        with self._changed:
            while not self._entries:
                if self._closed:
                    return None
                self._changed.wait(TICK)
                self._control.checkpoint()
            size, entry = self._entries.popleft()
            self._bytes -= size
            self._changed.notify_all()
            return entry

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
