"""A gate for every new version of PySide6 (see the pin in pyproject.toml)."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject, Signal


class Sender(QObject):
    happened = Signal(object)
    switched = Signal(bool)


@pytest.mark.parametrize("signal", ["happened", "switched"])
def test_signals_keep_the_references_of_true(signal: str) -> None:
    sender = Sender()
    received: list[bool] = []
    getattr(sender, signal).connect(lambda value: received.append(value is True))
    before = sys.getrefcount(True)
    for _ in range(2000):
        getattr(sender, signal).emit(True)
    kept = sys.getrefcount(True) - len(received)
    assert received == [True] * 2000
    assert abs(kept - before) < 20
