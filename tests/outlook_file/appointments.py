"""Appointments of the tests, and what becomes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from struct import pack

from omm_desktop.endpoints.convert.calendar.read import read_event
from omm_desktop.endpoints.convert.calendar.values import Event
from omm_desktop.endpoints.outlook_file.events import calendar_of
from omm_desktop.endpoints.outlook_file.unplaced import Unplaced
from omm_desktop.endpoints.pst.organizer.appointment import Appointment
from omm_desktop.endpoints.pst.organizer.recurrence import Changed
from omm_desktop.endpoints.pst.organizer.time_zone import Change as ZoneChange
from omm_desktop.endpoints.pst.organizer.time_zone import TimeZone, ZoneRule
from tests.pst.recurrences import WEEKLY, blob, minutes

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


def changed_series() -> bytes:
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
