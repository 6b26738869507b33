"""What contacts, events and tasks are known by, and how their large files are kept apart."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omm_desktop.endpoints.convert.calendar.read import read_event
from omm_desktop.endpoints.convert.identity import identify, of_uid
from omm_desktop.endpoints.convert.payload import MemoryPayload, whole
from omm_desktop.endpoints.convert.set_aside import put_back, set_aside
from omm_desktop.endpoints.ews.calendar.recurrence_blob import read_exceptions
from omm_desktop.endpoints.ews.items.mark import Mark, Stage, read_mark
from omm_desktop.model.items import ItemKind

CONTACTS, EVENTS, TASKS = ItemKind.CONTACTS, ItemKind.EVENTS, ItemKind.TASKS


def card(*lines: str) -> MemoryPayload:
    return MemoryPayload("\r\n".join(["BEGIN:VCARD", *lines, "END:VCARD", ""]).encode())


def calendar(*lines: str, kind: str = "VEVENT", before: tuple[str, ...] = ()) -> MemoryPayload:
    inner = ["BEGIN:VCALENDAR", *before, f"BEGIN:{kind}", *lines, f"END:{kind}", "END:VCALENDAR"]
    return MemoryPayload("\r\n".join([*inner, ""]).encode())


def test_an_event_is_its_uid_and_a_task_of_the_same_is_another() -> None:
    one = identify(EVENTS, calendar("UID:a", "SUMMARY:x"))
    other = identify(EVENTS, calendar("SUMMARY:y", "UID:a"))
    assert one.fingerprint == other.fingerprint == of_uid(EVENTS, "a")
    assert one.content != other.content
    assert identify(TASKS, calendar("UID:a", kind="VTODO")).fingerprint == of_uid(TASKS, "a")
    assert of_uid(TASKS, "a") != of_uid(EVENTS, "a")


def test_the_uid_of_an_alarm_is_not_that_of_its_event() -> None:
    alarm = ("BEGIN:VALARM", "UID:alarm", "SUMMARY:ring", "END:VALARM")
    found = identify(EVENTS, calendar(*alarm, "UID:a", "SUMMARY:x"))
    assert found.fingerprint == of_uid(EVENTS, "a")
    assert found.label.subject == "x"


@pytest.mark.parametrize(
    "again",
    [
        calendar("UID:a", "DTSTAMP:20240101T000000Z", "SEQUENCE:3", "SUMMARY:été", "CREATED:x"),
        calendar("UID:a", "LAST-MODIFIED:20240101T000000Z", "SUMMARY:été"),
        calendar("UID:a", "SUMMARY:\r\n é\r\n\tté"),
        calendar("UID:a", "SUMMARY:été", before=("PRODID:-//x",)),
        calendar("UID:a", "SUMMARY:été", before=("BEGIN:VTIMEZONE", "TZID:x", "END:VTIMEZONE")),
    ],
)
def test_what_programs_write_for_themselves_is_no_content(again: MemoryPayload) -> None:
    assert identify(EVENTS, again) == identify(EVENTS, calendar("UID:a", "SUMMARY:été"))


def test_a_contact_is_what_it_says_of_itself() -> None:
    one = identify(
        CONTACTS,
        card("UID:1", "FN:Zoé  Noël", "EMAIL:A@x.test", "EMAIL:b@x.test", "TEL:+33 1", "REV:1"),
    )
    same = identify(
        CONTACTS,
        card("UID:2", "FN:zoé noël", "EMAIL:b@X.test", "EMAIL;TYPE=work:a@x.test", "TEL:+33-1"),
    )
    assert one.fingerprint == same.fingerprint
    assert one.content != same.content
    for other in (card("FN:Zoé Noël"), card("FN:Zoé Noël", "KIND:group")):
        assert identify(CONTACTS, other).fingerprint != one.fingerprint
    numbers, addresses = card("FN:Z", "TEL:1"), card("FN:Z", "EMAIL:1")
    assert identify(CONTACTS, numbers).fingerprint != identify(CONTACTS, addresses).fingerprint


def test_the_uid_and_the_revision_of_a_card_are_no_content() -> None:
    one, same = card("UID:1", "FN:Z", "REV:1"), card("FN:Z", "REV:2", "item1.UID:2")
    assert identify(CONTACTS, one).content == identify(CONTACTS, same).content


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from([CONTACTS, EVENTS, TASKS]))
def test_no_bytes_raise(data: bytes, kind: ItemKind) -> None:
    identify(kind, MemoryPayload(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID" + data))


@pytest.mark.parametrize("size", range(400_000, 400_004))
@pytest.mark.parametrize("step", [73, 65_000, 1_000_000])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_large_files_leave_the_text_and_come_back(size: int, step: int, end: str) -> None:
    data = (bytes(range(256)) * 2000)[:size]
    coded = b64encode(data).decode()
    folded = f"{end} ".join(coded[n : n + step] for n in range(0, len(coded), step))
    line = f'ATTACH;FILENAME="a:b";ENCODING=BASE64;VALUE=BINARY:{folded}'
    before = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:a", "DTSTART:20240101"]
    text = end.join([*before, line, "END:VEVENT", "END:VCALENDAR", ""])
    aside = set_aside(MemoryPayload(text.encode()))
    event = read_event(aside.text)
    assert event is not None
    (file,) = event.files
    assert (file.name, whole(aside.files[file.content])) == ("a:b", data)
    again = set_aside(put_back(aside.text, aside.files))
    assert [whole(one) for one in again.files.values()] == [data]


def test_what_is_long_but_no_file_stays() -> None:
    text = whole(calendar("UID:a", "DESCRIPTION:" + "word " * 80_000))
    aside = set_aside(MemoryPayload(text))
    assert (aside.text, aside.files) == (text, {})


@pytest.mark.parametrize(
    "mark",
    [
        Mark(b"f" * 16, b"c" * 16),
        Mark(b"f" * 16, b"c" * 16, written=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        Mark(b"f" * 16, b"c" * 16, Stage.UNFINISHED, "abcd"),
        Mark(b"f" * 16, b"c" * 16, Stage.PART, "7"),
    ],
)
def test_marks(mark: Mark) -> None:
    assert read_mark(str(mark)) == mark
    assert (":" in str(mark)) is (mark.stage is not Stage.DONE)
    assert len(str(mark)) < 255


@pytest.mark.parametrize(
    "text", ["", "66", "unfinished:66:a", "else:" + "66" * 32 + ":1", "g" * 64]
)
def test_what_is_no_mark(text: str) -> None:
    assert read_mark(text) is None


def le(number: int, size: int = 4) -> bytes:
    return number.to_bytes(size, "little")


def test_exceptions_as_outlook_keeps_them() -> None:
    """A weekly series of which one day is left out, and one is moved with another subject."""
    minutes = {day: (datetime(2024, 1, day) - datetime(1601, 1, 1)).days * 1440 for day in (8, 15)}
    octets = b"".join(
        (
            *(le(0x3004, 2), le(0x3004, 2), le(0x200B, 2), le(1, 2), le(0, 2)),
            *(le(0), le(1), le(0), le(0x02), le(0x2022), le(10), le(0)),
            *(le(2), le(minutes[8]), le(minutes[15]), le(1), le(minutes[15] + 1440)),
            *(le(minutes[8]), le(minutes[15]), le(0x3006), le(0x3009), le(600), le(660)),
            *(le(1, 2), le(minutes[15] + 2040), le(minutes[15] + 2100), le(minutes[15] + 600)),
            *(le(0x0019, 2), le(6, 2), le(5, 2), b"later", le(1), le(3, 2), le(2, 2), b"ab"),
        )
    )
    found = read_exceptions(octets)
    assert found.deleted == (date(2024, 1, 8),)
    assert found.changed == ((datetime(2024, 1, 16, 10), datetime(2024, 1, 15, 10)),)


@settings(deadline=None)
@given(st.binary(max_size=120))
def test_no_recurrence_raises_anything_else(octets: bytes) -> None:
    try:
        read_exceptions(octets)
    except ValueError:
        return
