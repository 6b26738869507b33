"""The computer stays awake while it is needed, by real D-Bus services of the test."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from PySide6.QtDBus import QDBusConnection
from pytestqt.qtbot import QtBot

from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.progress import Mood, Phase
from omm_desktop.ui.awake import linux
from omm_desktop.ui.awake.keeper import Keeper, needs_awake, of_this_system
from omm_desktop.ui.window import Window

from .bus_services import (
    LOGIN,
    POWER,
    SCREEN,
    private_bus,
    read_line,
    services_on,
    somebody_awake,
)
from .conftest import PATIENCE_MS
from .copy_scenes import copy_showing
from .hands import Hands
from .scripted import snapshot

SLOW = Problem(ProblemId.ASKED_TO_SLOW_DOWN, Place.DESTINATION)
NOW = 1_700_000_000.0

on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="D-Bus is of Linux")


def connections(address: str) -> int:
    """How many are connected to the bus, this look among them."""
    look = QDBusConnection.connectToBus(address, "look")
    names = look.interface().registeredServiceNames().value()
    del look
    QDBusConnection.disconnectFromBus("look")
    return sum(name.startswith(":") for name in names)


@on_linux
def test_a_copy_asks_what_is_tried_below() -> None:
    assert of_this_system() is linux.held


@on_linux
@pytest.mark.parametrize("killed", [False, True])
def test_each_service_is_asked_and_let_go_at_the_end(killed: bool, qtbot: QtBot) -> None:
    with private_bus() as bus, services_on(bus, POWER, LOGIN) as services:
        before = connections(bus)
        with somebody_awake(bus) as somebody:
            asked = {read_line(services), read_line(services)}
            assert asked == {"asked OMM Desktop", "asked idle block"}
            assert read_line(somebody) == "held"
            assert connections(bus) == before + 2
            if killed:
                somebody.kill()
                somebody.wait()
            else:
                print(file=somebody.stdin, flush=True)
                assert read_line(somebody) == "over"
            assert read_line(services) == "let go"
            qtbot.waitUntil(lambda: connections(bus) == before, timeout=PATIENCE_MS)


@on_linux
def test_where_the_first_service_is_missing_the_second_is_asked() -> None:
    with (
        private_bus() as bus,
        services_on(bus, SCREEN) as services,
        somebody_awake(bus) as somebody,
    ):
        assert read_line(services) == "asked OMM Desktop"
        assert read_line(somebody) == "held"


@on_linux
def test_where_nobody_answers_it_is_told_who_was_asked() -> None:
    with private_bus() as bus, somebody_awake(bus) as somebody:
        assert read_line(somebody) == "; ".join(["org.freedesktop.DBus.Error.ServiceUnknown"] * 3)


def test_a_system_that_refuses_is_told_to_the_log_alone(caplog: pytest.LogCaptureFixture) -> None:
    @contextmanager
    def refused() -> Iterator[None]:
        raise OSError("nobody there")
        yield

    keeper = Keeper(refused)
    with caplog.at_level(logging.WARNING):
        keeper.keep(True)
        for thread in threading.enumerate():
            if thread.name == "awake":
                thread.join()
    assert "nobody there" in caplog.text
    keeper.keep(False)


@pytest.mark.parametrize(
    ("wanted", "values"),
    [
        (True, {}),
        (True, {"phase": Phase.COUNTING}),
        (True, {"mood": Mood.WAITING, "waiting_for": SLOW, "waiting_until": NOW + 60}),
        (False, {"mood": Mood.WAITING, "waiting_for": SLOW, "waiting_until": NOW + 7200}),
        (False, {"mood": Mood.PAUSED}),
        (False, {"mood": Mood.PAUSED, "owner_needed": SLOW}),
        (False, {"phase": Phase.ENDED}),
    ],
)
def test_only_what_goes_on_needs_the_computer(wanted: bool, values: dict[str, object]) -> None:
    assert needs_awake(snapshot(**values), NOW) is wanted  # type: ignore[arg-type]


class Holding:
    """Tells how often the computer was kept awake, and whether it is."""

    def __init__(self) -> None:
        self.times = 0
        self.is_held = threading.Event()
        self.is_free = threading.Event()

    @contextmanager
    def held(self) -> Iterator[None]:
        self.times += 1
        self.is_held.set()
        yield
        self.is_free.set()


def test_a_copy_keeps_the_computer_awake_except_in_a_pause(window: Window, hands: Hands) -> None:
    holding = Holding()
    window.outside.awake = Keeper(holding.held)
    copy = copy_showing(window)
    hands.until(holding.is_held.is_set)
    copy.shown = replace(copy.shown, mood=Mood.PAUSED)
    hands.until(holding.is_free.is_set)
    copy.shown = replace(copy.shown, mood=Mood.RUNNING)
    hands.until(lambda: holding.times == 2)
    holding.is_free.clear()
    copy.end()
    hands.until(holding.is_free.is_set)
