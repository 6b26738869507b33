"""Patterns of Exchange's recurrences: which a rule may mean, and when they occur ([MS-OXOCAL])."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import datetime
from itertools import product

from dateutil import rrule
from exchangelib.recurrence import (
    AbsoluteMonthlyPattern,
    AbsoluteYearlyPattern,
    DailyPattern,
    Pattern,
    Regeneration,
    RelativeMonthlyPattern,
    RelativeYearlyPattern,
    WeeklyPattern,
)

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAYS = (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU)
DAY_SETS = {
    8: frozenset(range(1, 8)),
    9: frozenset(range(1, 6)),
    10: frozenset((6, 7)),
}
"""Exchange's names for any day, any day of work, any day of a weekend → ISO weekdays."""

_SAYS_NOTHING = frozenset({("COUNT", "-1"), ("RSCALE", "GREGORIAN"), ("SKIP", "OMIT")})
"""What a rule may leave out, and dateutil does not read (RFC 7529 section 4.1)."""

_LAST = 5
_LONGEST_MONTH, _SHORTEST_MONTH = 31, 28
_MOST = {DailyPattern: 999, WeeklyPattern: 99}
_MOST_MONTHS = 99


class Rule:
    """The parts of an RRULE (RFC 5545 section 3.3.10)."""

    def __init__(self, text: str) -> None:
        """Raises ValueError for what is no rule."""
        pairs = [part.partition("=") for part in text.strip(";").split(";") if part.strip()]
        told = {name.strip(): value.strip() for name, _, value in pairs}
        # A calendar of Confluence says -1 for no number.
        self.parts = {
            name: value for name, value in told.items() if (name, value) not in _SAYS_NOTHING
        }
        self.frequency = self.parts.get("FREQ", "")
        self.interval = int(self.parts.get("INTERVAL", "1"))
        self.count = int(self.parts["COUNT"]) if "COUNT" in self.parts else None
        if not self.frequency or self.interval < 1 or (self.count is not None and self.count < 1):
            raise ValueError(f"no rule: {text}")

    def numbers(self, name: str) -> list[int]:
        """The numbers of BYMONTH and the like."""
        return [int(one) for one in self.parts.get(name, "").split(",") if one]

    @property
    def days(self) -> list[tuple[int, int]]:
        """BYDAY as pairs of a place in the month or year, 0 for every one, and an ISO weekday."""
        found = []
        for one in filter(None, self.parts.get("BYDAY", "").split(",")):
            one = one.strip()
            found.append((int(one[:-2] or 0), DAYS.index(one[-2:]) + 1))
        return found

    def has_only(self, *names: str) -> bool:
        """Whether no other part restricts the days."""
        harmless = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", *names}
        return set(self.parts) <= harmless


def candidates(rule: Rule, start: datetime) -> Iterator[list[Pattern]]:
    """Sets of patterns that may together be the rule, the simplest first."""
    makers = {"DAILY": _daily, "WEEKLY": _weekly, "MONTHLY": _monthly, "YEARLY": _yearly}
    maker = makers.get(rule.frequency)
    if maker is None:
        return
    for patterns in maker(rule, start):
        if patterns and all(_interval(one) <= _limit(one) for one in patterns):
            yield patterns


def _interval(pattern: Pattern) -> int:
    return int(getattr(pattern, "interval", None) or 1)


def _limit(pattern: Pattern) -> int:
    return _MOST.get(type(pattern), _MOST_MONTHS)


def _daily(rule: Rule, start: datetime) -> Iterator[list[Pattern]]:
    yield [DailyPattern(interval=rule.interval)]
    if rule.days and rule.interval == 1:
        yield [_week(1, {day for _, day in rule.days}, 1)]


def _weekly(rule: Rule, start: datetime) -> Iterator[list[Pattern]]:
    days = {day for _, day in rule.days} or {start.isoweekday()}
    first = rule.parts.get("WKST", "MO")
    yield [_week(rule.interval, days, DAYS.index(first) + 1 if first in DAYS else 1)]


def _week(interval: int, days: set[int], first: int) -> WeeklyPattern:
    return WeeklyPattern(interval=interval, weekdays=sorted(days), first_day_of_week=first)


def _monthly(rule: Rule, start: datetime) -> Iterator[list[Pattern]]:
    if "BYMONTH" in rule.parts:
        yield from _yearly(rule, start)
        return
    for places in _places(rule, start):
        yield [_in_month(place, rule.interval) for place in places]
    if rule.days and not any(place for place, _ in rule.days) and rule.interval == 1:
        yield [_week(1, {day for _, day in rule.days}, 1)]


def _yearly(rule: Rule, start: datetime) -> Iterator[list[Pattern]]:
    every = "BYMONTHDAY" in rule.parts or rule.frequency == "MONTHLY"
    months = rule.numbers("BYMONTH") or (list(range(1, 13)) if every else [start.month])
    for places in _places(rule, start):
        pairs = list(product(months, places))
        if rule.interval == 1 or rule.frequency == "MONTHLY":
            yield [_in_year(month, place) for month, place in pairs]
        if rule.frequency == "YEARLY" and len(months) == 1:
            yield [_in_month(place, 12 * rule.interval) for place in places]
        if (2, (29,)) in pairs and rule.interval == 1 and len(pairs) == 1:
            # Exchange would take the 28th in other years.
            yield [_in_month((29,), 48)]


Place = tuple[int] | tuple[int, int]
"""A day of the month, or an ISO weekday (or one of `DAY_SETS`) and which of the month."""


def _places(rule: Rule, start: datetime) -> Iterator[list[Place]]:
    days, numbers, nth = rule.days, rule.numbers("BYMONTHDAY"), rule.numbers("BYSETPOS")
    if not days:
        of_month = numbers or [start.day]
        if nth == [-1] and min(of_month) >= _SHORTEST_MONTH:
            yield [(max(of_month),)]
        yield [(_LONGEST_MONTH if day == -1 else day,) for day in of_month if day >= -1]
        return
    weekdays = frozenset(day for _, day in days)
    if numbers and len(numbers) == 7 and numbers[0] % 7 == 1 and len(weekdays) == 1:
        # The Sunday of the 8th to the 14th is the second Sunday.
        yield [(min(weekdays), numbers[0] // 7 + 1)]
    if nth and ({place for place, _ in days} == {0} or {place for place, _ in days} == set(nth)):
        named = next((one for one, of in DAY_SETS.items() if of == weekdays), None)
        only = min(weekdays) if len(weekdays) == 1 else named
        if only is not None:
            yield [(only, _which(place)) for place in nth if place in (1, 2, 3, 4, -1)]
    elif all(place in (1, 2, 3, 4, -1) for place, _ in days):
        yield [(day, _which(place)) for place, day in days]


def _which(place: int) -> int:
    return _LAST if place == -1 else place


def _in_month(place: Place, interval: int) -> Pattern:
    if len(place) == 1:
        return AbsoluteMonthlyPattern(interval=interval, day_of_month=place[0])
    return RelativeMonthlyPattern(interval=interval, weekday=place[0], week_number=place[1])


def _in_year(month: int, place: Place) -> Pattern:
    if len(place) == 1:
        return AbsoluteYearlyPattern(month=month, day_of_month=place[0])
    return RelativeYearlyPattern(month=month, weekday=place[0], week_number=place[1])


def occurrences(pattern: Pattern, start: datetime, until: datetime) -> Iterator[datetime]:
    """When the pattern occurs from `start` on, the hour being that of `start`, zones aside."""
    yield from rrule.rrule(dtstart=start, until=until, **_as_rrule(pattern))


def _as_rrule(pattern: Pattern) -> dict[str, object]:
    interval = _interval(pattern)
    if isinstance(pattern, DailyPattern):
        return {"freq": rrule.DAILY, "interval": interval}
    if isinstance(pattern, WeeklyPattern):
        days = [_WEEKDAYS[day - 1] for day in weekday_numbers(pattern)]
        first = _WEEKDAYS[_number(pattern.first_day_of_week) - 1]
        return {"freq": rrule.WEEKLY, "interval": interval, "byweekday": days, "wkst": first}
    yearly = isinstance(pattern, AbsoluteYearlyPattern | RelativeYearlyPattern)
    common: dict[str, object] = {"freq": rrule.MONTHLY, "interval": interval}
    if yearly:
        common = {"freq": rrule.YEARLY, "bymonth": pattern.month}
    if isinstance(pattern, AbsoluteMonthlyPattern | AbsoluteYearlyPattern):
        # The last day stands in for a day the month does not have.
        days_of_month = range(min(_SHORTEST_MONTH, pattern.day_of_month), pattern.day_of_month + 1)
        return common | {"bymonthday": list(days_of_month), "bysetpos": -1}
    days = [_WEEKDAYS[day - 1] for day in sorted(weekday_set(pattern))]
    place = -1 if pattern.week_number == _LAST else pattern.week_number
    return common | {"byweekday": days, "bysetpos": place}


def weekday_numbers(pattern: WeeklyPattern) -> list[int]:
    """ISO numbers of the days of a week."""
    return [_number(day) for day in pattern.weekdays or ()]


def weekday_set(pattern: Pattern) -> frozenset[int]:
    """ISO numbers of the days that count for a place in the month."""
    number = _number(pattern.weekday)
    return DAY_SETS.get(number) or frozenset({number})


def _number(day: int | str) -> int:
    if isinstance(day, int):
        return day
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return (*names, "Day", "Weekday", "WeekendDay").index(day) + 1


def as_rule(pattern: Pattern) -> str:
    """The RRULE of a pattern, without its end."""
    if isinstance(pattern, Regeneration):
        frequency = type(pattern).__name__.removesuffix("Regeneration").upper()
        return f"FREQ={frequency}{_every(pattern)}"
    if isinstance(pattern, DailyPattern):
        return f"FREQ=DAILY{_every(pattern)}"
    if isinstance(pattern, WeeklyPattern):
        days = ",".join(DAYS[day - 1] for day in weekday_numbers(pattern))
        first = DAYS[_number(pattern.first_day_of_week) - 1]
        start = f";WKST={first}" if _interval(pattern) > 1 and first != "MO" else ""
        return f"FREQ=WEEKLY{_every(pattern)}{f';BYDAY={days}' if days else ''}{start}"
    if isinstance(pattern, AbsoluteYearlyPattern | RelativeYearlyPattern):
        return f"FREQ=YEARLY;BYMONTH={pattern.month}{_day_of_month(pattern)}"
    return f"FREQ=MONTHLY{_every(pattern)}{_day_of_month(pattern)}"


def _every(pattern: Pattern) -> str:
    return f";INTERVAL={_interval(pattern)}" if _interval(pattern) > 1 else ""


def _day_of_month(pattern: Pattern) -> str:
    if isinstance(pattern, AbsoluteMonthlyPattern | AbsoluteYearlyPattern):
        day = pattern.day_of_month
        if day <= _SHORTEST_MONTH:
            return f";BYMONTHDAY={day}"
        if isinstance(pattern, AbsoluteYearlyPattern) and day <= monthrange(2023, pattern.month)[1]:
            return f";BYMONTHDAY={day}"
        if day == _LONGEST_MONTH:
            return ";BYMONTHDAY=-1"
        # The last day stands in for a day the month does not have.
        days = ",".join(map(str, range(_SHORTEST_MONTH, day + 1)))
        return f";BYMONTHDAY={days};BYSETPOS=-1"
    weekdays = sorted(weekday_set(pattern))
    place = -1 if pattern.week_number == _LAST else pattern.week_number
    if len(weekdays) == 1:
        return f";BYDAY={place}{DAYS[weekdays[0] - 1]}"
    return f";BYDAY={','.join(DAYS[day - 1] for day in weekdays)};BYSETPOS={place}"
