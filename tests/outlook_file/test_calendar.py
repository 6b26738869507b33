"""Events and tasks of files."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from omm_desktop.endpoints.convert.calendar.read import read_event, read_task
from omm_desktop.endpoints.convert.payload import whole
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
from tests.pst.recurrences import MONTHLY, blob, ticks, zone_definition

from .appointments import changed_series
from .everything import Read, opened, read_all, read_file

APPOINTMENT, TASK, COMMON = "00062002", "00062003", "00062008"
MEETING = "6ed8da90-450b-101b-98da-00aa003f1305"

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
        0x8003: binary(changed_series()),
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
