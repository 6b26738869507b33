"""Days as vCards write them."""

from __future__ import annotations

import re
from datetime import date

from .person import NO_YEAR

_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ].*)?")
_NO_YEAR = re.compile(r"--(\d\d)-?(\d\d)(?:[T ].*)?")


def read_day(text: str) -> date | None:
    """The day, None when it is not one; without a year in the year `NO_YEAR`."""
    found = _DAY.fullmatch(text.strip())
    parts = found.groups() if found else None
    if parts is None and (found := _NO_YEAR.fullmatch(text.strip())):
        parts = (str(NO_YEAR), *found.groups())
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def write_day(day: date) -> str:
    """RFC 2426's extended form; `--04-15` (ISO 8601:2000) without a year."""
    return f"--{day:%m-%d}" if day.year == NO_YEAR else day.isoformat()
