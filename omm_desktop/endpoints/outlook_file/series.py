"""The recurrence of an Outlook file as RFC 5545 has it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo

from dateutil.rrule import rrulestr

from ..pst.damage import Damaged
from ..pst.organizer.recurrence import Pattern, Recurrence, rule

_BY_WEEKDAY = (Pattern.WEEK, Pattern.MONTH_NTH)


@dataclass(frozen=True, slots=True)
class Series:
    """`first` is the first occurrence by the clock on the wall, `deleted` likewise."""

    first: datetime
    length: timedelta
    rule: str
    deleted: tuple[datetime, ...]


def series_of(told: Recurrence, zone: tzinfo | None, *, all_day: bool) -> Series:
    """The series; raises `Damaged` for one that no rule says, or that never takes place.

    RFC 5545 counts the first start as an occurrence, also where it fits no rule; Outlook does not.
    """
    if told.is_hijri:
        raise Damaged("it repeats by the Hijri calendar, which a rule cannot say")
    if told.pattern in _BY_WEEKDAY and not told.weekdays:
        raise Damaged("it repeats on no day of the week")
    start = told.first_day + told.start_offset
    first = _first(told, start)
    return Series(
        first,
        max(told.end_offset - told.start_offset, timedelta(0)),
        _rule(told, zone, all_day=all_day),
        tuple(told.deleted),
    )


def _first(told: Recurrence, start: datetime) -> datetime:
    endless = replace(told, count=None, last_day=None)
    try:
        found: datetime | None = next(iter(rrulestr(f"RRULE:{rule(endless)}", dtstart=start)), None)
    except (ValueError, OverflowError) as error:
        raise Damaged("it repeats on days that are none") from error
    if found is None or (told.last_day is not None and found.date() > told.last_day.date()):
        raise Damaged("it never takes place")
    return found


def _rule(told: Recurrence, zone: tzinfo | None, *, all_day: bool) -> str:
    """With an UNTIL of the kind that the start is of (RFC 5545 section 3.3.10)."""
    if told.count is not None or told.last_day is None:
        return rule(told)
    last = told.last_day + told.start_offset
    endless = rule(replace(told, last_day=None))
    if all_day:
        return f"{endless};UNTIL={last:%Y%m%d}"
    if zone is None:
        return f"{endless};UNTIL={last:%Y%m%dT%H%M%S}"
    try:
        instant = last.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:
        instant = last.replace(tzinfo=UTC)
    return f"{endless};UNTIL={instant:%Y%m%dT%H%M%S}Z"
