"""Dates and times of calendar properties (RFC 5545), each read alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from icalendar.prop import vDDDTypes, vDuration

from ..content_lines import Line
from .values import Moment
from .zones import Zones


def read_moment(text: str, line: Line, zones: Zones) -> Moment | None:
    """The moment a value of the line is, None when it is none.

    Without a zone it is in that of its calendar, and where that has none it floats.
    """
    try:
        moment = vDDDTypes.from_ical(text.strip())  # type: ignore[no-untyped-call]
    except (ValueError, TypeError):
        return None
    if isinstance(moment, tuple):
        moment = moment[0]
    if not isinstance(moment, date):
        return None
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    tzid = next((one for name, given in line.params if name == "tzid" for one in given), "")
    zone = zones[tzid] if tzid else zones.home
    return moment.replace(tzinfo=zone)


def read_moments(lines: list[Line], zones: Zones) -> tuple[tuple[Moment, ...], tuple[Line, ...]]:
    """The moments of lists such as EXDATE, and the lines that have something else in them."""
    found: list[Moment] = []
    unread = []
    for line in lines:
        for text in filter(None, line.value.split(",")):
            moment = read_moment(text, line, zones)
            if moment is None:
                unread.append(line)
            else:
                found.append(moment)
    return tuple(dict.fromkeys(found)), tuple(dict.fromkeys(unread))


def read_duration(text: str) -> timedelta | None:
    """A duration, None when it is none."""
    try:
        length = vDuration.from_ical(text.strip())  # type: ignore[no-untyped-call]
    except (ValueError, OverflowError):
        return None
    return length if isinstance(length, timedelta) else None


def later(moment: Moment, length: timedelta) -> Moment | None:
    """Days are days of the calendar, hours are hours that pass (RFC 5545 section 3.3.6).

    None where that is in no year from 1 to 9999.
    """
    try:
        if not isinstance(moment, datetime) or moment.tzinfo is None:
            return moment + length
        days = timedelta(days=length.days)
        shifted = (moment.replace(tzinfo=None) + days).replace(tzinfo=moment.tzinfo)
        return (shifted.astimezone(UTC) + (length - days)).astimezone(moment.tzinfo)
    except OverflowError:
        return None
