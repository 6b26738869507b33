"""What is on its way from reader to writer: a queue bounded by bytes."""

from __future__ import annotations

import threading
from collections import deque
from typing import Generic, TypeVar

from .control import Control

T = TypeVar("T")

TICK = 0.05
"""Seconds after which a waiting thread looks whether the run is being stopped."""


class ByteQueue(Generic[T]):
    """At most `capacity` bytes are being read, waiting or being written; or one batch of any size.

    Room is reserved before a batch is read and given back once it is written.
    """

    def __init__(self, capacity: int, control: Control) -> None:
        self._capacity = capacity
        self._control = control
        self._entries: deque[T] = deque()
        self._bytes = 0
        self._closed = False
        self._changed = threading.Condition()
        self._turn = threading.Lock()

    def reserve(self, size: int) -> None:
        """Wait for room, in order of asking. Raises `Stopped`."""
        with self._turn, self._changed:
            while self._bytes and self._bytes + size > self._capacity:
                self._changed.wait(TICK)
                self._control.checkpoint()
            self._bytes += size

    def release(self, size: int) -> None:
        """Give room back."""
        with self._changed:
            self._bytes -= size
            self._changed.notify_all()

    def put(self, entry: T, more: int = 0) -> None:
        """Add what room was reserved for, and `more` bytes that nobody had told of."""
        with self._changed:
            self._bytes += more
            self._entries.append(entry)
            self._changed.notify_all()

    def get(self) -> T | None:
        """The next entry; None once closed and empty. Raises `Stopped`."""
        with self._changed:
            while not self._entries:
                if self._closed:
                    return None
                self._changed.wait(TICK)
                self._control.checkpoint()
            return self._entries.popleft()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
