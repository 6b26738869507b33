"""Rules after the first, and changes of all that follow: the dates that others find, too."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from omm_desktop.endpoints.convert.calendar.read import read_event
from omm_desktop.endpoints.convert.calendar.values import Event

from .calendars import calendar, event, instants

UNTIL = datetime(2040, 1, 1, tzinfo=UTC)
PARIS = "DTSTART;TZID=Europe/Paris:20240325T100000"


def series(*lines: str, change: tuple[str, ...]) -> Event:
    whole = calendar(*lines).replace(b"END:VCALENDAR\r\n", b"")
    other = calendar(*change).partition(b"VERSION:2.0\r\n")[2]
    found = read_event(whole + other)
    assert found is not None
    return found


def days(found: Event) -> list[str]:
    return [f"{one:%m%d %H%M}" for one in instants(found, UNTIL)]


def test_a_second_rule_adds_its_dates() -> None:
    found = event(
        "DTSTART:20240101T100000Z",
        "RRULE:FREQ=WEEKLY;COUNT=3",
        "RRULE:FREQ=MONTHLY;COUNT=3",
        "RRULE:FREQ=DAILY;UNTIL=20240102",
    )
    expected = ("0101", "0102", "0108", "0115", "0201", "0301")
    assert days(found) == [f"{day} 1000" for day in expected]
    assert found.rest == ()


def test_clocks_that_change_keep_the_hour_of_a_second_rule() -> None:
    found = event(PARIS, "RRULE:FREQ=DAILY;COUNT=2", "RRULE:FREQ=WEEKLY;UNTIL=20240408T080000Z")
    assert days(found) == ["0325 0900", "0326 0900", "0401 0800", "0408 0800"]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY",
        "FREQ=DAILY;COUNT=251",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1",
        "FREQ=DAILY;INTERVAL=0;COUNT=3",
        "FREQ=DAILY;COUNT=x",
        "COUNT=3",
        "FREQ=DAILY;UNTIL=never",
    ],
)
def test_a_second_rule_that_is_not_counted_stays_to_be_told(rule: str) -> None:
    found = event("DTSTART:20240101T100000Z", "RRULE:FREQ=WEEKLY;COUNT=3", f"RRULE:{rule}")
    assert [(line.name, line.value) for line in found.rest] == [("RRULE", rule)]
    assert len(days(found)) == 3


@pytest.mark.timeout(60)
def test_a_rule_that_never_occurs_adds_nothing() -> None:
    never = "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=1"
    assert event("DTSTART:20240101T100000Z", "RRULE:FREQ=DAILY;COUNT=2", never).added == ()


def test_a_change_of_all_that_follow() -> None:
    found = series(
        PARIS,
        "RRULE:FREQ=DAILY;COUNT=9",
        "EXDATE;TZID=Europe/Paris:20240330T100000",
        change=(
            "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Paris:20240328T100000",
            "DTSTART;TZID=Europe/Paris:20240328T120000",
            "DTEND;TZID=Europe/Paris:20240328T123000",
            "SUMMARY:later",
        ),
    )
    assert days(found) == [
        *("0325 0900", "0326 0900", "0327 0900", "0328 1100", "0329 1100"),
        *("0331 1000", "0401 1000", "0402 1000"),
    ]
    assert {one.summary for one in found.changed} == {"later"}
    lengths = {one.end - one.start for one in found.changed}
    assert len(lengths) == 1
    assert all(one.rest == () for one in found.changed)


def test_whole_days_that_all_move() -> None:
    found = series(
        "DTSTART;VALUE=DATE:20240101",
        "RRULE:FREQ=WEEKLY;COUNT=3",
        change=(
            "RECURRENCE-ID;VALUE=DATE;RANGE=THISANDFUTURE:20240108",
            "DTSTART;VALUE=DATE:20240109",
        ),
    )
    assert [one.start.isoformat() for one in found.changed] == ["2024-01-09", "2024-01-16"]


def test_without_an_end_the_change_is_one_of_that_occurrence_and_told() -> None:
    found = series(
        "DTSTART:20240101T100000Z",
        "RRULE:FREQ=WEEKLY",
        change=("RECURRENCE-ID;RANGE=THISANDFUTURE:20240108T100000Z", "DTSTART:20240108T120000Z"),
    )
    (changed,) = found.changed
    assert [line.name for line in changed.rest] == ["RECURRENCE-ID"]


@pytest.mark.parametrize(
    ("start", "zone"),
    [("00010101T000000", "Europe/Paris"), ("99991230T230000", "America/New_York")],
)
def test_at_the_ends_of_time(start: str, zone: str) -> None:
    found = series(
        f"DTSTART;TZID={zone}:{start}",
        "RRULE:FREQ=DAILY;COUNT=2",
        change=(
            f"RECURRENCE-ID;RANGE=THISANDFUTURE;TZID={zone}:{start}",
            f"DTSTART;TZID={zone}:{start}",
            "DTEND:99991231T235900Z",
        ),
    )
    assert found.changed
