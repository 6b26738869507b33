"""What is read, waits and is written shares one budget of bytes."""

from __future__ import annotations

import threading

import pytest

from omm_desktop.engine.byte_queue import ByteQueue
from omm_desktop.engine.clock import SystemClock
from omm_desktop.engine.control import Control, Stopped

CAPACITY = 100


def queue_of(control: Control) -> ByteQueue[str]:
    return ByteQueue(CAPACITY, control)


def test_a_reader_waits_until_enough_was_written() -> None:
    queue = queue_of(Control(SystemClock(), attended=False))
    queue.reserve(60)
    queue.put("first")
    got_room = threading.Event()

    def read_more() -> None:
        queue.reserve(60)
        got_room.set()

    reader = threading.Thread(target=read_more)
    reader.start()
    assert queue.get() == "first"
    assert not got_room.wait(0.2)
    queue.release(60)
    reader.join(5)
    assert got_room.is_set()


def test_a_batch_larger_than_the_budget_goes_alone() -> None:
    queue = queue_of(Control(SystemClock(), attended=False))
    queue.reserve(10 * CAPACITY)
    queue.put("huge")
    assert queue.get() == "huge"
    queue.release(10 * CAPACITY)
    queue.reserve(10 * CAPACITY)


def test_a_stop_ends_the_wait() -> None:
    control = Control(SystemClock(), attended=False)
    queue = queue_of(control)
    queue.reserve(CAPACITY)
    control.stop()
    with pytest.raises(Stopped):
        queue.reserve(1)
