"""Garbage of the interface: who collects it."""

from __future__ import annotations

import gc
import threading

from pytestqt.qtbot import QtBot


class Cycle:
    """Notes the thread in which it dies."""

    def __init__(self, deaths: list[threading.Thread]) -> None:
        self.itself = self
        self.deaths = deaths

    def __del__(self) -> None:
        self.deaths.append(threading.current_thread())


def test_a_thread_that_copies_collects_nothing(qtbot: QtBot) -> None:
    deaths: list[threading.Thread] = []
    kept: list[list[int]] = []
    Cycle(deaths)

    def work() -> None:
        kept.extend([number] for number in range(20 * gc.get_threshold()[0]))

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    assert deaths == []
    qtbot.waitUntil(lambda: bool(deaths))
    assert deaths == [threading.main_thread()]
