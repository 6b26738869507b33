"""Files of events and tasks."""

from __future__ import annotations

from pathlib import Path

import pytest

from omm_desktop.endpoints.convert.calendar.split import split_calendar
from omm_desktop.endpoints.convert.payload import whole
from omm_desktop.endpoints.files.people import PeopleSource
from omm_desktop.model.items import FolderRole, Item, ItemKind
from omm_desktop.model.ports import Refused
from omm_desktop.model.problem import OwnerNeeded, ProblemId

from .reading import answers, calendar, corpus_files, event, read

KINDS = {"event": ItemKind.EVENTS, "task": ItemKind.TASKS}
# Bytes of a fuzzer without any component.
NO_CALENDARS = frozenset({"icalendar__Type_Error.ics"})
# Calendars within calendars, of which reading at once finds the outer one alone.
NESTED = frozenset({"libical__crash.ics", "libical__smallcluster.ics"})


@pytest.mark.timeout(400)
@pytest.mark.parametrize("part", range(4))
def test_every_file_of_the_collection_gives_what_reading_it_at_once_gives(part: int) -> None:
    for path in corpus_files("ics")[part::4]:
        source = PeopleSource(path)
        if path.name in NO_CALENDARS:
            with pytest.raises(OwnerNeeded):
                source.folders()
            source.close()
            continue
        found = [
            (folder.kind, whole(one.payload))
            for folder in source.folders()
            for one in answers(source, folder)
            if isinstance(one, Item)
        ]
        source.close()
        objects = split_calendar(path.read_bytes())
        expected = [(KINDS[one.kind], one.data) for one in objects if one.kind in KINDS]
        if path.name in NESTED:
            assert len(found) > len(expected), path.name
        else:
            assert sorted(found) == sorted(expected), path.name


def test_calendars_of_one_file_by_their_names(tmp_path: Path) -> None:
    file = tmp_path / "both.ics"
    file.write_bytes(
        calendar(event("a", "SUMMARY:1"), told=["X-WR-CALNAME:Work"])
        + calendar(event("b", "SUMMARY:2"), event("c", "SUMMARY:3", kind="VTODO"))
        + calendar(event("d", "SUMMARY:4"), told=["X-WR-CALNAME:Work"])
    )
    source = PeopleSource(file)
    folders = {(folder.name, folder.kind): folder for folder in source.folders()}
    counts = {key: (folder.count, folder.role) for key, folder in folders.items()}
    assert counts == {
        ("Work", ItemKind.EVENTS): (2, None),
        ("both", ItemKind.EVENTS): (1, FolderRole.CALENDAR),
        ("both (2)", ItemKind.TASKS): (1, FolderRole.TASKS),
    }
    source.close()


@pytest.mark.parametrize(
    ("name", "told"), [("x.ics", "anna@gmail.test"), ("anna@gmail.test.ics", "Anna")]
)
def test_the_main_calendar_of_google_is_the_usual_one(name: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(calendar(event("a", "SUMMARY:1"), told=[f"X-WR-CALNAME:{told}"]))
    source = PeopleSource(file)
    assert [folder.role for folder in source.folders()] == [FolderRole.CALENDAR]
    source.close()


def test_components_of_one_uid_far_apart_are_one_item(tmp_path: Path) -> None:
    file = tmp_path / "x.ics"
    others = [event(f"o{number}", "SUMMARY:x") for number in range(50)]
    changed = event("a", "RECURRENCE-ID:20240102T100000Z", "SUMMARY:changed")
    file.write_bytes(calendar(event("a", "RRULE:FREQ=DAILY"), *others, changed))
    found = read(file)["x", ItemKind.EVENTS]
    assert len(found) == 51
    assert found[0].count(b"BEGIN:VEVENT") == 2


def test_what_has_no_place_is_told(tmp_path: Path) -> None:
    file = tmp_path / "x.ics"
    journal = event("j", "SUMMARY:x", kind="VJOURNAL")
    file.write_bytes(calendar(event("a", "SUMMARY:1"), journal, journal.replace(b"j", b"k", 1)))
    source = PeopleSource(file)
    (folder,) = source.folders()
    source.close()
    assert folder.count == 1
    assert [(one.id, one.detail) for one in folder.remarks] == [
        (ProblemId.ENTRIES_LEFT_OUT, "2 VJOURNAL")
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_encodings_and_line_ends(tmp_path: Path, encoding: str, line_end: str) -> None:
    file = tmp_path / "x.ics"
    text = calendar(event("é", "SUMMARY:Été")).decode().replace("\r\n", line_end)
    file.write_bytes(text.encode(encoding))
    (one,) = read(file)["x", ItemKind.EVENTS]
    assert "UID:é\r\nSUMMARY:Été\r\n".encode() in one


def test_a_component_without_uid_is_the_same_one_each_time(tmp_path: Path) -> None:
    file = tmp_path / "x.ics"
    attached = "ATTACH;ENCODING=BASE64;VALUE=BINARY:" + "QUJD" * 200_000
    loose = event("", "SUMMARY:1", attached).replace(b"UID:\r\n", b"")
    file.write_bytes(calendar(loose, loose.replace(b"SUMMARY:1", b"SUMMARY:2")))
    first, second = read(file)["x", ItemKind.EVENTS], read(file)["x", ItemKind.EVENTS]
    assert first == second
    assert len(first) == 2
    assert first[0] != first[1]


def test_what_nothing_can_be_made_of_is_refused_and_costs_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "x.ics"
    rubbish = b"BEGIN:VEVENT\r\n" + b"?" * 100 + b"\r\nEND:VEVENT\r\n"
    file.write_bytes(calendar(rubbish, event("a", "SUMMARY:1")))
    source = PeopleSource(file)
    (folder,) = source.folders()
    bad, good = answers(source, folder)
    source.close()
    assert isinstance(bad, Refused)
    assert bad.problem.id is ProblemId.ITEM_UNREADABLE
    assert isinstance(good, Item)


def test_an_empty_calendar_is_a_calendar(tmp_path: Path) -> None:
    file = tmp_path / "x.ics"
    file.write_bytes(calendar())
    assert read(file) == {("x", ItemKind.EVENTS): []}
