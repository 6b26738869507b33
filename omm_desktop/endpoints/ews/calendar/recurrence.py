"""What of a recurrence Exchange can hold, worked out day by day and never guessed.

Moments are local times without their zone: a series keeps its hour when clocks change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import islice

from dateutil import rrule
from exchangelib.recurrence import Pattern

from ...convert.calendar.moments import read_moment
from ...convert.calendar.zones import Zones
from ...convert.content_lines import Line
from .patterns import Rule, candidates, occurrences

AHEAD = timedelta(days=366 * 20)
"""As far from today as a recurrence without an end is compared with its rule."""

_MOST_GAPS = 250
_MOST_SINGLES = 250
_MOST_COMPARED, _MOST_COUNTED = 2000, 40_000
_MOST_NUMBERED = 999
_FINE = frozenset({"HOURLY", "MINUTELY", "SECONDLY"})
_HOURS = ("BYHOUR", "BYMINUTE", "BYSECOND")


@dataclass(frozen=True, slots=True)
class Series:
    """A recurrence of Exchange. `gaps` are its occurrences that the rule does not have.

    One of `number` and `until` tells the end, or none.
    """

    pattern: Pattern
    first: datetime
    number: int | None = None
    until: date | None = None
    gaps: tuple[datetime, ...] = ()

    def occurrences(self, until: datetime) -> Iterator[datetime]:
        """All occurrences, the gaps included, numbered as Exchange does."""
        if self.until is not None:
            until = min(until, datetime.combine(self.until, self.first.time()))
        return islice(occurrences(self.pattern, self.first, until), self.number)


@dataclass(frozen=True, slots=True)
class Held:
    """A rule as Exchange holds it. `lost`: the rule goes on in a way Exchange cannot hold."""

    series: tuple[Series, ...] = ()
    singles: tuple[datetime, ...] = ()
    lost: bool = False


def hold(text: str, start: datetime, zone: tzinfo | None, *, ahead: timedelta = AHEAD) -> Held:
    """The series and single appointments that are the rule; the start always is one of them."""
    try:
        rule = Rule(text)
        until = _until(rule, zone)
        horizon = max(start, datetime.now()) + ahead
        if until is not None and until > horizon:
            return _hold_far(rule, until, start, zone, ahead)
        wanted = _wanted(rule, start, until or horizon)
    except (ValueError, TypeError, OverflowError, IndexError):
        return Held(singles=(start,), lost=True)
    if wanted and (_ends(rule) or len(wanted) == _MOST_COMPARED):
        horizon = wanted[-1]
    found = _as_series(rule, start, wanted, horizon)
    if found:
        held = {moment for one in found for moment in one.occurrences(horizon)}
        return Held(found, () if start in held else (start,))
    if len(wanted) <= _MOST_SINGLES:
        return Held(singles=tuple(dict.fromkeys((start, *wanted))), lost=not _ends(rule))
    return Held(singles=(start,), lost=True)


def _hold_far(
    rule: Rule, until: datetime, start: datetime, zone: tzinfo | None, ahead: timedelta
) -> Held:
    """A rule that ends later than any is compared: the one without an end, ended there."""
    endless = ";".join(f"{name}={value}" for name, value in rule.parts.items() if name != "UNTIL")
    held = hold(endless, start, zone, ahead=ahead)
    return replace(held, series=tuple(_ended(one, until) for one in held.series))


def _ended(series: Series, until: datetime) -> Series:
    """On its day the end still counts the occurrence that begins before it."""
    whole_day = series.first.time() <= until.time()
    return replace(series, until=until.date() - timedelta(days=not whole_day))


def _ends(rule: Rule) -> bool:
    return rule.count is not None or "UNTIL" in rule.parts


def _wanted(rule: Rule, start: datetime, last: datetime) -> list[datetime]:
    """When the rule occurs, up to its end or the horizon; ValueError when nobody can tell."""
    if rule.frequency in _FINE and not (_ends(rule) and rule.has_only()):
        raise ValueError("without end several times a day")
    parts = [f"{name}={value}" for name, value in rule.parts.items() if name != "UNTIL"]
    if rule.count is None:
        parts.append(f"UNTIL={last:%Y%m%dT%H%M%S}")
    expanded = rrule.rrulestr("RRULE:" + ";".join(parts), dtstart=start)
    if not _ends(rule):
        return list(islice(expanded, _MOST_COMPARED))
    found = list(islice(expanded, _MOST_COUNTED + 1))
    if len(found) > _MOST_COUNTED:
        raise ValueError("more occurrences than can be compared")
    return found


def _until(rule: Rule, zone: tzinfo | None) -> datetime | None:
    """The end in local time; a date means its whole day."""
    if "UNTIL" not in rule.parts:
        return None
    moment = read_moment(rule.parts["UNTIL"], Line("UNTIL", ""), Zones({}, 2000))
    if moment is None:
        raise ValueError("no moment")
    if not isinstance(moment, datetime):
        return datetime.combine(moment, datetime.max.time().replace(microsecond=0))
    if moment.tzinfo is not None:
        moment = moment.astimezone(zone or UTC).replace(tzinfo=None)
    return moment


def _as_series(
    rule: Rule, start: datetime, wanted: list[datetime], horizon: datetime
) -> tuple[Series, ...]:
    """The first set of patterns that occurs exactly as wanted; none when there is none."""
    hours = {moment.time() for moment in wanted}
    if not wanted or len(hours) > len(wanted) / 2 + 1 or len(wanted) == 1:
        return ()
    for patterns in candidates(rule, start):
        found = []
        for pattern in patterns:
            for hour in sorted(hours):
                begins = datetime.combine(start.date(), hour)
                found += _fit(pattern, begins, rule, wanted, horizon, alone=len(patterns) == 1)
        covered = {
            moment for one in found for moment in one.occurrences(horizon) if moment not in one.gaps
        }
        if covered == set(wanted):
            return tuple(found)
    return ()


def _fit(
    pattern: Pattern,
    begins: datetime,
    rule: Rule,
    wanted: list[datetime],
    horizon: datetime,
    *,
    alone: bool,
) -> list[Series]:
    """The pattern from its first to its last wanted occurrence; none with too many gaps."""
    asked = set(wanted)
    end = datetime.combine(wanted[-1].date(), begins.time()) if _ends(rule) else horizon
    every = list(occurrences(pattern, begins, end))
    hit = [moment for moment in every if moment in asked]
    if not hit:
        return []
    every = every[every.index(hit[0]) : every.index(hit[-1]) + 1 if _ends(rule) else None]
    gaps = tuple(moment for moment in every if moment not in asked)
    if gaps and (not alone or len(gaps) > min(_MOST_GAPS, len(hit))):
        return []
    if not _ends(rule):
        return [Series(pattern, hit[0], gaps=gaps)]
    if rule.count is not None and len(every) <= _MOST_NUMBERED:
        return [Series(pattern, hit[0], number=len(every), gaps=gaps)]
    return [Series(pattern, hit[0], until=hit[-1].date(), gaps=gaps)]
