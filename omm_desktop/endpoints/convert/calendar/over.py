"""Whether an event belongs to the past."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from .read import read_event
from .values import Event, Moment

_UNTIL = re.compile(r"(?:^|;)UNTIL=(\d{8})")


def over_before(data: bytes, day: date) -> bool:
    """Whether all of the event of an object ended before that day, as far as it tells.

    Where a series is bounded by nothing but a number, or where nothing can be read, it may go on.
    """
    event = read_event(data)
    if event is None:
        return False
    try:
        last = _last_day(event)
    except OverflowError:
        # It ends after the last day that there is.
        return False
    return last is not None and last < day


def _last_day(event: Event) -> date | None:
    """The day on which it ends for the last time, None when it may go on for ever."""
    length = _day(event.end) - _day(event.start)
    days = [_last(event)]
    if event.rule:
        told = _UNTIL.search(event.rule)
        try:
            until = datetime.strptime(told[1], "%Y%m%d").date() if told else None
        except ValueError:
            until = None
        if until is None:
            return None
        # The bound may be told in another zone than the event's.
        days.append(until + timedelta(days=1) + length)
    days += [_day(moment) + length for moment in event.added]
    days += [_last(changed) for changed in event.changed]
    return max(days)


def _last(event: Event) -> date:
    """Of an event of whole days the end is the day after (RFC 5545 section 3.6.1)."""
    last = _day(event.end)
    return max(_day(event.start), last - timedelta(days=1)) if event.all_day else last


def _day(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
