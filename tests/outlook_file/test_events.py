"""Appointments become events at the same instants, and tasks tasks."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from struct import pack
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omm_desktop.endpoints.convert.calendar.read import read_event, read_task
from omm_desktop.endpoints.convert.calendar.values import AttachedFile, Event, Participant, Role
from omm_desktop.endpoints.convert.payload import whole
from omm_desktop.endpoints.outlook_file.events import calendar_of
from omm_desktop.endpoints.outlook_file.plain import plain
from omm_desktop.endpoints.outlook_file.unplaced import Unplaced
from omm_desktop.endpoints.outlook_file.zones import RuleZone
from omm_desktop.endpoints.pst.messaging.recipient import Person
from omm_desktop.endpoints.pst.organizer.appointment import (
    Appointment,
    Attendee,
    DifferingOccurrence,
)
from omm_desktop.endpoints.pst.organizer.recurrence import (
    Changed,
    ChangedOccurrence,
    appointment_recurrence,
)
from omm_desktop.endpoints.pst.organizer.time_zone import Change as ZoneChange
from omm_desktop.endpoints.pst.organizer.time_zone import TimeZone, ZoneRule
from omm_desktop.model.items import ItemKind
from omm_desktop.model.problem import ProblemId
from tests.items.calendars import instants
from tests.pst.outlook import (
    Attached,
    Box,
    Letter,
    Outlook,
    Properties,
    binary,
    flag,
    number,
    text,
    time,
)
from tests.pst.recurrences import (
    BY_COUNT,
    BY_DATE,
    DAILY,
    MONTHLY,
    NEVER,
    WEEKLY,
    YEARLY,
    blob,
    minutes,
    ticks,
    zone_definition,
)

from .everything import Read, opened, read_all, read_file

APPOINTMENT, TASK, COMMON = "00062002", "00062003", "00062008"
MEETING = "6ed8da90-450b-101b-98da-00aa003f1305"
PARIS = ZoneInfo("Europe/Paris")
HORIZON = timedelta(days=2 * 366)
ZONES = {
    "Romance Standard Time": (60, (10, 0, 5, 3), (3, 0, 5, 2)),
    "Pacific Standard Time": (-480, (11, 0, 1, 2), (3, 0, 2, 2)),
    "AUS Eastern Standard Time": (600, (4, 0, 1, 3), (10, 0, 1, 2)),
    "India Standard Time": (330, None, None),
    "Somewhere of one's own": (150, (9, 6, 2, 4), (4, 2, 3, 1)),
}
"""Offset in minutes; month, weekday, nth and hour of winter's and summer's beginning."""


def zone(name: str) -> TimeZone:
    offset, winter, summer = ZONES[name]
    changes = [
        ZoneChange(0, one[0], one[1], one[2], one[3], 0, 0) if one else None
        for one in (winter, summer)
    ]
    standard = timedelta(minutes=offset)
    saved = timedelta(hours=1 if winter else 0)
    rule = ZoneRule(0, standard, standard + saved, *changes)
    return TimeZone(name, (rule,), rule)


def appointment(told: TimeZone | None = None, **fields: object) -> Appointment:
    plain = Appointment(
        uid="one",
        subject="",
        location="",
        description="",
        start=datetime(2024, 1, 31, 8, tzinfo=UTC),
        end=datetime(2024, 1, 31, 9, tzinfo=UTC),
        all_day=False,
        busy=2,
        is_meeting=False,
        is_cancelled=False,
        is_private=False,
        importance=1,
        sequence=0,
        response=0,
        reminder_minutes=None,
        categories=[],
        organizer=None,
        attendees=[],
        zone=told,
        end_zone=None,
        series=None,
        exceptions=[],
        problems=[],
    )
    return replace(plain, **fields)  # type: ignore[arg-type]


def event(found: Appointment) -> Event:
    read = read_event(calendar_of(found, "one", (), Unplaced()))
    assert read is not None
    return read


# -- when ----------------------------------------------------------------------------------


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


def _changed_series() -> bytes:
    """Fridays at 9:00; one occurrence gone, one moved, one for the whole day."""
    gone, moved, whole_day = (datetime(2020, 2, day) for day in (7, 14, 21))
    data = blob(WEEKLY, 1, 1, 0b0100000, removed=[gone, moved, whole_day], moved=[moved, whole_day])
    data += pack("<IIIIH", 0x3006, 0x3008, 540, 570, 2)
    new = datetime(2020, 2, 14, 11)
    flags = Changed.SUBJECT | Changed.BUSY
    data += pack("<IIIH", minutes(new), minutes(new) + 60, minutes(moved) + 540, flags)
    data += pack("<HH", 4, 3) + b"New" + pack("<I", 3)
    flags = Changed.SUBTYPE | Changed.REMINDER
    data += pack("<III", minutes(whole_day), minutes(whole_day) + 1440, minutes(whole_day) + 540)
    data += pack("<HII", flags, 0, 1)
    data += pack("<I", 0)
    times = [minutes(new), minutes(new) + 60, minutes(moved) + 540]
    data += pack("<I", 0) + pack("<III", *times) + pack("<H", 3) + "Néo".encode("utf-16-le")
    return data + pack("<I", 0) + pack("<I", 0) + pack("<I", 0)


def test_changed_occurrences_are_changed_in_the_event() -> None:
    series = appointment_recurrence(_changed_series(), "cp1252")
    found = event(
        appointment(
            zone("Romance Standard Time"),
            series=series,
            subject="Weekly",
            reminder_minutes=10,
            start=datetime(2020, 1, 31, 8, tzinfo=UTC),
            exceptions=[_differing(one) for one in series.changed],
        )
    )
    assert (found.rule, found.start) == (
        "FREQ=WEEKLY;BYDAY=FR",
        datetime(2020, 1, 31, 9, tzinfo=PARIS),
    )
    assert found.left_out == (datetime(2020, 2, 7, 9, tzinfo=PARIS),)
    moved, whole_day = sorted(found.changed, key=lambda one: str(one.original))
    assert (moved.original, moved.start, moved.end) == (
        datetime(2020, 2, 14, 9, tzinfo=PARIS),
        datetime(2020, 2, 14, 11, tzinfo=PARIS),
        datetime(2020, 2, 14, 12, tzinfo=PARIS),
    )
    assert (moved.summary, moved.busy, moved.reminder) == ("Néo", "oof", 10)
    assert (whole_day.start, whole_day.end) == (date(2020, 2, 21), date(2020, 2, 22))
    assert (whole_day.summary, whole_day.busy, whole_day.reminder) == ("Weekly", "busy", None)


def _differing(occurrence: ChangedOccurrence) -> DifferingOccurrence:
    return DifferingOccurrence(occurrence, None)


@pytest.mark.parametrize("name", sorted(ZONES))
def test_whole_days_are_the_days_of_where_it_was_made(name: str) -> None:
    own = RuleZone(zone(name))
    for month in range(1, 13):
        start = datetime(2024, month, 28, tzinfo=own).astimezone(UTC)
        end = datetime(2024, month, 29, tzinfo=own).astimezone(UTC)
        found = event(appointment(zone(name), start=start, end=end, all_day=True))
        assert (found.start, found.end) == (date(2024, month, 28), date(2024, month, 29))
        assert found.all_day


def test_a_yearly_day_without_end() -> None:
    written = blob(YEARLY, 2, 12, 29, start=datetime(2020, 2, 29))
    series = appointment_recurrence(
        written + pack("<IIIIHI", 0x3006, 0x3009, 0, 1440, 0, 0), "cp1252"
    )
    start = datetime(2020, 2, 28, 23, tzinfo=UTC)
    end = start + timedelta(days=1)
    told = zone("Romance Standard Time")
    found = event(appointment(told, series=series, start=start, end=end, all_day=True))
    assert (found.start, found.end) == (date(2020, 2, 29), date(2020, 3, 1))
    assert [one.date() for one in instants(found, datetime(2022, 12, 31, tzinfo=UTC), UTC)] == [  # type: ignore[arg-type]
        date(2020, 2, 29),
        date(2021, 2, 28),
        date(2022, 2, 28),
    ]


def test_a_zone_of_ones_own_is_written_with_its_rules() -> None:
    written = blob(DAILY, 0, 1440, start=datetime(2024, 4, 1))
    series = appointment_recurrence(
        written + pack("<IIIIHI", 0x3006, 0x3009, 540, 600, 0, 0), "cp1252"
    )
    told = zone("Somewhere of one's own")
    start = datetime(2024, 4, 1, 6, 30, tzinfo=UTC)
    data = calendar_of(appointment(told, series=series, start=start), "one", (), Unplaced())
    assert data.count(b"BEGIN:VTIMEZONE") == 1
    found = read_event(data)
    assert found is not None
    assert isinstance(found.start, datetime)
    assert found.start.astimezone(UTC) == start
    summer = found.start.replace(month=7)
    assert summer.utcoffset() == timedelta(hours=3, minutes=30)


def test_a_series_no_rule_can_say_is_told() -> None:
    """The Hijri calendar, and a weekly series on no day."""
    for written in (blob(MONTHLY, 0xA, 1, 15), blob(WEEKLY, 1, 1, 0)):
        series = appointment_recurrence(
            written + pack("<IIIIHI", 0x3006, 0x3009, 540, 600, 0, 0), "cp1252"
        )
        unplaced = Unplaced()
        found = read_event(calendar_of(appointment(series=series), "one", (), unplaced))
        assert found is not None
        assert (found.rule, found.start) == ("", datetime(2024, 1, 31, 8, tzinfo=UTC))
        assert [problem.id for problem in unplaced.remarks] == [ProblemId.ITEM_PARTLY_READ]


def test_a_series_without_a_zone_is_where_one_is() -> None:
    written = blob(DAILY, 0, 1440, end=(BY_DATE, 10, datetime(2020, 2, 3)))
    series = appointment_recurrence(
        written + pack("<IIIIHI", 0x3006, 0x3009, 540, 600, 0, 0), "cp1252"
    )
    found = event(appointment(series=series))
    assert (found.start, found.end) == (datetime(2020, 1, 31, 9), datetime(2020, 1, 31, 10))
    assert found.rule == "FREQ=DAILY;UNTIL=20200203T090000"


def test_people_without_an_address_stay_by_their_names() -> None:
    unplaced = Unplaced()
    people = [
        Attendee(Person("Bob", "bob@example.test"), 1, 3),
        Attendee(Person("Room", "room@example.test"), 3, 0),
        Attendee(Person("Zoé", ""), 2, 4),
    ]
    found = appointment(
        is_meeting=True,
        organizer=Person("Ann", "ann@example.test"),
        attendees=people,
        description="Text",
    )
    read = read_event(calendar_of(found, "one", (), unplaced))
    assert read is not None
    assert read.organizer == Participant("ann@example.test", "Ann")
    assert read.participants == (
        Participant("bob@example.test", "Bob", Role.REQUIRED, "ACCEPTED"),
        Participant("room@example.test", "Room", Role.RESOURCE, ""),
    )
    assert read.description == "Text\n\n[OMM Desktop]\nATTENDEE: Zoé"
    assert [problem.id for problem in unplaced.remarks] == [ProblemId.ITEM_KEPT_OTHERWISE]


TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\r\n\t\";:,\\^'"))


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS, TEXTS, TEXTS, TEXTS)
def test_any_text_stays_within_its_property(
    subject: str, place: str, body: str, name: str, file: str
) -> None:
    found = appointment(
        subject=subject,
        location=place,
        description=body,
        categories=[subject, place],
        is_meeting=True,
        organizer=Person(name, "a@example.test"),
        attendees=[Attendee(Person(name, "b@example.test"), 1, 0)],
    )
    files = (AttachedFile(file, b"content"),)
    data = calendar_of(found, "one", files, Unplaced())
    assert data.count(b"\r\nBEGIN:") == 1
    read = read_event(data)
    assert read is not None
    assert read.location.split() == plain(place).split()
    assert read.description.split() == plain(body).split()
    assert [one.address for one in read.participants] == ["b@example.test"]
    assert [one.content for one in read.files] == [b"content"]


# -- through the file ----------------------------------------------------------------------

NAMED = {
    (MEETING, 0x0003): 0x8000,
    (APPOINTMENT, 0x820D): 0x8001,
    (APPOINTMENT, 0x820E): 0x8002,
    (APPOINTMENT, 0x8216): 0x8003,
    (APPOINTMENT, 0x8260): 0x8004,
    (APPOINTMENT, 0x8236): 0x8005,
    (TASK, 0x8101): 0x8010,
    (TASK, 0x8104): 0x8011,
    (TASK, 0x8105): 0x8012,
    (TASK, 0x8116): 0x8013,
    (COMMON, 0x8503): 0x8014,
    (COMMON, 0x8502): 0x8015,
}


def _saved(path: Path, *letters: Letter) -> Read:
    Outlook().save(path, [Box("Calendar", letters)], NAMED)
    return read_file(path)


def _meeting(subject: str, day: int, **more: object) -> Properties:
    start = datetime(2024, 1, day, 9)
    return {
        0x001A: text("IPM.Appointment"),
        0x0037: text(subject),
        0x8001: time(ticks(start)),
        0x8002: time(ticks(start + timedelta(hours=1))),
    }


def test_events_of_one_id_are_told_apart(tmp_path: Path) -> None:
    """A copied appointment keeps the identifier of the one it was copied from."""
    same = binary(bytes(range(40)))
    letters = [Letter({**_meeting(name, day), 0x8000: same}) for name, day in (("A", 1), ("B", 2))]
    letters.append(Letter({**_meeting("C", 3), 0x8000: binary(bytes(40))}))
    found = _saved(tmp_path / "made.pst", *letters).of(ItemKind.EVENTS)
    events = [read_event(whole(item.payload)) for item in found]
    uids = {one.summary: one.uid for one in events if one}
    assert len(set(uids.values())) == 3
    assert uids["B"] == f"{uids['A']}-2"
    assert len({item.fingerprint for item in found}) == 3


def test_a_whole_event_with_its_files(tmp_path: Path) -> None:
    properties = {
        **_meeting("Review", 31),
        0x8000: binary(bytes(40)),
        0x8003: binary(_changed_series()),
        0x8004: binary(zone_definition()),
        0x1000: text("What we say"),
    }
    file = {0x3705: number(1), 0x3707: text("plan.pdf"), 0x3701: binary(b"%PDF" * 1000)}
    (item,) = _saved(tmp_path / "made.pst", Letter(properties, (), [Attached(file)])).items.values()
    read = read_event(whole(item.payload))
    assert read is not None
    assert (read.summary, read.description, len(read.changed)) == ("Review", "What we say", 2)
    assert [(one.name, one.media, one.content) for one in read.files] == [
        ("plan.pdf", "application/pdf", b"%PDF" * 1000)
    ]
    assert item.remarks == ()
    assert item.label.subject == "Review"


def test_events_that_are_over_are_left_out(tmp_path: Path) -> None:
    over, lasting = _meeting("Over", 1), _meeting("Lasting", 2)
    over[0x8005] = time(ticks(datetime(2024, 1, 1, 10)))
    lasting[0x8005] = time(ticks(datetime(2030, 1, 1)))
    Outlook().save(tmp_path / "made.pst", [Box("Calendar", [Letter(over), Letter(lasting)])], NAMED)
    with opened(tmp_path / "made.pst") as source:
        (item,) = read_all(source, date(2025, 1, 1)).items.values()
    assert item.label.subject == "Lasting"


def test_a_task(tmp_path: Path) -> None:
    properties = {
        0x001A: text("IPM.Task"),
        0x0037: text("Re\x0bport\r\nBEGIN:VALARM\x00\x07"),
        0x0017: number(2),
        0x8010: number(3),
        0x8012: time(ticks(datetime(2024, 5, 31))),
        0x8013: binary(blob(MONTHLY, 2, 1, 31, start=datetime(2024, 5, 31))),
        0x8014: flag(True),
        0x8015: time(ticks(datetime(2024, 5, 30, 8))),
    }
    (item,) = _saved(tmp_path / "made.pst", Letter(properties)).items.values()
    task = read_task(whole(item.payload))
    assert task is not None
    assert task.summary == "Re port BEGIN:VALARM"
    assert (task.importance, task.status) == ("high", "in-process")
    assert (task.start, task.due) == (date(2024, 5, 31), date(2024, 5, 31))
    assert task.rule == "FREQ=MONTHLY;BYMONTHDAY=-1"
    assert task.reminder == datetime(2024, 5, 30, 8, tzinfo=UTC)
    assert task.uid
    assert task.description == "[OMM Desktop]\nSTATUS: WAITING"


@pytest.mark.parametrize("moment", [datetime(1601, 1, 1, 0, 1), datetime(9999, 12, 31, 23)])
def test_the_ends_of_time(moment: datetime, tmp_path: Path) -> None:
    properties = {**_meeting("Far", 1), 0x8004: binary(zone_definition())}
    properties |= {0x8001: time(ticks(moment)), 0x8002: time(ticks(moment))}
    (item,) = _saved(tmp_path / "made.pst", Letter(properties)).items.values()
    read = read_event(whole(item.payload))
    assert read is not None
    assert isinstance(read.start, datetime)
    assert read.start.astimezone(UTC) == moment.replace(tzinfo=UTC)


def test_an_event_without_any_time_is_refused(tmp_path: Path) -> None:
    found = _saved(tmp_path / "made.pst", Letter({0x001A: text("IPM.Appointment")}))
    (refused,) = found.refused
    assert refused.problem.id is ProblemId.FILE_DAMAGED


def test_the_series_of_the_collection(pst_files: dict[str, Path]) -> None:
    """Tuesdays at 8:00 of the Pacific; one gone, two moved."""
    found = read_file(pst_files["java-libpst__dist-list.pst"])
    (item,) = found.of(ItemKind.EVENTS)
    read = read_event(whole(item.payload))
    assert read is not None
    pacific = ZoneInfo("America/Los_Angeles")
    assert [
        one.astimezone(pacific).strftime("%m-%d %H:%M")
        for one in instants(read, datetime(2016, 9, 15, tzinfo=UTC))
    ] == ["08-02 08:00", "08-16 08:00", "08-23 09:00", "08-30 10:00", "09-06 08:00", "09-13 08:00"]
    assert [one.description for one in read.changed] == [
        "This is the appointment at 9",
        "This is the one at 10",
    ]
