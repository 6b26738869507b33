"""Events or tasks in a file (ICS): calendars whose last one is added to before its end.

All is in one calendar (RFC 5545 section 3.4) as long as that can be: where an item speaks of a
zone by a name that stands for another one there, where it has another home zone, or a UID that is
there already, a new calendar of the same name begins.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ...model.items import Payload
from ..convert.content_lines import Line, escape, write_line
from . import durable
from .calendars import FOLD, Calendar, bare, calendar_sections, scan, text_of, value_of
from .content import Content
from .saved_people import as_content
from .section import Section

_PRODUCT = b"PRODID:-//OMM Desktop//EN"
_HEAD = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + _PRODUCT + b"\r\n"
_END = b"END:VCALENDAR\r\n"
_BEGINNINGS = (b"END:VCALENDAR", b"BEGIN:V", b"X-WR-TIMEZONE")
"""What an addition may begin with."""

_ENDED = re.compile(rb"(?:\A|(?<=[\r\n]))[ \t]*END[ \t]*:[ \t]*VCALENDAR\s*\Z", re.IGNORECASE)
_LAST = 4 << 10
"""Octets at the end of a file among which its last line is."""

_HEAD_AT_MOST = 8 << 10
_NAME, _HOME = "X-WR-CALNAME", "X-WR-TIMEZONE"
_USED_ZONE = re.compile(rb";TZID=\"?([^\";:\r\n]+)", re.IGNORECASE)
_LINE_END = re.compile(rb"\r\n|\r")


class _Inside:
    """A calendar as far as an addition to it is concerned.

    `zones` are those that are spoken of, each with its definition, None where it has none.
    """

    def __init__(self, content: Content, calendar: Calendar) -> None:
        self.home = value_of(calendar.told.get(_HOME, b""))
        self.zones: dict[bytes, bytes | None] = dict.fromkeys(_used(content, calendar))
        for name, zone in calendar.zones(content).items():
            self.zones[name] = _LINE_END.sub(b"\n", FOLD.sub(b"", zone)).strip()
        self.uids = {
            (part.name, text_of(part.known_by))
            for part in calendar.parts
            if part.name != "VTIMEZONE"
        }

    @property
    def is_empty(self) -> bool:
        """Whether properties of the calendar itself may still follow."""
        return not (self.home or self.zones or self.uids)

    def takes(self, item: _Inside) -> bool:
        """Whether the item, added, would be read as it is."""
        return (
            item.home == self.home
            and not item.uids & self.uids
            and all(self.zones.get(name, zone) == zone for name, zone in item.zones.items())
        )

    def grow(self, item: _Inside) -> None:
        self.zones.update(item.zones)
        self.uids |= item.uids


def _used(content: Content, calendar: Calendar) -> Iterator[bytes]:
    for part in calendar.parts:
        if part.name != "VTIMEZONE":
            text = bare(content.read(*part.span))
            yield from (found.strip() for found in _USED_ZONE.findall(text))


class CalendarForm:
    """A `Form`."""

    def __init__(self) -> None:
        self._state: tuple[int, int] | None = None
        self._there: _End | None = None

    def empty(self, name: str) -> bytes:
        line = write_line(Line(_NAME, escape(name))).encode() + b"\r\n" if name else b""
        return _HEAD + line + _END

    def is_bare(self, content: Content) -> bool:
        return content.read(0, _HEAD_AT_MOST) == self.empty(scan(content)[-1].name)

    def sections(self, content: Content) -> list[Section]:
        return calendar_sections(content, content.name)

    def is_ours(self, beginning: bytes) -> bool:
        # A disk may have made room for what it did not write.
        text = beginning.strip(b"\r\n\0")
        return any(text.startswith(one) or one.startswith(text) for one in _BEGINNINGS)

    def mend(self, place: Path) -> None:
        """The end of a calendar of ours, which went with what was taken back."""
        with place.open("r+b") as file:
            is_ours = _PRODUCT in file.read(_HEAD_AT_MOST)
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _LAST))
            last = file.read()
            if is_ours and not _ENDED.search(last):
                torn = (left for left in range(len(_END), 0, -1) if last.endswith(_END[:left]))
                file.seek(size - next(torn, 0))
                file.write(_END)
                file.flush()
                os.fsync(file.fileno())

    def add(self, place: Path, content: Content, payloads: Sequence[Payload]) -> None:
        there = self._there if self._state == content.state() else None
        self._state = None
        end = there or _End(content)
        most = sum(payload.size + _HEAD_AT_MOST for payload in payloads)

        def write(put: durable.Put) -> None:
            put(b"" if end.inside is not None else b"\r\n")
            for payload in payloads:
                entry = as_content(payload, place.name)
                end.inside = _put_item(put, entry, end.inside, end.name)
                entry.close()
            put(_END)

        try:
            durable.add(place, most, write, end.place)
        except OSError:
            self.mend(place)
            raise
        end.place = content.size - len(_END)
        self._there, self._state = end, content.state()


class _End:
    """Where an addition begins, in which calendar, and under what name; None: in a new one."""

    def __init__(self, content: Content) -> None:
        size = content.size
        start = max(0, size - _LAST)
        ended = _ENDED.search(content.read(start, size))
        last = scan(content)[-1]
        is_open = ended is not None and text_of(last.told.get("VERSION", b"")) == "2.0"
        self.inside = _Inside(content, last) if is_open else None
        self.place = start + ended.start() if ended is not None and is_open else size
        self.name = last.told.get(_NAME, b"")


def _put_item(put: durable.Put, content: Content, inside: _Inside | None, name: bytes) -> _Inside:
    """Put an item into the open calendar, or into a new one; the calendar that is open then."""
    calendar = scan(content)[-1]
    item = _Inside(content, calendar)
    home = calendar.told.get(_HOME, b"")
    if home and inside is not None and inside.is_empty:
        put(home + b"\r\n")
        inside.home = item.home
    if inside is None or not inside.takes(item):
        lines = [line + b"\r\n" for line in (name, home) if line]
        put(b"".join([_END if inside is not None else b"", _HEAD, *lines]))
        inside = None
    there = inside.zones if inside is not None else {}
    for part in calendar.parts:
        if part.name == "VTIMEZONE" and there.get(value_of(part.known_by)) is not None:
            continue
        for piece in content.between(*part.span):
            put(piece)
        put(b"\r\n")
    if inside is None:
        return item
    inside.grow(item)
    return inside
