"""Contacts, lists, appointments and tasks: those of the collection, and made ones."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm_desktop.endpoints.pst.damage import Damaged
from omm_desktop.endpoints.pst.messaging.folder import Folder
from omm_desktop.endpoints.pst.messaging.message import Message
from omm_desktop.endpoints.pst.messaging.recipient import Person
from omm_desktop.endpoints.pst.messaging.store import Store
from omm_desktop.endpoints.pst.organizer.appointment import appointment
from omm_desktop.endpoints.pst.organizer.contact import Email, contact
from omm_desktop.endpoints.pst.organizer.distribution_list import distribution_list
from omm_desktop.endpoints.pst.organizer.plain_text import text_of_html
from omm_desktop.endpoints.pst.organizer.recurrence import (
    Changed,
    appointment_recurrence,
    recurrence_pattern,
    rule,
)
from omm_desktop.endpoints.pst.organizer.task import TaskStatus, task
from omm_desktop.endpoints.pst.organizer.time_zone import (
    Change,
    zone_of_definition,
    zone_of_struct,
)

from .outlook import (
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
from .recurrences import (
    BY_COUNT,
    BY_DATE,
    DAILY,
    MONTHLY,
    WEEKLY,
    YEARLY,
    blob,
    minutes,
    ticks,
    zone_definition,
)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (blob(DAILY, 0, 1440), "FREQ=DAILY"),
        (blob(DAILY, 0, 3 * 1440), "FREQ=DAILY;INTERVAL=3"),
        (blob(DAILY, 1, 1, 0b0111110), "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        (blob(WEEKLY, 1, 2, 0b1000001), "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,SA;WKST=MO"),
        (blob(MONTHLY, 2, 1, 15), "FREQ=MONTHLY;BYMONTHDAY=15"),
        (blob(MONTHLY, 2, 1, 30), "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1"),
        (blob(MONTHLY, 4, 2, 31), "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-1"),
        (blob(MONTHLY, 3, 1, 0b0000100, 2), "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2"),
        (blob(MONTHLY, 3, 1, 0b0111110, 5), "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
        (blob(YEARLY, 2, 12, 31), "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=31"),
        (
            blob(YEARLY, 2, 24, 29, start=datetime(2020, 2, 29)),
            "FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1",
        ),
        (blob(YEARLY, 3, 12, 1, 5), "FREQ=YEARLY;BYDAY=SU;BYMONTH=1;BYSETPOS=-1"),
        (blob(DAILY, 0, 1440, end=(BY_COUNT, 7, datetime(2020, 2, 6))), "FREQ=DAILY;COUNT=7"),
        (
            blob(DAILY, 0, 1440, end=(BY_DATE, 10, datetime(2020, 2, 6))),
            "FREQ=DAILY;UNTIL=20200206T000000",
        ),
        (blob(MONTHLY, 0xA, 1, 15), ""),
    ],
)
def test_recurrences_become_rules(data: bytes, expected: str) -> None:
    assert rule(recurrence_pattern(data)) == expected


def _series() -> bytes:
    """Weekly at 9:00; one occurrence gone, one moved and renamed."""
    gone, moved = datetime(2020, 2, 7), datetime(2020, 2, 14)
    data = blob(WEEKLY, 1, 1, 0b0100000, removed=[gone, moved], moved=[moved])
    data += pack("<IIIIH", 0x3006, 0x3009, 540, 570, 1)
    new = datetime(2020, 2, 14, 11, 0)
    times = [minutes(new), minutes(new) + 30, minutes(datetime(2020, 2, 14, 9, 0))]
    flags = Changed.SUBJECT | Changed.LOCATION | Changed.REMINDER_DELTA | Changed.BUSY
    data += pack("<IIIH", *times, flags) + pack("<HH", 7, 6) + b"R\xe9vis\xe9"
    data += pack("<I", 5) + pack("<HH", 4, 3) + b"Ici" + pack("<I", 3)
    data += pack("<I", 0)
    data += pack("<II", 4, 0) + pack("<I", 0) + pack("<III", *times)
    data += pack("<H", 5) + "Плани".encode("utf-16-le") + pack("<H", 3) + "Тут".encode("utf-16-le")
    return data + pack("<II", 0, 0)


def test_changed_occurrences_are_told() -> None:
    series = appointment_recurrence(_series(), "cp1252")
    assert series.deleted == [datetime(2020, 2, 7, 9, 0)]
    (changed,) = series.changed
    assert (changed.start, changed.original_start) == (
        datetime(2020, 2, 14, 11, 0),
        datetime(2020, 2, 14, 9, 0),
    )
    assert (changed.subject, changed.location) == ("Плани", "Тут")
    assert (changed.reminder_minutes, changed.busy, changed.reminder) == (5, 3, None)


@given(st.integers(0, 400), st.lists(st.tuples(st.integers(0, 300), st.integers(0, 255))))
def test_broken_recurrences_and_zones_are_damage(
    length: int, changes: list[tuple[int, int]]
) -> None:
    for whole in (_series(), zone_definition()):
        data = bytearray(whole)
        for place, value in changes:
            data[place % len(data)] = value
        for read in (
            lambda data: rule(appointment_recurrence(data, "cp1252")),
            lambda data: rule(recurrence_pattern(data)),
            zone_of_definition,
            zone_of_struct,
        ):
            with suppress(Damaged):
                read(bytes(data[:length]))


def test_time_zones() -> None:
    zone = zone_of_definition(zone_definition())
    assert (zone.name, len(zone.rules)) == ("Romance Standard Time", 2)
    assert zone.current.year == 2020
    assert zone.current.standard_offset == timedelta(hours=1)
    assert zone.current.daylight_offset == timedelta(hours=2)
    assert zone.current.daylight_begins == Change(0, 3, 0, 5, 2, 0, 0)
    changes = [pack("<8H", 0, month, 0, 5, 3, 0, 0, 0) for month in (10, 3)]
    struct = pack("<iiiH", 300, 0, -60, 0) + changes[0] + pack("<H", 0) + changes[1]
    assert zone_of_struct(struct).current.standard_offset == timedelta(hours=-5)
    assert zone_of_struct(pack("<iii", 0, 0, 0) + bytes(36)).current.daylight_begins is None
    with pytest.raises(Damaged, match="a day or more"):
        zone_of_struct(pack("<iii", 1400, 0, 60) + bytes(36))


def test_contacts_of_the_collection(pst_files: dict[str, Path]) -> None:
    with Store(pst_files["Aspose.Email-for-.NET__SampleContacts.pst"]) as store:
        found = {one.full_name: one for one in map(contact, _items(store, "IPM.Contact"))}
    assert len(found) == 6
    margaret = found["Margaret J. Tolle"]
    assert (margaret.given, margaret.middle, margaret.family) == ("Margaret", "J.", "Tolle")
    assert (margaret.organisation, margaret.title) == ("Adaptaz", "Recording engineer")
    assert [email.address for email in margaret.emails] == ["MargaretJTolle@dayrep.com"]
    assert dict(margaret.phones)["work"] == "(08)9080-1183"


def test_lists_of_the_collection(pst_files: dict[str, Path]) -> None:
    with Store(pst_files["java-libpst__dist-list.pst"]) as store:
        (message,) = _items(store, "IPM.DistList")
        found = distribution_list(message, store.message)
    assert (found.name, found.unknown) == ("test dist list", 0)
    assert found.members == [
        Person("contact name 1", "contact1@rjohnson.id.au"),
        Person("dist name 1", "dist1@rjohnson.id.au"),
        Person("dist name 2", "dist2@rjohnson.id.au"),
    ]


def test_a_series_of_the_collection(pst_files: dict[str, Path]) -> None:
    with Store(pst_files["java-libpst__dist-list.pst"]) as store:
        (message,) = _items(store, "IPM.Appointment")
        found = appointment(message)
    assert found.series is not None
    assert rule(found.series) == "FREQ=WEEKLY;BYDAY=TU"
    assert found.start == datetime(2016, 8, 2, 15, 0, tzinfo=UTC)
    assert found.series.first_day + found.series.start_offset == datetime(2016, 8, 2, 8, 0)
    assert found.zone is not None
    assert found.zone.name == "Pacific Standard Time"
    assert found.zone.current.daylight_offset == timedelta(hours=-7)
    assert found.series.deleted == [datetime(2016, 8, 9, 8, 0)]
    told = [
        (one.occurrence.start, one.appointment and one.appointment.description)
        for one in found.exceptions
    ]
    assert told == [
        (datetime(2016, 8, 23, 9, 0), "This is the appointment at 9"),
        (datetime(2016, 8, 30, 10, 0), "This is the one at 10"),
    ]
    assert found.problems == []


def test_appointments_of_the_collection(pst_files: dict[str, Path]) -> None:
    name = "pstextractortestpdf@outlook.com.ost"
    with Store(pst_files[name]) as store:
        found = [appointment(message) for message in _items(store, "IPM.Appointment")]
    assert len(found) == 160
    assert len({one.uid for one in found}) == 160
    assert all(one.all_day and one.start and one.end and one.zone for one in found)
    assert [one.problems for one in found if one.problems] == []
    assert sorted(rule(one.series) for one in found if one.series and one.series.day == 31) == [
        "FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=31",
        "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31",
    ]


def _items(store: Store, message_class: str) -> Iterator[Message]:
    for folder in store.folders():
        assert isinstance(folder, Folder)
        for nid in folder.item_ids():
            message = store.message(nid)
            if message.message_class == message_class:
                yield message


ADDRESS, APPOINTMENT, TASK, COMMON = (f"0006200{digit}" for digit in "4238")
MEETING = "6ed8da90-450b-101b-98da-00aa003f1305"


@contextmanager
def made(tmp_path: Path, letter: Letter, named: dict[tuple[str, int], int]) -> Iterator[Message]:
    """A message in a file whose named properties are `named`: set and number to id."""
    path = tmp_path / "made.pst"
    Outlook().save(path, [Box("Folder", [letter])], named)
    with Store(path) as store:
        (folder,) = store.folders()
        assert isinstance(folder, Folder)
        (nid,) = folder.item_ids()
        yield store.message(nid)


def test_a_whole_contact(tmp_path: Path) -> None:
    named = {(ADDRESS, number): 0x8000 + index for index, number in enumerate(NUMBERS)}
    ids = {number: prop for (_, number), prop in named.items()}
    photo = {0x3705: number(1), 0x3707: text("ContactPicture.jpg"), 0x3701: binary(b"\xff\xd8x")}
    properties: Properties = {
        0x3001: text("Zoé Ünal"),
        0x3A06: text("Zoé"),
        0x3A11: text("Ünal"),
        0x3A42: time(ticks(datetime(1980, 5, 3, 22, 0))),
        0x3A08: text("+33 1 00 00 00 00"),
        0x3A1C: text("+33 6 00 00 00 00"),
        0x3A59: text("Lille"),
        0x1013: binary(
            b"<style>p{}</style><p>Line&nbsp;one<br>two</p>\r\n<div>trois &amp; 4</div>"
        ),
        0x0036: number(2),
        ids[0x8080]: text("Zoé at work"),
        ids[0x8083]: text("/o=Org/cn=zoe"),
        ids[0x8084]: text("zoe@example.test"),
        ids[0x8093]: text("z@home.test"),
        ids[0x80A3]: text("ZOE@example.test"),
        ids[0x8045]: text("1 rue X"),
        ids[0x8046]: text("Paris"),
        ids[0x80DF]: time(ticks(datetime(2001, 2, 3))),
    }
    letter = Letter(properties, (), [Attached({**photo, 0x7FFF: flag(True)})])
    with made(tmp_path, letter, named) as message:
        found = contact(message)
    assert (found.birthday, found.anniversary) == (date(1980, 5, 4), date(2001, 2, 3))
    assert found.emails == [
        Email("zoe@example.test", "Zoé at work"),
        Email("z@home.test", ""),
    ]
    assert found.phones == [("work", "+33 1 00 00 00 00"), ("mobile", "+33 6 00 00 00 00")]
    assert [(one.kind, one.street, one.city) for one in found.addresses] == [
        ("work", "1 rue X", "Paris"),
        ("home", "", "Lille"),
    ]
    assert found.note == "Line\xa0one\ntwo\ntrois & 4"
    assert found.is_private
    assert found.photo is not None
    assert (found.photo.name, found.photo.data) == ("ContactPicture.jpg", b"\xff\xd8x")


NUMBERS = (0x8080, 0x8083, 0x8084, 0x8093, 0x80A3, 0x8045, 0x8046, 0x80DF)


def test_a_meeting_made_elsewhere(tmp_path: Path) -> None:
    foreign = b"vCal-Uid\x01\0\0\0" + b"abc@google.test\0"
    head = bytes.fromhex("040000008200e00074c5b7101a82e008")
    global_id = head + bytes.fromhex("07e40214") + bytes(16) + pack("<I", len(foreign)) + foreign
    properties: Properties = {
        0x0037: text("Standup"),
        0x0042: text("Ann"),
        0x5D02: text("ann@example.test"),
        0x8000: binary(global_id),
        0x8001: time(ticks(datetime(2020, 1, 31, 8, 0))),
        0x8002: time(ticks(datetime(2020, 1, 31, 8, 30))),
        0x8003: binary(_series()),
        0x8004: binary(zone_definition()),
        0x8005: number(1),
        0x8006: flag(True),
        0x8007: number(0x5AE980E1),
    }
    named = {
        (MEETING, 0x0003): 0x8000,
        (APPOINTMENT, 0x820D): 0x8001,
        (APPOINTMENT, 0x820E): 0x8002,
        (APPOINTMENT, 0x8216): 0x8003,
        (APPOINTMENT, 0x8260): 0x8004,
        (APPOINTMENT, 0x8217): 0x8005,
        (COMMON, 0x8503): 0x8006,
        (COMMON, 0x8501): 0x8007,
    }
    rows: list[Properties] = [
        {0x3001: text("Ann"), 0x39FE: text("ann@example.test"), 0x5FFD: number(3)},
        {
            0x3001: text("Bob"),
            0x39FE: text("bob@example.test"),
            0x0C15: number(2),
            0x5FFF: number(4),
        },
    ]
    with made(tmp_path, Letter(properties, rows), named) as message:
        found = appointment(message)
    assert found.uid == "abc@google.test"
    assert (found.organizer, found.is_meeting) == (Person("Ann", "ann@example.test"), True)
    assert [(one.person.address, one.kind, one.response) for one in found.attendees] == [
        ("bob@example.test", 2, 4)
    ]
    assert found.reminder_minutes == 15
    assert found.zone is not None
    assert found.zone.name == "Romance Standard Time"
    assert [one.occurrence.subject for one in found.exceptions] == ["Плани"]
    assert found.problems == []


def test_the_id_of_one_occurrence_is_that_of_its_series(tmp_path: Path) -> None:
    head = bytes.fromhex("040000008200e00074c5b7101a82e008")
    rest = random.Random(1).randbytes(16) + pack("<I", 16) + bytes(range(16))
    named = {(MEETING, 0x0003): 0x8000}
    ids = set()
    for day in (bytes(4), bytes.fromhex("07e40214")):
        with made(tmp_path, Letter({0x8000: binary(head + day + rest)}), named) as message:
            ids.add(appointment(message).uid)
    assert ids == {(head + bytes(4) + rest).hex().upper()}


def test_an_appointment_with_broken_parts_keeps_the_others(tmp_path: Path) -> None:
    named = {(APPOINTMENT, 0x8216): 0x8000, (APPOINTMENT, 0x825E): 0x8001}
    broken = Letter({0x0037: text("Lunch"), 0x8000: binary(b"\x04\x30"), 0x8001: binary(b"\x09")})
    with made(tmp_path, broken, named) as message:
        found = appointment(message)
    assert (found.subject, found.series, found.zone) == ("Lunch", None, None)
    assert len(found.problems) == 2


def test_a_task(tmp_path: Path) -> None:
    named = {
        (TASK, tag): 0x8000 + index for index, tag in enumerate((0x8101, 0x8102, 0x8105, 0x8116))
    }
    properties: Properties = {
        0x0037: text("Write"),
        0x1000: text("Soon\r\n"),
        0x8000: number(1),
        0x8001: (0x0005, pack("<d", 0.25)),
        0x8002: time(ticks(datetime(2020, 3, 1))),
        0x8003: binary(blob(MONTHLY, 2, 1, 1)),
    }
    with made(tmp_path, Letter(properties), named) as message:
        found = task(message)
    assert (found.subject, found.description) == ("Write", "Soon")
    assert (found.status, found.percent) == (TaskStatus.IN_PROGRESS, 25)
    assert (found.due, found.completed) == (date(2020, 3, 1), None)
    assert found.series is not None
    assert rule(found.series) == "FREQ=MONTHLY;BYMONTHDAY=1"


@given(st.text())
def test_text_of_any_html(html: str) -> None:
    assert "\r" not in text_of_html(html.replace("\r", ""))
