"""A screen reader of the tests' own: it asks and hears over AT-SPI, as Orca does, and sees nothing.

Other tests ask Qt inside the program; this goes through Qt's bridge to the desktop.
"""

from __future__ import annotations

import subprocess
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    MatchRule,
    MessageType,
    Properties,
    new_method_call,
)
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

PATIENCE_SECONDS = 60.0
REGISTRY = "org.a11y.atspi.Registry"
ROOT = "/org/a11y/atspi/accessible/root"
NOWHERE = "/org/a11y/atspi/null"
EVENTS = "org.a11y.atspi.Event.Object"
FOCUSABLE, SHOWING = 11, 25  # of AtspiStateType

Reference = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing in the tree. `states` are numbers of AtspiStateType."""

    reference: Reference
    name: str
    role: str
    states: frozenset[int]
    labels: tuple[str, ...] = ()


class ScreenReader:
    """On the accessibility bus of a desktop.

    `heard` are announcements, `moved` the things whose value changed.
    """

    def __init__(self, session_bus: str) -> None:
        """`session_bus` is the address of the desktop's bus, which starts the other one."""
        with open_dbus_connection(session_bus, auth_timeout=PATIENCE_SECONDS) as desktop:
            bus = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
            (address,) = _ask(desktop, bus, "GetAddress")
        self._bus: DBusConnection = open_dbus_connection(address, auth_timeout=PATIENCE_SECONDS)
        rule = MatchRule(type="signal", interface=EVENTS)
        _reply(self._bus, message_bus.AddMatch(rule))
        self._events: deque[Any] = deque()
        self._bus.filter(MatchRule(type=MessageType.signal, interface=EVENTS), queue=self._events)
        registry = DBusAddress("/org/a11y/atspi/registry", REGISTRY, REGISTRY)
        for event in ("object:announcement", "object:property-change:accessible-value"):
            _ask(self._bus, registry, "RegisterEvent", "s", event)
        self.heard: list[str] = []
        self.moved: list[Reference] = []

    def close(self) -> None:
        self._bus.close()

    def seen(self, below: Reference = (REGISTRY, ROOT)) -> Iterator[Seen]:
        """All that is on the screen, in the order in which it is read."""
        for child in self._call(below, "Accessible", "GetChildren")[0]:
            found = self.look_at(child)
            if SHOWING in found.states or found.role == "application":
                yield found
                yield from self.seen(child)

    def reads(self, text: str) -> bool:
        """Whether some words on the screen begin so."""
        return any(one.name.startswith(text) and one.role == "label" for one in self.seen())

    def press(self, name: str) -> None:
        """The button whose name begins so."""
        (button,) = [
            one for one in self.seen() if one.name.startswith(name) and "button" in one.role
        ]
        assert self._call(button.reference, "Action", "DoAction", "i", 0) == (True,)

    def type(self, field: str, text: str) -> None:
        """Into the field of this name, instead of what it holds."""
        (edit,) = [one for one in self.seen() if one.name == field and "text" in one.role]
        assert self._call(edit.reference, "EditableText", "SetTextContents", "s", text) == (True,)

    def listen_for(self, text: str) -> None:
        """Until something is announced that holds this text."""
        while not any(text in said for said in self.heard):
            event = self._bus.recv_until_filtered(self._events, timeout=PATIENCE_SECONDS)
            self._take(event)

    def _take(self, event: Any) -> None:
        _kind, told = event.body[3]
        if event.header.fields[HeaderFields.member] == "Announcement":
            self.heard.append(told)
        elif event.body[0] == "accessible-value":
            self.moved.append(told)

    def look_at(self, reference: Reference) -> Seen:
        (role,) = self._call(reference, "Accessible", "GetRoleName")
        (low, high), *_rest = self._call(reference, "Accessible", "GetState")
        bits = low | high << 32
        states = frozenset(number for number in range(64) if bits >> number & 1)
        labels = () if FOCUSABLE not in states else tuple(self._labels(reference))
        return Seen(reference, self._name(reference), role, states, labels)

    def _labels(self, reference: Reference) -> Iterator[str]:
        labelled_by = 2  # of AtspiRelationType
        for relation, others in self._call(reference, "Accessible", "GetRelationSet")[0]:
            if relation == labelled_by:
                yield from (self._name(other) for other in others if other[1] != NOWHERE)

    def _name(self, reference: Reference) -> str:
        place = DBusAddress(reference[1], reference[0], "org.a11y.atspi.Accessible")
        ((_type, name),) = _reply(self._bus, Properties(place).get("Name"))
        return str(name)

    def _call(self, of: Reference, interface: str, method: str, *arguments: Any) -> Any:
        place = DBusAddress(of[1], of[0], f"org.a11y.atspi.{interface}")
        return _ask(self._bus, place, method, *arguments)


def _ask(bus: DBusConnection, of: DBusAddress, method: str, kinds: str = "", *values: Any) -> Any:
    return _reply(bus, new_method_call(of, method, kinds or None, values))


def _reply(bus: DBusConnection, message: Any) -> Any:
    answer = bus.send_and_get_reply(message, timeout=PATIENCE_SECONDS)
    assert answer.header.message_type is MessageType.method_return, answer.body
    return answer.body


@contextmanager
def screen() -> Iterator[str]:
    """The name of a screen that nobody looks at."""
    command = ("Xvfb", "-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp")
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        try:
            yield f":{server.stdout.readline().strip()}"
        finally:
            server.terminate()
