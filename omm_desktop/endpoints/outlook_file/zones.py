"""Time zones that a file describes by rules, as Python has them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from ..convert.calendar.zones import like, named_zone
from ..pst.organizer.time_zone import Change, TimeZone, ZoneRule

_LAST = 5
_NAMELESS = "Outlook"


class RuleZone(tzinfo):
    """A zone with the rules of the file; `key` is what calendars call it by."""

    def __init__(self, zone: TimeZone) -> None:
        self.key = zone.name or _NAMELESS
        self._rules = zone.rules
        self._current = zone.current

    def utcoffset(self, moment: datetime | None) -> timedelta:
        """By the clock on the wall; a time that comes twice is the first of the two."""
        if moment is None:
            return self._current.standard_offset
        rule = self._rule(moment.year)
        return rule.standard_offset + (self.dst(moment) or timedelta(0))

    def dst(self, moment: datetime | None) -> timedelta | None:
        if moment is None:
            return None
        rule = self._rule(moment.year)
        span = _daylight(rule, moment.year)
        saved = rule.daylight_offset - rule.standard_offset
        return saved if span and _within(moment.replace(tzinfo=None), *span) else timedelta(0)

    def tzname(self, moment: datetime | None) -> str:
        return self.key

    def fromutc(self, moment: datetime) -> datetime:
        """The time on the wall at an instant."""
        plain = moment.replace(tzinfo=None)
        rule = self._rule((plain + rule_offset(self._rule(plain.year))).year)
        span = _daylight(rule, (plain + rule_offset(rule)).year)
        offset = rule.standard_offset
        if span:
            begin, end = span[0] - rule.standard_offset, span[1] - rule.daylight_offset
            if _within(plain, begin, end):
                offset = rule.daylight_offset
        return (plain + offset).replace(tzinfo=self)

    def _rule(self, year: int) -> ZoneRule:
        """The last that has begun; files of today keep one for each time the law has changed."""
        begun = [rule for rule in self._rules if rule.year <= year]
        return begun[-1] if begun and len(self._rules) > 1 else self._current


def rule_offset(rule: ZoneRule) -> timedelta:
    """From UTC while clocks are not advanced."""
    return rule.standard_offset


def python_zone(zone: TimeZone, start: datetime | None) -> tzinfo:
    """The zone by its name in the world where that agrees with the file, else by its rules.

    `start` is an instant of the item: a zone that had another time then is not the one meant.
    Named zones know the laws of all years, of which the file has those of one computer.
    """
    own = RuleZone(zone)
    instant = start or datetime(2000, 1, 1, tzinfo=UTC)
    named = named_zone(zone.name)
    if named is not None and _same(named, own, instant):
        return named
    year = min(max(instant.year, 1970), 9980)
    return like(own, year) or own


def _same(one: tzinfo, other: tzinfo, instant: datetime) -> bool:
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
    hours = timedelta(hours=change.hour, minutes=change.minute, seconds=change.second)
    if change.year:
        return datetime(year, change.month, min(change.nth, 28)) + hours
    first = datetime(year, change.month, 1)
    weekday = (first.weekday() + 1) % 7
    day = first + timedelta(days=(change.weekday - weekday) % 7 + 7 * (min(change.nth, _LAST) - 1))
    if day.month != change.month:
        day -= timedelta(days=7)
    return day + hours
