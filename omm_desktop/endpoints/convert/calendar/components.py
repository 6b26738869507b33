"""A calendar file as a tree of components, line by line: one bad line costs nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..content_lines import Line, read_lines, write_line

_FOLD = 75
_DIGITS = 9
DEEPEST = 20
"""Components within one another; deeper ones count as a part of what they are in."""

TOP = frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE"})
"""What stands in a calendar and never in another component."""


@dataclass(slots=True)
class Component:
    """What is between a BEGIN and its END."""

    name: str
    lines: list[Line] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)

    def first(self, name: str) -> Line | None:
        return next((line for line in self.lines if line.name == name), None)

    def text(self, name: str) -> str:
        line = self.first(name)
        return line.text.strip() if line is not None else ""

    def number(self, name: str) -> int | None:
        """None where the property is missing or no number that a calendar needs."""
        text = self.text(name)
        return int(text) if text.isdecimal() and len(text) <= _DIGITS else None

    def named(self, *names: str) -> Iterator[Line]:
        return (line for line in self.lines if line.name in names)


def read_components(data: bytes) -> Component:
    """A component without a name that holds those of the file; never raises."""
    root = Component("")
    open_ones = [root]
    for line in read_lines(data):
        if line.name == "BEGIN":
            _begin(open_ones, line.value.strip().upper())
        elif line.name == "END":
            _end(open_ones, line.value.strip().upper())
        else:
            open_ones[-1].lines.append(line)
    return root


def _begin(open_ones: list[Component], name: str) -> None:
    if name in TOP:
        # A component without its end ends where the next one begins.
        while open_ones[-1].name not in ("", "VCALENDAR"):
            open_ones.pop()
    if len(open_ones) > DEEPEST:
        return
    component = Component(name)
    open_ones[-1].parts.append(component)
    open_ones.append(component)


def _end(open_ones: list[Component], name: str) -> None:
    if name and name in (component.name for component in open_ones):
        while open_ones.pop().name != name:
            pass


def write_components(component: Component) -> bytes:
    """The component and all within it, folded, UTF-8, lines ended by CRLF (RFC 5545)."""
    return "".join(f"{_folded(line)}\r\n" for line in _lines(component)).encode()


def _lines(component: Component) -> Iterator[str]:
    yield f"BEGIN:{component.name}"
    yield from map(write_line, component.lines)
    for part in component.parts:
        yield from _lines(part)
    yield f"END:{component.name}"


def _folded(text: str) -> str:
    """Cut after at most 75 octets, never within a character."""
    if text.isascii():
        starts = range(_FOLD, len(text), _FOLD - 1)
        return "\r\n ".join([text[:_FOLD], *(text[one : one + _FOLD - 1] for one in starts)])
    pieces, length, start = [], 0, 0
    for place, one in enumerate(text):
        octets = len(one.encode())
        if length + octets > _FOLD:
            pieces.append(text[start:place])
            start, length = place, 1
        length += octets
    return "\r\n ".join([*pieces, text[start:]])
