"""Keeps a Linux desktop awake, by whichever of its services answer over D-Bus.

A wish lasts as long as the connection that made it, so it ends with the program, whatever happens.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from PySide6.QtDBus import QDBus, QDBusConnection, QDBusMessage

_ANSWER_MS = 5_000
_WHO, _WHY = "OMM Desktop", "A mailbox is being copied"


@dataclass(frozen=True, slots=True)
class _Service:
    """A method of a service on a bus, and what it is asked with."""

    bus: QDBusConnection.BusType
    name: str
    path: str
    interface: str
    arguments: tuple[str, ...] = (_WHO, _WHY)

    def ask(self, connection: QDBusConnection) -> QDBusMessage:
        call = QDBusMessage.createMethodCall(self.name, self.path, self.interface, "Inhibit")
        call.setArguments(list(self.arguments))
        return connection.call(call, QDBus.CallMode.Block, _ANSWER_MS)


_POWER = "org.freedesktop.PowerManagement.Inhibit"
_SCREEN = "org.freedesktop.ScreenSaver"
_LOGIN = "org.freedesktop.login1"
_SESSION, _SYSTEM = QDBusConnection.BusType.SessionBus, QDBusConnection.BusType.SystemBus

_CHOICES = (
    # The first lets the screen go dark; GNOME has only the second.
    (
        _Service(_SESSION, _POWER.rpartition(".")[0], "/" + _POWER.replace(".", "/"), _POWER),
        _Service(_SESSION, _SCREEN, "/" + _SCREEN.replace(".", "/"), _SCREEN),
    ),
    # The system's own idea of being idle, beside that of the desktop. Sleep that somebody asks for
    # is nobody's business: only idleness is held back.
    (
        _Service(
            _SYSTEM,
            _LOGIN,
            "/" + _LOGIN.replace(".", "/"),
            f"{_LOGIN}.Manager",
            ("idle", _WHO, _WHY, "block"),
        ),
    ),
)


@contextmanager
def held() -> Iterator[None]:
    """Raises OSError with what each service said when none of them agrees."""
    refusals: list[str] = []
    with ExitStack() as stack:
        agreed = [_first_to_agree(choice, stack, refusals) for choice in _CHOICES]
        if not any(agreed):
            raise OSError("; ".join(refusals))
        yield


def _first_to_agree(
    services: tuple[_Service, ...], stack: ExitStack, refusals: list[str]
) -> QDBusMessage | None:
    """The answer, which holds what the service gave (of login1 a file that stays open)."""
    connection = _connected(services[0].bus, stack)
    if connection is None:
        refusals.append(f"no {services[0].bus.name}")
        return None
    for service in services:
        answer = service.ask(connection)
        if answer.type() is QDBusMessage.MessageType.ReplyMessage:
            return answer
        refusals.append(answer.errorName())
    return None


def _connected(bus: QDBusConnection.BusType, stack: ExitStack) -> QDBusConnection | None:
    """A connection of this wish alone; None where there is no such bus."""
    if bus is _SESSION and not _has_session_bus():
        return None
    name = f"awake-{uuid4()}"
    connection = QDBusConnection.connectToBus(bus, name)
    stack.callback(QDBusConnection.disconnectFromBus, name)
    return connection if connection.isConnected() else None


def _has_session_bus() -> bool:
    """Without one libdbus would start one, which nobody listens to."""
    if os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return True
    folder = os.environ.get("XDG_RUNTIME_DIR")
    return folder is not None and Path(folder, "bus").exists()
