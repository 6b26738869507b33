"""Which events are over before a day, as far as a listing tells."""

from __future__ import annotations

from datetime import date, timedelta

from ..transport.elements import Element, Property, Wanted, text_of
from ..transport.timestamps import instant

_LAST_OCCURRENCE = Property("SystemTime", known_set="Appointment", number=0x8236)
"""PidLidClipEnd: of a series the last day, far away when it has no end ([MS-OXOCAL])."""

WANTED: tuple[Wanted, ...] = ("calendar:End", "calendar:CalendarItemType", _LAST_OCCURRENCE)
_A_DAY = timedelta(days=1)
"""Whatever zone the days are in."""


def is_over(item: Element, since: date) -> bool:
    """Whether an event ends, or last recurs, before that day; not when nothing tells."""
    kind = text_of(item, "CalendarItemType")
    if kind == "RecurringMaster":
        end = instant(_LAST_OCCURRENCE.read(item) or "")
    else:
        end = instant(text_of(item, "End")) if kind == "Single" else None
    return end is not None and (end + _A_DAY).date() < since
