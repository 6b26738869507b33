"""Events and tasks to iCalendar objects (RFC 5545); the icalendar library writes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import icalendar
from icalendar import Alarm, Component, vCalAddress, vRecur, vText
from icalendar.parser import Contentline, Parameters

from .names import BUSY, PRIVACY
from .values import AttachedFile, Entry, Event, Moment, Participant, Role, Task

_BUSY = {busy: name for name, busy in BUSY.items()}
_CLASSES = {privacy: name for name, privacy in PRIVACY.items()}
_PRIORITIES = {"high": 1, "low": 9}
_ROLES = {Role.REQUIRED: "REQ-PARTICIPANT", Role.OPTIONAL: "OPT-PARTICIPANT"}
_FOLDED_FROM = 75
_BEGINNING = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//OMM Desktop//EN\r\n"
_UNSTAMPED = datetime(1970, 1, 1, tzinfo=UTC)
"""DTSTAMP must be there; the same event must always be the same bytes."""


def write_event(event: Event) -> bytes:
    """The object of an event: series, changed occurrences and the zones they are in."""
    return _object([_event(event), *(_event(one, within=event) for one in event.changed)])


def write_task(task: Task) -> bytes:
    """The object of a task."""
    todo = icalendar.Todo()
    _add_common(todo, task)
    for name, moment in (("dtstart", task.start), ("due", task.due), ("completed", task.completed)):
        if moment is not None:
            todo.add(name, moment)
    if task.status:
        todo.add("status", task.status.upper())
    if task.percent:
        todo.add("percent-complete", task.percent)
    if task.reminder is not None:
        todo.add_component(_alarm(task.reminder.astimezone(UTC)))
    return _object([todo])


def _object(components: Iterable[Component]) -> bytes:
    """The components with the zones they name, as the library would write them in a calendar."""
    written: list[bytes] = []
    named: set[str] = set()
    for component in components:
        for name, value in component.property_items():
            parameters = getattr(value, "params", None)
            if parameters and "TZID" in parameters:
                named.add(parameters["TZID"])
            written.append(_line(name, value, parameters))
    zones = map(_zone, sorted(named - {"UTC"}))
    return b"".join([_BEGINNING, *zones, *written, b"END:VCALENDAR\r\n"])


def _line(name: str, value: Any, parameters: Any) -> bytes:
    """A property, folded where it is long; the library looks for that letter by letter."""
    if not parameters and hasattr(value, "to_ical"):
        data = value.to_ical()
        text = data if isinstance(data, str) else data.decode("utf-8")
        if len(name) + len(text) < _FOLDED_FROM - 1 and text.isascii():
            return f"{name}:{text}\r\n".encode("ascii")
    line = Contentline.from_parts(name, parameters or Parameters(), value)
    folded: bytes = line.to_ical()
    return folded + b"\r\n"


@lru_cache(maxsize=128)
def _zone(tzid: str) -> bytes:
    """The VTIMEZONE, which takes long to work out."""
    try:
        written: bytes = icalendar.Timezone.from_tzid(tzid).to_ical()
    except ValueError:
        # None of the world's: who made it knows what it is.
        return b""
    return written


def _event(event: Event, within: Event | None = None) -> Component:
    part = icalendar.Event()
    _add_common(part, event)
    part.add("dtstart", event.start)
    part.add("dtend", event.end)
    if event.original is not None and within is not None:
        part.add("recurrence-id", _like(event.original, within.start))
    if event.location:
        part.add("location", event.location)
    part.add("transp", "TRANSPARENT" if event.busy == "free" else "OPAQUE")
    if event.busy not in ("free", "busy"):
        part.add("x-microsoft-cdo-busystatus", _BUSY[event.busy])
    if event.organizer is not None:
        part.add("organizer", _address(event.organizer))
    for person in event.participants:
        part.add("attendee", _attendee(person), encode=False)
    for name, moments in (("rdate", event.added), ("exdate", event.left_out)):
        for moment in moments:
            part.add(name, [_like(moment, event.start)])
    if event.reminder is not None:
        part.add_component(_alarm(-timedelta(minutes=event.reminder)))
    return part


def _like(moment: Moment, start: Moment) -> Moment:
    """In the zone of the start: some programs compare the text of EXDATE with that of DTSTART."""
    if isinstance(moment, datetime) and isinstance(start, datetime) and moment.tzinfo:
        return moment.astimezone(start.tzinfo) if start.tzinfo else moment
    return moment


def _add_common(part: Component, entry: Entry) -> None:
    part.add("uid", entry.uid)
    part.add("dtstamp", _UNSTAMPED)
    for name, text in (("summary", entry.summary), ("description", entry.description)):
        if text:
            part.add(name, text)
    if entry.html:
        part.add("x-alt-desc", vText(entry.html), parameters={"FMTTYPE": "text/html"})
    if entry.categories:
        part.add("categories", list(entry.categories))
    if entry.privacy:
        part.add("class", _CLASSES[entry.privacy])
    if entry.importance:
        part.add("priority", _PRIORITIES[entry.importance])
    if entry.rule:
        part.add("rrule", vRecur.from_ical(entry.rule))
    for file in entry.files:
        part.add("attach", _file(file), encode=False)


def _file(file: AttachedFile) -> icalendar.vBinary:
    written = icalendar.vBinary(file.content)
    if file.media:
        written.params["FMTTYPE"] = file.media
    written.params["FILENAME"] = file.name
    return written


def _alarm(trigger: timedelta | datetime) -> Component:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", "Reminder")
    alarm.add("trigger", trigger)
    return alarm


def _address(person: Participant) -> vCalAddress:
    address = vCalAddress(f"mailto:{person.address}")
    if person.name:
        address.params["CN"] = person.name
    return address


def _attendee(person: Participant) -> vCalAddress:
    address = _address(person)
    if person.role is Role.RESOURCE:
        address.params["CUTYPE"] = "RESOURCE"
    address.params["ROLE"] = _ROLES.get(person.role, "NON-PARTICIPANT")
    address.params["PARTSTAT"] = person.answer or "NEEDS-ACTION"
    return address
