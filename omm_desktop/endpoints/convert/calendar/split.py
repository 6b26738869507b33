"""A calendar file cut into one object for each UID, each with the zones it speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from ..content_lines import Line
from .components import Component, read_components, write_components
from .versit import modernise

_KINDS = {"VEVENT": "event", "VTODO": "task"}
_PRODUCT = Line("PRODID", "-//OMM Desktop//EN")


@dataclass(frozen=True, slots=True)
class CalendarObject:
    """Everything of one UID: `kind` is event, task or the name of another component.

    `data` is a VCALENDAR of its own (RFC 5545). `uid` is of our making where the file has none.
    """

    kind: str
    uid: str
    data: bytes


def split_calendar(data: bytes) -> Iterator[CalendarObject]:
    """The objects of a file in the order of their first components; never raises."""
    root = read_components(data)
    calendars = [part for part in root.parts if part.name == "VCALENDAR"]
    # Some files are events without a calendar around them.
    for calendar in [*calendars, *([root] if any(_is_item(part) for part in root.parts) else [])]:
        yield from _objects(calendar)


def _is_item(component: Component) -> bool:
    return component.name.startswith("V") and component.name not in ("VCALENDAR", "VTIMEZONE")


def _objects(calendar: Component) -> Iterator[CalendarObject]:
    if calendar.text("VERSION") == "1.0":
        modernise(calendar)
    zones = {part.text("TZID"): part for part in calendar.parts if part.name == "VTIMEZONE"}
    home = list(calendar.named("X-WR-TIMEZONE"))
    groups: dict[tuple[str, str], list[Component]] = {}
    for part in filter(_is_item, calendar.parts):
        if part.lines or part.parts:
            groups.setdefault((part.name, part.text("UID") or _made_up(part)), []).append(part)
    for (name, uid), parts in _told_apart(groups):
        used = dict.fromkeys(value for part in parts for value in _zone_names(part))
        alone = Component("VCALENDAR", [Line("VERSION", "2.0"), _PRODUCT, *home])
        alone.parts = [zones[zone] for zone in used if zone in zones]
        alone.parts += [_with_uid(part, uid) for part in parts]
        yield CalendarObject(_KINDS.get(name, name), uid, write_components(alone))


def _told_apart(
    groups: dict[tuple[str, str], list[Component]],
) -> Iterator[tuple[tuple[str, str], list[Component]]]:
    """Some programs give one UID to many events: all but the first get a number behind it.

    What has the same UID, start and summary are versions of one event, the last of which counts.
    Where all number themselves otherwise (SEQUENCE) they are versions, too: the newest counts.
    """
    for (name, uid), parts in groups.items():
        newest = _newest([part for part in parts if part.first("RECURRENCE-ID") is None])
        occurrences = [
            part
            for part in parts
            if part.first("RECURRENCE-ID") is not None and not _is_taken_back(part, newest)
        ]
        whole = {(part.text("DTSTART"), part.text("SUMMARY")): part for part in newest}
        wholes = list(whole.values())
        yield (name, uid), wholes[:1] + occurrences
        for number, part in enumerate(wholes[1:], start=2):
            yield (name, f"{uid}-{number}"), [part]


def _newest(parts: list[Component]) -> list[Component]:
    """Those with the highest SEQUENCE, all where one has none (RFC 5545 section 3.8.7.4)."""
    told = (part.number("SEQUENCE") for part in parts)
    known = [number for number in told if number is not None]
    if len(known) < len(parts):
        return parts
    return [part for part, number in zip(parts, known, strict=True) if number == max(known)]


def _is_taken_back(occurrence: Component, newest: list[Component]) -> bool:
    """Whether a newer version of the series leaves out the occurrence that was changed before."""
    number = occurrence.number("SEQUENCE")
    return number is not None and any(
        number < (series.number("SEQUENCE") or 0)
        and occurrence.text("RECURRENCE-ID") in line.value.split(",")
        for series in newest
        for line in series.named("EXDATE")
    )


def _with_uid(part: Component, uid: str) -> Component:
    if part.text("UID") != uid:
        part.lines = [line for line in part.lines if line.name != "UID"]
        part.lines.insert(0, Line("UID", uid))
    return part


def _made_up(part: Component) -> str:
    """The same for the same component, so that a second run knows it."""
    return blake2b(write_components(part), digest_size=16).hexdigest()


def _zone_names(part: Component) -> Iterator[str]:
    for line in part.lines:
        yield from (one for name, given in line.params if name == "tzid" for one in given)
    for inner in part.parts:
        yield from _zone_names(inner)
