"""When changed and deleted occurrences were to be, where a server leaves out the dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from exchangelib.recurrence import DeletedOccurrence

from .event_reading import zone_of
from .recurrence_blob import Exceptions


def lacks_dates(series: Any, changed: Sequence[Any]) -> bool:
    """Whether a date is missing that the series cannot be understood without."""
    gone = series.deleted_occurrences or ()
    return any(one.start is None for one in gone) or not all(map(is_dated, changed))


def is_dated(changed: Any) -> bool:
    """Whether the changed occurrence tells which one it is."""
    return bool(changed.original_start or changed.recurrence_id)


def fill_dates(series: Any, changed: Sequence[Any], told: Exceptions) -> None:
    """Set the dates that are missing by what the series itself has of them."""
    zone = zone_of(series)
    hour = _local(series.start, zone).time()
    series.deleted_occurrences = [
        DeletedOccurrence(start=datetime.combine(day, hour, zone)) for day in told.deleted
    ]
    originals = dict(told.changed)
    for one in changed:
        found = originals.get(_local(one.start, zone))
        if found is not None and not is_dated(one):
            one.original_start = found.replace(tzinfo=zone)


def _local(moment: date, zone: ZoneInfo) -> datetime:
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time())
    return moment.astimezone(zone).replace(tzinfo=None)
