"""A series is at the instants of Outlook, whatever its pattern."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from struct import pack

from hypothesis import given, settings
from hypothesis import strategies as st

from omm_desktop.endpoints.outlook_file.zones import RuleZone
from omm_desktop.endpoints.pst.organizer.recurrence import appointment_recurrence
from tests.items.calendars import instants
from tests.pst.recurrences import BY_COUNT, BY_DATE, DAILY, MONTHLY, NEVER, WEEKLY, YEARLY, blob

from .appointments import ZONES, appointment, event, zone

HORIZON = timedelta(days=2 * 366)


def _occurs(
    day: date, first: date, frequency: int, pattern: int, period: int, special: tuple[int, ...]
) -> bool:
    """Whether a series of Outlook has that day, by [MS-OXOCAL] 2.2.1.44.1 alone."""
    if pattern == 0:
        return (day - first).days % (period // 1440) == 0
    weekday = (day.weekday() + 1) % 7
    if pattern == 1:
        weeks = [one - timedelta(days=one.weekday()) for one in (first, day)]
        return bool(special[0] >> weekday & 1) and (weeks[1] - weeks[0]).days // 7 % period == 0
    months = (day.year - first.year) * 12 + day.month - first.month
    if months % period:
        return False
    length = calendar.monthrange(day.year, day.month)[1]
    if pattern in (2, 4):
        return day.day == min(special[0], length)
    fitting = [
        one
        for one in range(1, length + 1)
        if special[0] >> (date(day.year, day.month, one).weekday() + 1) % 7 & 1
    ]
    nth = special[1]
    wanted = fitting[-1] if nth == 5 else fitting[nth - 1] if nth <= len(fitting) else 0
    return day.day == wanted


def _days(first: date, until: date, *pattern: object) -> Iterator[date]:
    day = first
    while day <= until:
        if _occurs(day, first, *pattern):  # type: ignore[arg-type]
            yield day
        day += timedelta(days=1)


MASKS = st.integers(1, 127)
PATTERNS = st.one_of(
    st.tuples(st.just(DAILY), st.just(0), st.integers(1, 40).map(lambda n: n * 1440), st.just(())),
    st.tuples(st.just(WEEKLY), st.just(1), st.integers(1, 5), st.tuples(MASKS)),
    st.tuples(st.just(MONTHLY), st.just(2), st.integers(1, 7), st.tuples(st.integers(1, 31))),
    st.tuples(st.just(MONTHLY), st.just(3), st.integers(1, 7), st.tuples(MASKS, st.integers(1, 5))),
    st.tuples(st.just(YEARLY), st.just(2), st.just(12), st.tuples(st.integers(1, 31))),
    st.tuples(st.just(YEARLY), st.just(3), st.just(12), st.tuples(MASKS, st.integers(1, 5))),
)


@settings(max_examples=60, deadline=None)
@given(
    PATTERNS,
    st.dates(date(2009, 1, 1), date(2035, 12, 31)),
    st.sampled_from(sorted(ZONES)),
    st.sampled_from([0, 90, 540, 1410]),
    st.none() | st.integers(1, 30),
    st.none() | st.integers(0, 700),
    st.data(),
)
def test_a_series_is_at_the_instants_of_outlook(
    pattern: tuple[int, int, int, tuple[int, ...]],
    first: date,
    name: str,
    start: int,
    count: int | None,
    length: int | None,
    data: st.DataObject,
) -> None:
    days = list(_days(first, first + HORIZON, *pattern))
    if not days:
        return
    until = first + HORIZON
    end = (NEVER, 10, datetime(4500, 8, 31))
    if count is not None and count <= len(days):
        days = days[:count]
        end = (BY_COUNT, count, datetime.combine(days[-1], datetime.min.time()))
    elif length is not None:
        until = first + timedelta(days=length)
        days = [day for day in days if day <= until]
        end = (BY_DATE, 10, datetime.combine(until, datetime.min.time()))
    if not days:
        return
    gone = data.draw(st.lists(st.sampled_from(days), max_size=3, unique=True))
    frequency, kind, period, special = pattern
    written = blob(
        frequency,
        kind,
        period,
        *special,
        start=datetime.combine(days[0], datetime.min.time()),
        end=end,
        removed=[datetime.combine(day, datetime.min.time()) for day in gone],
    )
    series = appointment_recurrence(
        written + pack("<IIIIHI", 0x3006, 0x3009, start, start + 45, 0, 0), "cp1252"
    )
    told = zone(name)
    own = RuleZone(told)
    starts = [
        (datetime.combine(day, datetime.min.time()) + timedelta(minutes=start)).replace(tzinfo=own)
        for day in days
    ]
    found = event(appointment(told, series=series, start=starts[0].astimezone(UTC)))
    last = datetime.combine(until, datetime.max.time(), UTC) - timedelta(days=2)
    expected = [
        one.astimezone(UTC)
        for one, day in zip(starts, days, strict=True)
        if day not in gone and one.astimezone(UTC) <= last
    ]
    assert [one for one in instants(found, last) if one <= last] == expected
