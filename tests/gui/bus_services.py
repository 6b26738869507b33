"""A private bus with services that keep a computer awake, each telling what it is asked.

Run as a program it is these services: its arguments are names, its lines what it was asked.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import ClassInfo, QCoreApplication, QObject, Slot
from PySide6.QtDBus import QDBusConnection, QDBusUnixFileDescriptor

POWER = "org.freedesktop.PowerManagement"
SCREEN = "org.freedesktop.ScreenSaver"
LOGIN = "org.freedesktop.login1"

Process = subprocess.Popen[str]


def say(*words: str) -> None:
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


class Desktop(QObject):
    @Slot(str, str, result="uint")
    def Inhibit(self, who: str, why: str) -> int:
        say("asked", who)
        return 7


@ClassInfo({"D-Bus Interface": f"{POWER}.Inhibit"})
class Power(Desktop):
    pass


@ClassInfo({"D-Bus Interface": SCREEN})
class Screen(Desktop):
    pass


@ClassInfo({"D-Bus Interface": f"{LOGIN}.Manager"})
class Login(QObject):
    @Slot(str, str, str, str, result=QDBusUnixFileDescriptor)
    def Inhibit(self, what: str, who: str, why: str, mode: str) -> QDBusUnixFileDescriptor:
        """As the real one: the wish lasts until the last copy of this file is closed."""
        ours, theirs = os.pipe()
        given = QDBusUnixFileDescriptor(theirs)
        os.close(theirs)
        say("asked", what, mode)
        threading.Thread(target=self._wait, args=(ours,), daemon=True).start()
        return given

    def _wait(self, ours: int) -> None:
        os.read(ours, 1)
        say("let go")


PLACES: dict[str, tuple[type[QObject], str]] = {
    POWER: (Power, "/org/freedesktop/PowerManagement/Inhibit"),
    SCREEN: (Screen, "/org/freedesktop/ScreenSaver"),
    LOGIN: (Login, "/org/freedesktop/login1"),
}


def serve(names: list[str]) -> None:
    application = QCoreApplication([])
    bus = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, "services")
    kept = []
    for name in names:
        kind, path = PLACES[name]
        kept.append(kind(application))
        bus.registerObject(path, kept[-1], QDBusConnection.RegisterOption.ExportAllSlots)
        bus.registerService(name)
    say("ready")
    application.exec()


@contextmanager
def private_bus() -> Iterator[str]:
    """The address of a bus that only this test knows."""
    with _telling("dbus-daemon", "--session", "--nofork", "--print-address") as bus:
        yield read_line(bus)


@contextmanager
def services_on(address: str, *names: str) -> Iterator[Process]:
    """Services in a program of their own, which are ready."""
    command = (sys.executable, "-m", "tests.gui.bus_services", *names)
    with _telling(*command, DBUS_SESSION_BUS_ADDRESS=address) as services:
        assert read_line(services) == "ready"
        yield services


@contextmanager
def somebody_awake(address: str) -> Iterator[Process]:
    """A program that keeps the computer awake until it is killed, or told a line."""
    program = (
        "from omm_desktop.ui.awake.linux import held\n"
        "try:\n"
        "    with held():\n"
        "        print('held', flush=True)\n"
        "        input()\n"
        "    print('over', flush=True)\n"
        "    input()\n"
        "except OSError as error:\n"
        "    print(error, flush=True)\n"
    )
    # A program of its own, since a bus's address is read only once in the life of each.
    addresses = {f"DBUS_{kind}_BUS_ADDRESS": address for kind in ("SESSION", "SYSTEM")}
    with _telling(sys.executable, "-c", program, **addresses) as somebody:
        yield somebody


def read_line(process: Process) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@contextmanager
def _telling(*command: str, **settings: str) -> Iterator[Process]:
    process = subprocess.Popen(
        command,
        env={**os.environ, **settings},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


if __name__ == "__main__":
    serve(sys.argv[1:])
