"""Appointments become events that say the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from struct import pack
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omm_desktop.endpoints.convert.calendar.read import read_event
from omm_desktop.endpoints.convert.calendar.values import AttachedFile, Participant, Role
from omm_desktop.endpoints.outlook_file.events import calendar_of
from omm_desktop.endpoints.outlook_file.plain import plain
from omm_desktop.endpoints.outlook_file.unplaced import Unplaced
from omm_desktop.endpoints.outlook_file.zones import RuleZone
from omm_desktop.endpoints.pst.messaging.recipient import Person
from omm_desktop.endpoints.pst.organizer.appointment import Attendee, DifferingOccurrence
from omm_desktop.endpoints.pst.organizer.recurrence import ChangedOccurrence, appointment_recurrence
from omm_desktop.model.problem import ProblemId
from tests.items.calendars import instants
from tests.pst.recurrences import BY_DATE, DAILY, MONTHLY, WEEKLY, YEARLY, blob

from .appointments import ZONES, appointment, changed_series, event, zone

PARIS = ZoneInfo("Europe/Paris")


def test_changed_occurrences_are_changed_in_the_event() -> None:
    series = appointment_recurrence(changed_series(), "cp1252")
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
