"""Reminders (VALARM): the one that Exchange can hold, and the others as they are."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from ..content_lines import Line
from .components import Component
from .moments import later, read_duration, read_moment
from .values import Moment
from .zones import Zones

_SHOWN = frozenset({"DISPLAY", "AUDIO", "PROCEDURE", ""})
_LONGEST = 1_000_000
"""Minutes, nearly two years."""


def read_alarm(
    part: Component, start: Moment, end: Moment, zones: Zones
) -> tuple[int | None, list[Line]]:
    """Minutes before the start of the first alarm that is shown, and the other alarms as lines."""
    minutes: int | None = None
    others = []
    for alarm in (inner for inner in part.parts if inner.name == "VALARM"):
        found = _minutes(alarm, start, end, zones)
        shown = alarm.text("ACTION").upper() in _SHOWN
        if minutes is None and shown and found is not None and 0 <= found <= _LONGEST:
            minutes = found
        elif not (shown and found == minutes and found is not None):
            others.append(_line(alarm))
    return minutes, others


def read_alarm_moment(
    part: Component, start: Moment | None, due: Moment | None, zones: Zones
) -> tuple[datetime | None, list[Line]]:
    """When a task reminds one, by its first alarm that is shown, and the other alarms as lines."""
    found: datetime | None = None
    others = []
    for alarm in (inner for inner in part.parts if inner.name == "VALARM"):
        moment = _moment(alarm, start, due, zones)
        if found is None and moment is not None and alarm.text("ACTION").upper() in _SHOWN:
            found = moment
        else:
            others.append(_line(alarm))
    return found, others


def _moment(
    alarm: Component, start: Moment | None, due: Moment | None, zones: Zones
) -> datetime | None:
    trigger = alarm.first("TRIGGER")
    if trigger is None:
        return None
    length = read_duration(trigger.value)
    if length is None:
        moment = read_moment(trigger.value, trigger, zones)
        return moment if isinstance(moment, datetime) else None
    begins = due if "end" in trigger.values("related") or start is None else start
    moment = None if begins is None else later(_timed(begins), length)
    return moment if isinstance(moment, datetime) else None


def _timed(moment: Moment) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time())


def _minutes(alarm: Component, start: Moment, end: Moment, zones: Zones) -> int | None:
    """Minutes from the alarm to the start, None when it is not in whole minutes."""
    trigger = alarm.first("TRIGGER")
    if trigger is None:
        return None
    before = read_duration(trigger.value)
    if before is None:
        moment = read_moment(trigger.value, trigger, zones)
        if not isinstance(moment, datetime):
            return None
        before = _instant(moment) - _instant(start)
    elif "end" in trigger.values("related"):
        before += _instant(end) - _instant(start)
    minutes, seconds = divmod(-before, timedelta(minutes=1))
    return None if seconds else minutes


def _instant(moment: Moment) -> datetime:
    moment = _timed(moment)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _line(alarm: Component) -> Line:
    """What is shown of an alarm that finds no place."""
    trigger = alarm.first("TRIGGER")
    about = [alarm.text("ACTION"), trigger.value if trigger else ""]
    about += [line.text for line in alarm.named("ATTENDEE")]
    return Line("VALARM", " ".join(filter(None, about)) or "?")
