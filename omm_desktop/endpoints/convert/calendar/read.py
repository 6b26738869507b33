"""iCalendar objects to events and tasks; a property that cannot be read costs itself alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from ..content_lines import Line
from .alarms import read_alarm, read_alarm_moment
from .components import Component, read_components
from .files import read_file
from .moments import later, read_duration, read_moment, read_moments
from .names import BUSY, PRIVACY, is_bookkeeping
from .participants import read_participant
from .rules import goes_on, with_every_date
from .values import AttachedFile, Event, Moment, Participant, Role, Task
from .zones import Zones

_MOMENTS = frozenset({"DTSTART", "DTEND", "DUE", "DURATION", "RDATE", "EXDATE"})
_TEXTS = frozenset({"SUMMARY", "DESCRIPTION", "LOCATION"})
_PLAIN_STATES = frozenset({"CONFIRMED", "TENTATIVE"})
_FIRST_YEAR = 1601


def read_event(data: bytes) -> Event | None:
    """The event of an object (`split_calendar`), None when nothing tells when it is."""
    parts, zones = _open(data, "VEVENT")
    # Of several versions the one with the highest number counts, wherever it stands.
    parts.sort(key=lambda part: part.number("SEQUENCE") or 0)
    events = [event for part in parts if (event := _event(part, zones)) is not None]
    series = [event for event in events if event.original is None]
    changed = tuple(event for event in _newest(events) if event.original is not None)
    if series:
        return with_every_date(replace(series[-1], changed=changed), zones)
    return replace(changed[0], original=None, changed=changed[1:]) if changed else None


def read_task(data: bytes) -> Task | None:
    """The task of an object, None when there is none."""
    parts, zones = _open(data, "VTODO")
    tasks = [_task(part, zones) for part in parts if part.first("RECURRENCE-ID") is None]
    return tasks[-1] if tasks else None


def _open(data: bytes, name: str) -> tuple[list[Component], Zones]:
    root = read_components(data)
    inner = [part for calendar in root.parts for part in calendar.parts]
    parts = [part for part in inner if part.name == name]
    zones = {part.text("TZID"): part for part in inner if part.name == "VTIMEZONE"}
    years = [
        int(line.value[:4])
        for part in parts
        for line in part.named("DTSTART", "DUE")
        if line.value[:4].isdecimal()
    ]
    around = min(max([*years, _FIRST_YEAR]), datetime.max.year - 20)
    home = next((one.text("X-WR-TIMEZONE") for one in root.parts), "")
    return parts, Zones(zones, around, home)


def _newest(events: Iterable[Event]) -> Iterable[Event]:
    """Of several versions of one occurrence the last."""
    return {event.original: event for event in events}.values()


def _event(part: Component, zones: Zones) -> Event | None:
    start = _moment(part, "DTSTART", zones)
    original = _moment(part, "RECURRENCE-ID", zones)
    if start is None:
        start = original
    if start is None:
        return None
    added, unread_added = read_moments(list(part.named("RDATE")), zones)
    left_out, unread_out = read_moments(list(part.named("EXDATE")), zones)
    reminder, alarms = read_alarm(part, start, _end(part, start, zones), zones)
    organizer, participants, strangers = _people(part)
    used = {*_TEXTS, *_MOMENTS, "RRULE", "TRANSP", "STATUS", "ORGANIZER", "ATTENDEE"}
    common = _common(part, used)
    rest = (*common.pop("rest"), *_unread(part, zones), *unread_added, *unread_out)
    return Event(
        **common,
        rest=(*rest, *_state(part), *_future(part), *alarms, *strangers),
        start=start,
        end=_end(part, start, zones),
        location=part.text("LOCATION"),
        busy=_busy(part),
        reminder=reminder,
        organizer=organizer,
        participants=participants,
        added=added,
        left_out=left_out,
        original=original,
    )


def _task(part: Component, zones: Zones) -> Task:
    start, due = _moment(part, "DTSTART", zones), _moment(part, "DUE", zones)
    duration = read_duration(part.text("DURATION"))
    if start is not None and due is None and duration is not None:
        due = later(start, duration)
    completed = _moment(part, "COMPLETED", zones)
    reminder, alarms = read_alarm_moment(part, start, due, zones)
    used = {*_TEXTS - {"LOCATION"}, *_MOMENTS, "RRULE", "STATUS", "PERCENT-COMPLETE", "COMPLETED"}
    common = _common(part, used)
    return Task(
        **common | {"rest": (*common["rest"], *_unread(part, zones), *alarms)},
        start=start,
        due=due,
        completed=completed if isinstance(completed, datetime) else None,
        percent=min(part.number("PERCENT-COMPLETE") or 0, 100),
        status=part.text("STATUS").lower(),
        reminder=reminder,
    )


def _moment(part: Component, name: str, zones: Zones) -> Moment | None:
    line = part.first(name)
    return None if line is None else read_moment(line.value, line, zones)


def _end(part: Component, start: Moment, zones: Zones) -> Moment:
    """By DTEND, else DURATION; else a day for a date and nothing for a time (RFC 5545 3.6.1)."""
    end = _moment(part, "DTEND", zones)
    if end is None and (length := read_duration(part.text("DURATION"))) is not None:
        end = later(start, length)
    same = end is not None and isinstance(end, datetime) == isinstance(start, datetime)
    if isinstance(start, datetime):
        return end if same and end is not None else start
    one_day = later(start, timedelta(days=1)) or start
    return max(end, one_day) if same and end is not None else one_day


def _unread(part: Component, zones: Zones) -> list[Line]:
    """Moments that are none, and moments in zones that nobody knows."""
    found = []
    dated = part.named("DTSTART", "DTEND", "DUE", "COMPLETED", "RECURRENCE-ID")
    for line in (one for one in dated if one.value):
        moment = read_moment(line.value, line, zones)
        tzid = [value for name, given in line.params if name == "tzid" for value in given]
        if moment is None:
            found.append(line)
        elif tzid and isinstance(moment, datetime) and moment.tzinfo is None:
            found.append(replace(line, value=f"{line.value} ({tzid[0]})"))
    if part.text("DURATION") and not _has_duration(part, zones):
        found += part.named("DURATION")
    return found


def _has_duration(part: Component, zones: Zones) -> bool:
    """Whether the length can be read, and ends in a year that there is."""
    length = read_duration(part.text("DURATION"))
    start = _moment(part, "DTSTART", zones)
    return length is not None and (start is None or later(start, length) is not None)


def _common(part: Component, used: set[str]) -> dict[str, Any]:
    """The fields of `Entry`; `used` are properties that the kind itself reads."""
    files: list[AttachedFile] = []
    rest: list[Line] = []
    for line in part.named("ATTACH"):
        file = read_file(line, len(files) + 1)
        if file is not None:
            files.append(file)
        elif line.text:
            rest.append(line)
    used = used | {"ATTACH", "CATEGORIES", "CLASS", "PRIORITY", "X-ALT-DESC"}
    rest += [line for line in part.lines if line.name not in used and not is_bookkeeping(line.name)]
    rest += list(part.named("RRULE"))[1:]
    rest = [line for line in rest if line.text.strip()]
    privacy = part.text("CLASS").upper()
    categories = [one for line in part.named("CATEGORIES") for one in line.parts(",") if one]
    return {
        "uid": part.text("UID"),
        "summary": " ".join(part.text("SUMMARY").split("\n")),
        "description": part.text("DESCRIPTION"),
        "html": _html(part),
        "categories": tuple(dict.fromkeys(categories)),
        "privacy": PRIVACY.get(privacy, ""),
        "importance": _importance(part.number("PRIORITY")),
        "rule": part.text("RRULE").upper().replace(" ", ""),
        "files": tuple(files),
        "rest": tuple(rest),
    }


def _html(part: Component) -> str:
    return next(
        (one.text for one in part.named("X-ALT-DESC") if "text/html" in one.values("fmttype")), ""
    )


def _importance(priority: int | None) -> str:
    """RFC 5545 section 3.8.1.9: 1 to 4 is high, 6 to 9 is low."""
    if priority is None or not 0 < priority <= 9 or priority == 5:
        return ""
    return "high" if priority < 5 else "low"


def _busy(part: Component) -> str:
    known = BUSY.get(part.text("X-MICROSOFT-CDO-BUSYSTATUS").upper())
    if known is not None:
        return known
    if part.text("TRANSP").upper() == "TRANSPARENT":
        return "free"
    return "tentative" if part.text("STATUS").upper() == "TENTATIVE" else "busy"


def _state(part: Component) -> list[Line]:
    return [line for line in part.named("STATUS") if line.text.upper() not in _PLAIN_STATES]


def _future(part: Component) -> list[Line]:
    """A change of all occurrences to come."""
    return [line for line in part.named("RECURRENCE-ID") if goes_on(line)]


def _people(
    part: Component,
) -> tuple[Participant | None, tuple[Participant, ...], list[Line]]:
    """Organiser, invited people, and lines about people without an address."""
    line = part.first("ORGANIZER")
    organizer = read_participant(line) if line is not None else None
    strangers = [line] if line is not None and organizer is None else []
    people: dict[str, Participant] = {}
    for line in part.named("ATTENDEE"):
        person = read_participant(line)
        if person is None:
            strangers.append(line)
        else:
            people.setdefault(person.address.lower(), person)
    ordered = sorted(people.values(), key=lambda one: list(Role).index(one.role))
    return organizer, tuple(ordered), [line for line in strangers if line.text.strip()]
