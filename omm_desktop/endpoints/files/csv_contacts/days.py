"""Days as programs write them into files of contacts, in the order of the computer's language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from ...convert.card.person import NO_YEAR

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_NO_YEAR = re.compile(r"--(\d{2})-?(\d{2})")
_LOCAL = re.compile(r"(\d{1,2})([-/. ]+)(\d{1,2})[-/. ]+(\d{4}|\d{2})(?:[, ].*)?")
_MONTHS = 12
_CENTURY = 30
"""Years of two digits up to this one are of this century."""


def day_first(texts: Iterable[str], *, usual: bool) -> bool:
    """Whether days stand before months in these texts; `usual` where none of them tells."""
    for text in texts:
        found = _LOCAL.fullmatch(text)
        if found is not None and int(found[1]) > _MONTHS:
            return True
        if found is not None and int(found[3]) > _MONTHS:
            return False
    return usual


def read_day(text: str, *, days_first: bool) -> date | None:
    """The day, None when there is none; without a year it has `NO_YEAR`."""
    if found := _ISO.fullmatch(text):
        return _date(found[1], found[2], found[3])
    if found := _NO_YEAR.fullmatch(text):
        return _date(str(NO_YEAR), found[1], found[2])
    if found := _LOCAL.fullmatch(text):
        first, between, second, year = found.groups()
        day, month = (first, second) if days_first or "." in between else (second, first)
        return _date(year, month, day)
    return None


def _date(year: str, month: str, day: str) -> date | None:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number <= _CENTURY else 1900
    try:
        return date(number, int(month), int(day))
    except ValueError:
        return None
