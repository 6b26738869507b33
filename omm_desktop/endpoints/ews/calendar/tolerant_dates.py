"""Dates as some servers write them: exchangelib reads `2025-03-03T00:00:00.000000Z` as None."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from exchangelib import EWSDate, Task
from exchangelib.fields import DateOrDateTimeField, DateTimeBackedDateField
from exchangelib.recurrence import EndDatePattern, NoEndPattern, NumberedPattern

_FRACTION = re.compile(r"\.\d+")


def day_of(text: str) -> EWSDate | None:
    """The day of `xs:date` or `xs:dateTime`; an instant in UTC is midnight somewhere."""
    try:
        moment = datetime.fromisoformat(_FRACTION.sub("", text))
    except ValueError:
        return _leading_day(text)
    if text.endswith("Z") and "T" in text:
        moment += timedelta(hours=12)
    return EWSDate(moment.year, moment.month, moment.day)


def _leading_day(text: str) -> EWSDate | None:
    """`2025-03-03Z`, `2025-03-03+01:00`."""
    try:
        return EWSDate.from_date(datetime.fromisoformat(text[:10]).date())
    except ValueError:
        return None


class _BackedDate(DateTimeBackedDateField):  # type: ignore[misc]
    def from_xml(self, elem: Any, account: Any) -> EWSDate | None:
        text = self._get_val_from_elem(elem)
        return None if text is None else day_of(text)


class _BoundaryDate(DateOrDateTimeField):  # type: ignore[misc]
    def from_xml(self, elem: Any, account: Any) -> EWSDate | None:
        text = self._get_val_from_elem(elem)
        return None if text is None else day_of(text)


def _replace(kind: type, name: str, field: type) -> None:
    fields = kind.FIELDS  # type: ignore[attr-defined]
    place = fields.index_by_name(name)
    before = fields[place]
    after = field(name=name, field_uri=before.field_uri, is_required=before.is_required)
    fields.remove(before)
    fields.insert(place, after)


def put_in_place() -> None:
    """Replace the fields of exchangelib that read dates of tasks and recurrences."""
    boundaries = ((NoEndPattern, "start"), (EndDatePattern, "start"), (EndDatePattern, "end"))
    for kind, name in (*boundaries, (NumberedPattern, "start")):
        _replace(kind, name, _BoundaryDate)
    for name in ("start_date", "due_date"):
        _replace(Task, name, _BackedDate)
