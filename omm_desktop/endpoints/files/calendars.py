"""Files of events and tasks (ICS): RFC 5545 and vCalendar 1.0, any number of calendars in one file.

Other than these specifications want, for the sake of files as programs write them: a component may
lack its end or the calendar around it; components of one UID may stand apart; a component without
UID gets one made of its bytes. What one UID is given to is told apart by `convert.calendar.split`.
Calendars of one name are one; what has none has that of the file.

Other than icalendar and recurring-ical-events read: vCalendar's rules count; events of one UID
that say different things all arrive, unless SEQUENCE tells which is the newest; a zone's name
goes before what the file defines for it; X-WR-TIMEZONE is the zone of times that tell none, and
changes none in UTC; a line that cannot be read costs itself alone. Where occurrences differ,
`tests/people_files/test_occurrences.py` says why, file by file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import islice

from ...model.items import ItemKind, Payload
from ...model.problem import Place, Problem, ProblemId
from ..convert.calendar.components import DEEPEST, TOP
from ..convert.calendar.split import split_calendar
from ..convert.content_lines import read_lines
from ..convert.payload import gathered, whole
from ..convert.set_aside import LARGE, put_back, set_aside
from .content import PIECE, Content
from .edges import Edge, find_edges, line_pattern
from .section import Section

_OBJECTS = {ItemKind.EVENTS: "event", ItemKind.TASKS: "task"}
KINDS = {"VEVENT": ItemKind.EVENTS, "VTODO": ItemKind.TASKS}
_EDGE = line_pattern(
    rb"(?:(?P<edge>BEGIN|END)[ \t]*:[ \t]*(?P<name>[\w-]+)"
    rb"|(?P<told>UID|TZID|VERSION|X-WR-CALNAME|X-WR-TIMEZONE)(?:[\r\n]++[ \t]++)?[;:][^\r\n]*+"
    rb"(?:[\r\n]++[ \t][^\r\n]*+)*+)",
    # What is indented continues the line before.
    indented=False,
)
FOLD = re.compile(rb"(?<![\r\n])[\r\n]++[ \t]")
_LONGEST_BEGIN = 200
"""Octets among which the line is that begins a component."""

_NO_ENTRIES = frozenset({"VTIMEZONE", "VCARD"})

_MAYBE_EMPTY = 64
"""Octets below which a component may have no property at all."""

Span = tuple[int, int]


@dataclass(slots=True)
class Part:
    """A component that stands in a calendar. `known_by` is its UID or TZID, as the file has it."""

    name: str
    span: Span
    known_by: bytes = b""


@dataclass(slots=True)
class Calendar:
    """`told` are its own properties, as the file has them."""

    told: dict[str, bytes] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    _zones: dict[bytes, bytes] | None = None

    @property
    def name(self) -> str:
        """Empty where the file tells none."""
        return " ".join(text_of(self.told.get("X-WR-CALNAME", b"")).split())

    def zones(self, content: Content) -> dict[bytes, bytes]:
        """The definitions of time zones by the name each has."""
        if self._zones is None:
            self._zones = {
                value_of(part.known_by): content.read(*part.span)
                for part in self.parts
                if part.name == "VTIMEZONE" and part.known_by
            }
        return self._zones


def bare(text: bytes) -> bytes:
    """Without folds and escapes, which a zone's name may have in one place and not in another."""
    return FOLD.sub(b"", text).replace(b"\\", b"")


def value_of(line: bytes) -> bytes:
    """What a line says, its folds and escapes aside."""
    return bare(line).partition(b":")[2].strip()


def text_of(line: bytes) -> str:
    """What a line says, as a person reads it."""
    found = next(read_lines(line), None)
    return found.text.strip() if found is not None else ""


class _Scan:
    """Finds the components of all calendars in the order of their lines."""

    def __init__(self) -> None:
        self.loose = Calendar()
        self.calendars = [self.loose]
        self._calendar = self.loose
        self._part: Part | None = None
        self._within: list[str] = []

    def take(self, edge: Edge) -> None:
        found = edge.found
        if found["told"] is not None:
            self._note(found["told"].decode().upper(), edge)
            return
        name = found["name"].decode("latin-1").upper()
        if found["edge"].upper() == b"BEGIN":
            self._begin(name, edge)
        else:
            self._end(name, edge)

    def finish(self, place: int) -> None:
        """End what is open."""
        if self._part is not None:
            self._part.span = (self._part.span[0], place)
            self._part = None
        self._within = []

    def _note(self, name: str, edge: Edge) -> None:
        line = edge.found[0].lstrip(b"\xef\xbb\xbf \t\r\n")
        if self._part is None:
            self._calendar.told.setdefault(name, line)
        elif not self._within and name in ("UID", "TZID"):
            self._part.known_by = self._part.known_by or line

    def _begin(self, name: str, edge: Edge) -> None:
        if name == "VCALENDAR":
            self.finish(edge.start)
            self._calendar = Calendar()
            self.calendars.append(self._calendar)
        elif self._part is None or name in TOP:
            # A component without its end ends where the next one begins.
            self.finish(edge.start)
            self._part = Part(name, (edge.start, edge.end))
            self._calendar.parts.append(self._part)
        elif len(self._within) < DEEPEST:
            self._within.append(name)

    def _end(self, name: str, edge: Edge) -> None:
        if name == "VCALENDAR":
            self.finish(edge.start)
            self._calendar = self.loose
        elif name in self._within:
            while self._within.pop() != name:
                pass
        elif self._part is not None and name == self._part.name:
            self.finish(edge.end)


def scan(content: Content) -> list[Calendar]:
    """What stands in no calendar, as the first one, and the calendars in their order."""
    scanning = _Scan()
    for edge in find_edges(content, _EDGE, indented=False):
        scanning.take(edge)
    scanning.finish(content.size)
    return scanning.calendars


def calendar_sections(content: Content, name: str) -> list[Section]:
    """The events and the tasks of each calendar in the file; `name` is for those without one.

    None of them where the file is no calendar, one with nothing in it where it is an empty one.
    """
    calendars = scan(content)
    shelves: dict[tuple[str, ItemKind], list[_Group]] = {}
    others: Counter[str] = Counter()
    for calendar in calendars:
        for group in _groups(content, calendar):
            if group.name in KINDS:
                shelves.setdefault((calendar.name, KINDS[group.name]), []).append(group)
            else:
                others[group.name] += 1
    loose = any(part.name != "VCARD" for part in calendars[0].parts)
    if not shelves and (loose or len(calendars) > 1):
        shelves["", ItemKind.EVENTS] = []
    sections = [
        _section(content, given or name, kind, groups, named=bool(given))
        for (given, kind), groups in shelves.items()
    ]
    return [replace(sections[0], remarks=_left_out(others)), *sections[1:]] if sections else []


@dataclass(frozen=True, slots=True)
class _Group:
    """The components of one UID. `made_up` is the UID of what has none and is large."""

    name: str
    spans: tuple[Span, ...]
    calendar: Calendar
    made_up: str = ""

    @property
    def size(self) -> int:
        return sum(end - start for start, end in self.spans)

    def count(self, content: Content) -> int:
        """How many objects; most groups need not be read for that."""
        if len(self.spans) == 1 and self.size > _MAYBE_EMPTY:
            return 1
        return len(self.objects(content))

    def objects(self, content: Content) -> list[Payload]:
        """One, or several that were given the same UID."""
        aside = set_aside(gathered(self._text(content)))
        kind = _OBJECTS[KINDS[self.name]]
        objects = (one for one in split_calendar(aside.text) if one.kind == kind)
        found = [put_back(one.data, aside.files) for one in objects]
        aside.close()
        return found

    def _text(self, content: Content) -> Iterator[bytes]:
        """A calendar of these components alone."""
        told = self.calendar.told
        parts = gathered(self._parts(content))
        zones = self._zones(content, parts)
        lines = [told[name] for name in ("VERSION", "X-WR-TIMEZONE") if name in told]
        yield b"\r\n".join([b"BEGIN:VCALENDAR", *lines, *zones, b""])
        yield from parts.pieces()
        yield b"END:VCALENDAR\r\n"

    def _parts(self, content: Content) -> Iterator[bytes]:
        for start, end in self.spans:
            if self.made_up:
                begin = content.read(start, start + _LONGEST_BEGIN).partition(self.name.encode())
                yield b"".join([*begin[:2], b"\r\nUID:", self.made_up.encode()])
                start += len(begin[0]) + len(begin[1])
            yield from content.between(start, end)
            yield b"\r\n"

    def _zones(self, content: Content, parts: Payload) -> list[bytes]:
        """The definitions of the zones that the components may speak of."""
        zones = self.calendar.zones(content)
        if parts.size > PIECE:
            return list(zones.values())
        text = bare(whole(parts))
        return [zone for tzid, zone in zones.items() if tzid in text]


def _groups(content: Content, calendar: Calendar) -> list[_Group]:
    found: dict[tuple[str, str], list[Span]] = {}
    made_up: dict[tuple[str, str], str] = {}
    for part in calendar.parts:
        if part.name.startswith("V") and part.name not in _NO_ENTRIES:
            uid = text_of(part.known_by)
            key = part.name, uid or _digest(content, part.span)
            found.setdefault(key, []).append(part.span)
            if not uid and part.span[1] - part.span[0] > LARGE:
                made_up[key] = key[1]
    return [
        _Group(key[0], tuple(spans), calendar, made_up.get(key, "")) for key, spans in found.items()
    ]


def _digest(content: Content, span: Span) -> str:
    digest = blake2b(digest_size=16)
    for piece in content.between(*span):
        digest.update(piece)
    return digest.hexdigest()


def _section(
    content: Content, name: str, kind: ItemKind, groups: list[_Group], *, named: bool
) -> Section:
    counted = [(group, group.count(content)) for group in groups]
    items = [(group, number) for group, count in counted for number in range(count)]
    sizes = [group.size // count for group, count in counted for _ in range(count)]

    def read(place: int) -> Payload | None:
        group, number = items[place]
        return next(islice(group.objects(content), number, None), None)

    return Section(name, kind, sizes, read, named)


def _left_out(kinds: Counter[str]) -> tuple[Problem, ...]:
    """What of the file is neither an event nor a task."""
    if not kinds:
        return ()
    detail = ", ".join(f"{count} {name}" for name, count in sorted(kinds.items()))
    return (Problem(ProblemId.ENTRIES_LEFT_OUT, Place.SOURCE, detail),)
