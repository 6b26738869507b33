"""Moments as XML and extended properties have them, in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_ZONED = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?\Z")


def instant(text: str) -> datetime | None:
    """An xs:dateTime, in UTC where it names no zone; fractions of any length are cut."""
    found = _ZONED.match(text.strip())
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat(found[1] + (found[2] or "Z"))
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def written(moment: datetime) -> str | None:
    """The value of a SystemTime; None before 1601, where its count begins."""
    try:
        utc = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return f"{utc:%Y-%m-%dT%H:%M:%S}Z" if utc.year >= 1601 else None
