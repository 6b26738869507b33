"""INTERNALDATE, with its zone kept (RFC 3501 date-time)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from functools import lru_cache

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBER = {name: index for index, name in enumerate(_MONTHS, 1)}
_DATE = re.compile(
    r"\s*(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d{2}):(\d{2}):(\d{2})(?: ([+-])(\d{2})(\d{2}))?\s*\Z"
)


@lru_cache(maxsize=200)
def _zone(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes))


def parse(text: str) -> datetime | None:
    """An INTERNALDATE with its zone; None for impossible ones (`00-Jan-0000`, second 60...)."""
    found = _DATE.match(text)
    if found is None:
        return None
    day, month, year, hour, minute, second, sign, zone_hours, zone_minutes = found.groups()
    offset = int(zone_hours or 0) * 60 + int(zone_minutes or 0)
    try:
        return datetime(
            int(year),
            _NUMBER[month.lower()],
            int(day),
            int(hour),
            int(minute),
            int(second),
            tzinfo=_zone(-offset if sign == "-" else offset),
        )
    except (ValueError, KeyError):
        return None


def write(moment: datetime) -> bytes:
    """A date-time for APPEND."""
    offset = moment.utcoffset() or timedelta()
    minutes = int(offset.total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    month = _MONTHS[moment.month - 1].capitalize()
    return (
        f'"{moment.day:02d}-{month}-{moment.year:04d} '
        f'{moment:%H:%M:%S} {sign}{hours:02d}{rest:02d}"'
    ).encode()
