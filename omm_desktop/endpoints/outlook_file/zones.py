"""Time zones that a file describes by rules, as Python and calendars have them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo

from ..convert.calendar.zones import like, named_zone
from ..pst.organizer.time_zone import Change, TimeZone, ZoneRule

_LAST = 5
_DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9 ]+")
_FIRST_YEAR, _LAST_YEAR = 1970, 9980
_ONSET = "16010101T000000"


class RuleZone(tzinfo):
    """A zone by the rules of the file. `key` is what calendars call it by: no name of another."""

    def __init__(self, zone: TimeZone) -> None:
        self.key = f"Outlook {_NOT_IN_NAMES.sub(' ', zone.name)}".strip()
        self._rules = zone.rules
        self._current = zone.current

    def utcoffset(self, moment: datetime | None) -> timedelta:
        """By the clock on the wall; a time that comes twice is the first of the two."""
        if moment is None:
            return self._current.standard_offset
        return self._rule(moment.year).standard_offset + self.dst(moment)

    def dst(self, moment: datetime | None) -> timedelta:
        """How far clocks are advanced."""
        if moment is None:
            return timedelta(0)
        rule = self._rule(moment.year)
        span = _daylight(rule, moment.year)
        if span is None or not _within(moment.replace(tzinfo=None), *span):
            return timedelta(0)
        return rule.daylight_offset - rule.standard_offset

    def tzname(self, moment: datetime | None) -> str:
        return self.key

    def fromutc(self, moment: datetime) -> datetime:
        """The time on the wall at an instant; raises OverflowError past the year 9999."""
        instant = moment.replace(tzinfo=None)
        year = (instant + self._rule(instant.year).standard_offset).year
        rule = self._rule(year)
        offset = rule.standard_offset
        if span := _daylight(rule, year):
            begin, end = span[0] - rule.standard_offset, span[1] - rule.daylight_offset
            if _within(instant, begin, end):
                offset = rule.daylight_offset
        return (instant + offset).replace(tzinfo=self)

    def definition(self) -> bytes:
        """The VTIMEZONE (RFC 5545 section 3.6.5) of the rule that holds for series."""
        rule = self._current
        lines = ["BEGIN:VTIMEZONE", f"TZID:{self.key}"]
        standard, daylight = rule.standard_offset, rule.daylight_offset
        lines += _observance("STANDARD", rule.standard_begins, daylight, standard)
        if rule.daylight_begins is not None:
            lines += _observance("DAYLIGHT", rule.daylight_begins, standard, daylight)
        return "".join(f"{line}\r\n" for line in [*lines, "END:VTIMEZONE"]).encode("ascii")

    def _rule(self, year: int) -> ZoneRule:
        """Files of today keep a rule for each time the law has changed."""
        begun = [rule for rule in self._rules if rule.year <= year]
        return begun[-1] if begun and len(self._rules) > 1 else self._current


def python_zone(zone: TimeZone, instant: datetime) -> tzinfo:
    """The zone by its name in the world where that agrees with the file, else by its rules.

    A zone that had another time at that instant, which is one of the item, is not the one meant.
    Zones by name know the laws of all years, of which the file has those of one computer.
    """
    own = RuleZone(zone)
    named = named_zone(zone.name)
    if named is not None and _agree(named, own, instant):
        return named
    try:
        return like(own, min(max(instant.year, _FIRST_YEAR), _LAST_YEAR)) or own
    except OverflowError:
        return own


def _agree(one: tzinfo, other: tzinfo, instant: datetime) -> bool:
    try:
        return instant.astimezone(one).utcoffset() == instant.astimezone(other).utcoffset()
    except OverflowError:
        return False


def _daylight(rule: ZoneRule, year: int) -> tuple[datetime, datetime] | None:
    """When clocks are put forward and back in a year, each by the clock before it."""
    begins, ends = rule.daylight_begins, rule.standard_begins
    if begins is None or ends is None:
        return None
    return _moment(begins, year), _moment(ends, year)


def _within(moment: datetime, begin: datetime, end: datetime) -> bool:
    """South of the equator the end comes first in the year."""
    if begin <= end:
        return begin <= moment < end
    return not end <= moment < begin


def _moment(change: Change, year: int) -> datetime:
    """When clocks change in a year; a change on a date is that weekday of that week."""
    first = datetime(year, change.month, 1)
    weekday = (first.weekday() + 1) % 7
    day = (change.weekday - weekday) % 7 + 7 * (_nth(change) - 1)
    while (first + timedelta(days=day)).month != change.month:
        day -= 7
    clock = timedelta(hours=change.hour, minutes=change.minute, seconds=change.second)
    return first + timedelta(days=day) + clock


def _nth(change: Change) -> int:
    """Which weekday of the month; 5 for the last."""
    return min((change.nth + 6) // 7 if change.year else change.nth, _LAST)


def _observance(
    name: str, begins: Change | None, offset_before: timedelta, offset: timedelta
) -> list[str]:
    lines = [f"BEGIN:{name}"]
    if begins is None:
        lines += [f"DTSTART:{_ONSET}", f"TZOFFSETFROM:{_written(offset)}"]
    else:
        nth = -1 if _nth(begins) >= _LAST else _nth(begins)
        lines += [
            f"DTSTART:{_moment(begins, int(_ONSET[:4])):%Y%m%dT%H%M%S}",
            f"RRULE:FREQ=YEARLY;BYMONTH={begins.month};BYDAY={nth}{_DAYS[begins.weekday]}",
            f"TZOFFSETFROM:{_written(offset_before)}",
        ]
    return [*lines, f"TZOFFSETTO:{_written(offset)}", f"END:{name}"]


def _written(offset: timedelta) -> str:
    minutes = offset // timedelta(minutes=1)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
