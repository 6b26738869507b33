"""Calendar files cut, read and written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar

from omm_desktop.endpoints.convert.calendar.over import over_before
from omm_desktop.endpoints.convert.calendar.read import read_event, read_task
from omm_desktop.endpoints.convert.calendar.split import split_calendar
from omm_desktop.endpoints.convert.calendar.values import (
    AttachedFile,
    Event,
    Participant,
    Role,
    Task,
)
from omm_desktop.endpoints.convert.calendar.versit import modern_rule
from omm_desktop.endpoints.convert.calendar.write import write_event, write_task
from omm_desktop.endpoints.convert.calendar.zones import named_zone

from .calendars import calendar, event

PARIS = ZoneInfo("Europe/Paris")


def test_every_event_and_task_of_the_collection_is_found(
    calendar_files: list[tuple[str, bytes]],
) -> None:
    kinds: dict[str, int] = {}
    for _, data in calendar_files:
        for one in split_calendar(data):
            kinds[one.kind] = kinds.get(one.kind, 0) + 1
    assert (kinds["event"], kinds["task"]) == (8628, 53)


def test_every_object_of_the_collection_is_one_calendar(
    calendar_files: list[tuple[str, bytes]],
) -> None:
    """Cut again, an object is itself: nothing is lost by cutting."""
    for name, data in calendar_files:
        for one in list(split_calendar(data))[:20]:
            assert list(split_calendar(one.data)) == [one], name


def test_an_object_has_all_of_its_uid_and_the_zones_it_needs() -> None:
    zone = ["BEGIN:VTIMEZONE", "TZID:Here", "END:VTIMEZONE"]
    other = ["BEGIN:VTIMEZONE", "TZID:There", "END:VTIMEZONE"]
    first = ["BEGIN:VEVENT", "UID:a", "DTSTART;TZID=Here:20240101T100000", "END:VEVENT"]
    second = ["BEGIN:VEVENT", "UID:b", "DTSTART:20240101T100000Z", "END:VEVENT"]
    again = ["BEGIN:VEVENT", "UID:a", "RECURRENCE-ID:20240102T100000Z", "END:VEVENT"]
    lines = ["BEGIN:VCALENDAR", *zone, *other, *first, *second, *again, "END:VCALENDAR"]
    one, two = split_calendar("\n".join(lines).encode())
    assert (one.uid, two.uid) == ("a", "b")
    assert one.data.count(b"BEGIN:VEVENT") == 2
    assert (b"TZID:Here" in one.data, b"TZID:There" in one.data) == (True, False)
    assert b"VTIMEZONE" not in two.data


def test_one_uid_for_different_events_loses_none() -> None:
    parts = [
        *("BEGIN:VEVENT", "UID:a", "DTSTART:20240101", "SUMMARY:one", "END:VEVENT"),
        *("BEGIN:VEVENT", "UID:a", "DTSTART:20240201", "SUMMARY:two", "END:VEVENT"),
        *("BEGIN:VEVENT", "UID:a", "DTSTART:20240101", "SUMMARY:one", "LOCATION:x", "END:VEVENT"),
    ]
    lines = ["BEGIN:VCALENDAR", *parts, "END:VCALENDAR"]
    found = [read_event(one.data) for one in split_calendar("\n".join(lines).encode())]
    assert [(one.uid, one.summary, one.location) for one in found if one is not None] == [
        ("a", "one", "x"),
        ("a-2", "two", ""),
    ]


def test_a_newer_version_of_an_event_replaces_the_older_ones() -> None:
    old = ["UID:a", "DTSTART:20240101", "SUMMARY:old", "SEQUENCE:1"]
    new = ["UID:a", "DTSTART:20240102", "SUMMARY:new", "SEQUENCE:2", "EXDATE:20240103"]
    gone = ["UID:a", "RECURRENCE-ID:20240103", "SUMMARY:gone", "SEQUENCE:1"]
    kept = ["UID:a", "RECURRENCE-ID:20240104", "SUMMARY:kept", "SEQUENCE:1"]
    parts = [("BEGIN:VEVENT", *one, "END:VEVENT") for one in (new, old, gone, kept)]
    lines = [line for part in parts for line in part]
    data = "\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR"]).encode()
    (one,) = split_calendar(data)
    found = read_event(one.data)
    assert found is not None
    assert (found.summary, [changed.summary for changed in found.changed]) == ("new", ["kept"])


def test_of_an_occurrence_changed_twice_the_newest_version_counts() -> None:
    series = ["DTSTART:20240101T100000Z", "RRULE:FREQ=DAILY;COUNT=3", "SEQUENCE:0"]
    newer = ["RECURRENCE-ID:20240102T100000Z", "DTSTART:20240102T140000Z", "SEQUENCE:3"]
    older = ["RECURRENCE-ID:20240102T100000Z", "DTSTART:20240102T110000Z", "SEQUENCE:1"]
    parts = [("BEGIN:VEVENT", "UID:a", *one, "END:VEVENT") for one in (series, newer, older)]
    lines = [line for part in parts for line in part]
    (one,) = split_calendar("\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR"]).encode())
    found = read_event(one.data)
    assert found is not None
    assert [changed.start for changed in found.changed] == [datetime(2024, 1, 2, 14, tzinfo=UTC)]


def test_a_time_without_a_zone_is_in_that_of_its_calendar() -> None:
    inner = ["DTSTART:20240101T100000", "RDATE:20240102T100000Z", "EXDATE:20240103T100000"]
    given = ["X-WR-TIMEZONE:Pacific Standard Time", "BEGIN:VEVENT", "UID:a", *inner, "END:VEVENT"]
    (one,) = split_calendar("\n".join(["BEGIN:VCALENDAR", *given, "END:VCALENDAR"]).encode())
    found = read_event(one.data)
    assert found is not None
    there = ZoneInfo("America/Los_Angeles")
    assert found.start == datetime(2024, 1, 1, 10, tzinfo=there)
    assert found.added == (datetime(2024, 1, 2, 10, tzinfo=UTC),)
    assert found.left_out == (datetime(2024, 1, 3, 10, tzinfo=there),)


@pytest.mark.parametrize(
    "lines",
    [
        ["DTSTART:99991231T235959Z", "DURATION:P2D"],
        ["DTSTART;VALUE=DATE:99991231"],
        ["DTSTART:20240101T000000Z", "DURATION:PT99999999999999H"],
        ["DTSTART:00010101T000000Z", "BEGIN:VALARM", "TRIGGER:-P2D", "END:VALARM"],
        ["DTSTART;CHARSET=undefined:20240101T000000Z", "PRIORITY:" + "9" * 5000],
    ],
)
def test_what_is_beyond_all_bounds_costs_itself_alone(lines: list[str]) -> None:
    read = event(*lines, "SUMMARY:x")
    assert (read.summary, read.importance) == ("x", "")
    (task,) = split_calendar(calendar("DUE:99991231T000000Z", *lines[1:], kind="VTODO"))
    assert read_task(task.data) is not None
    assert not over_before(write_event(read), date(2024, 1, 1)) or read.start.year == 1


def test_a_sign_cut_in_two_leaves_the_others_what_they_are() -> None:
    (one,) = split_calendar(
        calendar("DTSTART:20240101", "SUMMARY:x").replace(b":x", ":日本é".encode()[:-1])
    )
    assert "日本".encode() in one.data


def test_digits_that_are_no_numbers_are_no_numbers() -> None:
    read = event("DTSTART:20240101T100000Z", "PRIORITY:¹", "SUMMARY:x")
    assert (read.summary, read.importance) == ("x", "")


def test_one_bad_component_loses_no_other() -> None:
    data = (
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:nonsense\n:::\n"
        b"BEGIN:VEVENT\nUID:b\nDTSTART:20240101\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    bad, good = split_calendar(data)
    assert read_event(bad.data) is None
    read = read_event(good.data)
    assert read is not None
    assert read.start == date(2024, 1, 1)


def test_a_bad_property_costs_itself_alone() -> None:
    read = event("DTSTART:20240101T100000Z", "DTEND:tomorrow", "SUMMARY:x", "GEO:north")
    assert (read.summary, read.end) == ("x", read.start)
    assert {(line.name, line.value) for line in read.rest} == {
        ("DTEND", "tomorrow"),
        ("GEO", "north"),
    }


@given(st.binary(max_size=400))
@example("¹²³⁴".encode())
def test_no_bytes_raise(data: bytes) -> None:
    for kind in (b"VEVENT", b"VTODO"):
        for one in split_calendar(b"BEGIN:VCALENDAR\nBEGIN:" + kind + b"\nDTSTART:" + data):
            read_event(one.data)
            read_task(one.data)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Europe/Paris", "Europe/Paris"),
        ("europe/paris", "Europe/Paris"),
        ("Romance Standard Time", "Europe/Paris"),
        ("/mozilla.org/20070129_1/Europe/Berlin", "Europe/Berlin"),
        ("US-Eastern", "US/Eastern"),
        ("America_New_York", "America/New_York"),
    ],
)
def test_names_of_zones(name: str, key: str) -> None:
    zone = named_zone(name)
    assert zone is not None
    assert zone.key == key


def test_a_zone_is_known_by_its_hours() -> None:
    lines = [
        *("BEGIN:VCALENDAR", "BEGIN:VTIMEZONE", "TZID:Customized"),
        *("BEGIN:STANDARD", "DTSTART:16010101T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100"),
        *("RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "END:STANDARD"),
        *("BEGIN:DAYLIGHT", "DTSTART:16010101T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200"),
        *("RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "END:DAYLIGHT", "END:VTIMEZONE"),
        *("BEGIN:VEVENT", "DTSTART;TZID=Customized:20240701T100000", "END:VEVENT"),
        "END:VCALENDAR",
    ]
    (one,) = split_calendar("\r\n".join(lines).encode())
    read = read_event(one.data)
    assert read is not None
    assert isinstance(read.start, datetime)
    assert isinstance(read.start.tzinfo, ZoneInfo)
    assert read.start.astimezone(UTC) == datetime(2024, 7, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("alarm", "minutes"),
    [
        ("TRIGGER:-PT15M", 15),
        ("TRIGGER;RELATED=END:-PT90M", 30),
        ("TRIGGER;VALUE=DATE-TIME:20240101T084500Z", 15),
        ("TRIGGER:PT0S", 0),
        ("TRIGGER:PT10M", None),
        ("TRIGGER:-PT30S", None),
    ],
)
def test_reminders(alarm: str, minutes: int | None) -> None:
    read = event(
        "DTSTART;TZID=Europe/Paris:20240101T100000",
        "DTEND;TZID=Europe/Paris:20240101T110000",
        *("BEGIN:VALARM", "ACTION:DISPLAY", alarm, "END:VALARM"),
    )
    assert read.reminder == minutes
    assert [line.name for line in read.rest] == ([] if minutes is not None else ["VALARM"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("D1 #10", "FREQ=DAILY;INTERVAL=1;COUNT=10"),
        ("D1 #0", "FREQ=DAILY;INTERVAL=1"),
        ("W2 TU TH #27", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;COUNT=27"),
        ("MP3 2- FR #17", "FREQ=MONTHLY;INTERVAL=3;BYDAY=-2FR;COUNT=17"),
        ("MP6 1+ MO TU 1- FR #3", "FREQ=MONTHLY;INTERVAL=6;BYDAY=1MO,1TU,-1FR;COUNT=3"),
        ("MD3 20 20060630T000000", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=20;UNTIL=20060630T000000"),
        ("YM2 5 #13", "FREQ=YEARLY;INTERVAL=2;BYMONTH=5;COUNT=13"),
        ("YM1", "FREQ=YEARLY;INTERVAL=1;COUNT=2"),
        ("FREQ=DAILY", None),
        ("D1 #" + "9" * 5000, None),
    ],
)
def test_rules_of_vcalendar(old: str, new: str | None) -> None:
    assert modern_rule(old) == new


EVENT = Event(
    uid="uid-1",
    summary="Répétition, générale; peut-être",
    description="one\ntwo",
    categories=("Chœur", "a,b"),
    privacy="private",
    importance="high",
    rule="FREQ=WEEKLY;COUNT=5;BYDAY=WE",
    files=(AttachedFile("a.txt", b"text", "text/plain"),),
    start=datetime(2024, 3, 20, 9, tzinfo=PARIS),
    end=datetime(2024, 3, 20, 10, tzinfo=PARIS),
    location="Salle 3",
    busy="oof",
    reminder=15,
    organizer=Participant("bob@x.test", "Bob"),
    participants=(
        Participant("ann@x.test", "Ann", Role.REQUIRED, "ACCEPTED"),
        Participant("cleo@x.test", "", Role.OPTIONAL),
        Participant("room@x.test", "Room", Role.RESOURCE),
    ),
    left_out=(datetime(2024, 3, 27, 9, tzinfo=PARIS),),
    changed=(
        Event(
            uid="uid-1",
            summary="later",
            start=datetime(2024, 4, 3, 14, tzinfo=PARIS),
            end=datetime(2024, 4, 3, 15, tzinfo=PARIS),
            original=datetime(2024, 4, 3, 9, tzinfo=PARIS),
        ),
    ),
)
TASK = Task(
    uid="uid-2",
    summary="Ranger",
    description="tout",
    categories=("Maison",),
    importance="low",
    start=date(2024, 3, 1),
    due=date(2024, 3, 8),
    percent=40,
    status="in-process",
    reminder=datetime(2024, 3, 7, 8, tzinfo=UTC),
    rule="FREQ=MONTHLY;BYMONTHDAY=1",
)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"start": date(2024, 3, 20), "end": date(2024, 3, 22), "left_out": (), "changed": ()},
        {"html": "<p>one</p>", "reminder": None, "busy": "free"},
    ],
)
def test_an_event_written_reads_the_same(change: dict[str, object]) -> None:
    held = replace(EVENT, **change)
    assert read_event(write_event(held)) == held


def test_a_task_written_reads_the_same() -> None:
    assert read_task(write_task(TASK)) == TASK


def test_what_is_written_is_a_calendar_with_its_zones() -> None:
    written = Calendar.from_ical(write_event(EVENT))
    assert [str(zone["TZID"]) for zone in written.walk("VTIMEZONE")] == ["Europe/Paris"]
    assert not [error for part in written.walk() for error in part.errors]


def test_the_same_event_is_the_same_bytes() -> None:
    assert write_event(EVENT) == write_event(replace(EVENT))


def test_lines_are_folded_within_no_character() -> None:
    (one,) = split_calendar(calendar("DTSTART:20240101", "SUMMARY:" + "é" * 200))
    assert max(map(len, one.data.split(b"\r\n"))) <= 75
    read = read_event(one.data)
    assert read is not None
    assert read.summary == "é" * 200
