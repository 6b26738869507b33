"""A folder on the disk that contacts, events and tasks are saved in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import icalendar
import pytest
import vobject

from omm_desktop.endpoints.convert.payload import whole
from omm_desktop.endpoints.files.few_open import MOST_OPEN
from omm_desktop.endpoints.files.people import PeopleSource
from omm_desktop.endpoints.files.people_destination import PeopleFolder
from omm_desktop.model.items import Folder, FolderRole, Item, ItemKind
from omm_desktop.model.ports import Destination, Fidelity, FolderWish, Refused
from omm_desktop.model.problem import Problem, ProblemId

from .reading import (
    answers,
    calendar,
    card,
    corpus_files,
    event,
    item,
    made,
    open_files,
    read,
    stored,
)

EVENTS, CONTACTS, TASKS = ItemKind.EVENTS, ItemKind.CONTACTS, ItemKind.TASKS


@pytest.fixture
def destination(tmp_path: Path) -> Iterator[Destination]:
    opened = PeopleFolder(tmp_path)
    yield opened
    opened.close()


def seen(destination: Destination, folder: Folder) -> Counter[tuple[bytes, bytes | None]]:
    """What the destination says of what it holds."""
    windows = destination.existing(folder.key, None)
    return Counter((one.fingerprint, one.content) for window in windows for one in window)


def known(given: list[Item]) -> Counter[tuple[bytes, bytes | None]]:
    return Counter((one.fingerprint, one.content) for one in given)


def saved(path: Path, top: Path) -> None:
    """Copy a file into a folder, and see that the folder's files say the same as the file."""
    source = PeopleSource(path)
    destination = PeopleFolder(top)
    for folder in source.folders():
        wish = FolderWish(folder.path, folder.role, kind=folder.kind)
        target = made(destination, wish)
        given = [one for one in answers(source, folder) if isinstance(one, Item)]
        stored(destination, target, given)
        assert seen(destination, target) == known(given), path.name
        expected = sorted(whole(one.payload) for one in given)
        if expected:
            (found,) = read(top / target.key).values()
            assert sorted(found) == expected, path.name
    source.close()
    destination.close()


def test_of_many_folders_few_stay_open(destination: Destination) -> None:
    """A process may have 256 files open."""
    before = open_files()
    wishes = [FolderWish((f"{number}",), kind=CONTACTS) for number in range(3 * MOST_OPEN)]
    targets = [made(destination, wish) for wish in wishes]
    given = [[item(CONTACTS, card(f"FN:{number}"))] for number in range(len(targets))]
    keys = [stored(destination, target, one) for target, one in zip(targets, given, strict=True)]
    again = [stored(destination, target, given[-1]) for target in targets]
    assert open_files() <= before + MOST_OPEN
    for target, one, first, second in zip(targets, given, keys, again, strict=True):
        assert seen(destination, target) == known([*one, *given[-1]])
        assert [one for part in destination.keys(target.key) for one in part] == first + second


@pytest.mark.timeout(400)
@pytest.mark.parametrize("part", range(8))
def test_every_calendar_of_the_collection_comes_back_as_it_was(part: int, tmp_path: Path) -> None:
    for number, path in enumerate(corpus_files("ics")[part::8]):
        if path.name != "icalendar__Type_Error.ics":
            (tmp_path / str(number)).mkdir()
            saved(path, tmp_path / str(number))


def test_every_card_of_the_collection_comes_back_as_it_was(tmp_path: Path) -> None:
    for number, path in enumerate(corpus_files("vcf")):
        (tmp_path / str(number)).mkdir()
        saved(path, tmp_path / str(number))


def test_the_files_are_what_other_programs_read(destination: Destination, tmp_path: Path) -> None:
    events = made(destination, FolderWish(("Work", "Été"), kind=EVENTS))
    tasks = made(destination, FolderWish(("Work",), kind=TASKS))
    people = made(destination, FolderWish(("Friends",), kind=CONTACTS))
    stored(destination, events, [item(EVENTS, calendar(event(n, "SUMMARY:x"))) for n in "abc"])
    stored(destination, tasks, [item(TASKS, calendar(event("t", kind="VTODO")))])
    stored(destination, people, [item(CONTACTS, card(f"FN:{n}", f"N:{n};;;;")) for n in "de"])
    found = icalendar.Calendar.from_ical((tmp_path / "calendars/Work/Été.ics").read_bytes())
    assert [str(one["UID"]) for one in found.walk("VEVENT")] == ["a", "b", "c"]
    assert str(found["X-WR-CALNAME"]) == "Été"
    todo = icalendar.Calendar.from_ical((tmp_path / "tasks/Work.ics").read_bytes())
    assert len(todo.walk("VTODO")) == 1
    cards = vobject.readComponents((tmp_path / "contacts/Friends.vcf").read_text())
    assert [one.fn.value for one in cards] == ["d", "e"]


def test_one_calendar_as_long_as_that_can_be(destination: Destination, tmp_path: Path) -> None:
    def zone(offset: str) -> bytes:
        lines = ["DTSTART:19700101T000000", f"TZOFFSETFROM:{offset}", f"TZOFFSETTO:{offset}"]
        inner = "\r\n".join(["TZID:Here", "BEGIN:STANDARD", *lines, "END:STANDARD", ""])
        return f"BEGIN:VTIMEZONE\r\n{inner}END:VTIMEZONE\r\n".encode()

    local = "DTSTART;TZID=Here:20240101T100000"
    home = ["X-WR-TIMEZONE:Europe/Paris"]
    given = [
        item(EVENTS, calendar(zone("+0100"), event("a", local))),
        item(EVENTS, calendar(zone("+0100"), event("b", local))),
        item(EVENTS, calendar(zone("+0900"), event("c", local))),
        item(EVENTS, calendar(zone("+0900"), event("d", local))),
        item(EVENTS, calendar(event("e", local))),
        item(EVENTS, calendar(event("e", "SUMMARY:another"))),
        item(EVENTS, calendar(event("f", "SUMMARY:x"), told=home)),
    ]
    folder = made(destination, FolderWish(("x",), kind=EVENTS))
    for one in given:
        stored(destination, folder, [one])
    file = tmp_path / folder.key
    content = file.read_bytes()
    starts = [part.count(b"BEGIN:VEVENT") for part in content.split(b"BEGIN:VCALENDAR")[1:]]
    assert starts == [2, 2, 1, 1, 1]
    assert content.count(b"TZID:Here") == 2
    source = PeopleSource(file)
    (back,) = source.folders()
    found = [one for one in answers(source, back) if isinstance(one, Item)]
    source.close()
    assert known(found) == known(given)


def test_the_home_zone_of_all_items_is_that_of_the_calendar(
    destination: Destination, tmp_path: Path
) -> None:
    home = ["X-WR-TIMEZONE:Europe/Paris"]
    given = [item(EVENTS, calendar(event(n, "SUMMARY:x"), told=home)) for n in "ab"]
    folder = made(destination, FolderWish(("x",), FolderRole.CALENDAR, kind=EVENTS))
    stored(destination, folder, given)
    content = (tmp_path / folder.key).read_bytes()
    assert content.count(b"X-WR-TIMEZONE") == content.count(b"BEGIN:VCALENDAR") == 1
    assert b"X-WR-CALNAME" not in content


def test_what_others_did_to_a_file_stays(destination: Destination, tmp_path: Path) -> None:
    """Also what they have taken out: its key is gone."""
    folder = made(destination, FolderWish(("x",), kind=EVENTS))
    first, second = stored(
        destination, folder, [item(EVENTS, calendar(event(n, "SUMMARY:1"))) for n in "ab"]
    )
    file = tmp_path / folder.key
    theirs = event("theirs", "SUMMARY:2")
    file.write_bytes(
        file.read_bytes()
        .replace(event("a", "SUMMARY:1"), b"")
        .replace(b"END:VCAL", theirs + b"END:VCAL")
    )
    keys = [key for window in destination.keys(folder.key) for key in window]
    assert first not in keys
    assert second in keys
    stored(destination, folder, [item(EVENTS, calendar(event("c", "SUMMARY:3")))])
    ((*found,),) = read(file).values()
    assert [one.count(b"BEGIN:VEVENT") for one in found] == [1, 1, 1]
    assert theirs in file.read_bytes()


def test_a_calendar_of_others_that_lacks_its_end_is_not_repaired(
    destination: Destination, tmp_path: Path
) -> None:
    theirs = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + event("theirs", "SUMMARY:1")
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars/x.ics").write_bytes(theirs)
    folder = made(destination, FolderWish(("x",), kind=EVENTS))
    stored(destination, folder, [item(EVENTS, calendar(event("a", "SUMMARY:2")))])
    content = (tmp_path / "calendars/x.ics").read_bytes()
    assert content.startswith(theirs)
    ((*found,),) = read(tmp_path / "calendars/x.ics").values()
    assert len(found) == 2


def test_what_was_stored_is_seen_on_another_day(destination: Destination) -> None:
    folder = made(destination, FolderWish(("x",), kind=CONTACTS))
    given = [item(CONTACTS, card(f"FN:{name}")) for name in "aab"]
    keys = stored(destination, folder, given)
    destination.close()
    assert seen(destination, folder) == known(given)
    assert [key for window in destination.keys(folder.key) for key in window] == keys


def test_what_was_saved_stays_as_it_was_saved(tmp_path: Path) -> None:
    with closing(PeopleFolder(tmp_path)) as destination:
        folder = made(destination, FolderWish(("x",), kind=CONTACTS))
        (key,) = stored(destination, folder, [item(CONTACTS, card("FN:A"))])
        before = (tmp_path / folder.key).read_bytes()
        answer = destination.update(folder.key, key, item(CONTACTS, card("FN:B")))
        assert isinstance(answer, Refused)
        assert (tmp_path / folder.key).read_bytes() == before


def test_the_position_moves_with_every_addition(destination: Destination) -> None:
    folder = made(destination, FolderWish(("x",), kind=CONTACTS))
    before = destination.position(folder.key)
    assert (before.count, before.next_key, before.validity) == (0, None, folder.validity)
    same = item(CONTACTS, card("FN:A"))
    first, second = stored(destination, folder, [same, item(CONTACTS, card("FN:A"), "2")])
    assert first != second
    after = destination.position(folder.key)
    assert (after.count, after.validity) == (2, folder.validity)
    assert dict(destination.contents(folder.key, [first, "gone"])) == {first: same.content}


def test_a_file_that_was_made_anew_has_another_validity(
    destination: Destination, tmp_path: Path
) -> None:
    wish = FolderWish(("x",), kind=CONTACTS)
    folder = made(destination, wish)
    destination.close()
    assert made(destination, wish).validity == folder.validity
    destination.close()
    (tmp_path / folder.key).unlink()
    assert made(destination, wish).validity != folder.validity


@pytest.mark.parametrize("kind", [CONTACTS, EVENTS])
def test_what_is_stored_is_given_back_exactly(destination: Destination, kind: ItemKind) -> None:
    folder = made(destination, FolderWish(("x",), kind=kind))
    if kind is CONTACTS:
        given = [item(kind, card(f"FN:{name}")) for name in "abc"]
    else:
        given = [item(kind, calendar(event(name, "SUMMARY:x"))) for name in "abc"]
    for number, one in enumerate(given):
        (key,) = stored(destination, folder, [one])
        assert destination.fidelity(folder.key, key, one) is Fidelity.EXACT
        assert destination.fidelity(folder.key, key, given[number - 1]) is Fidelity.REBUILT
        assert seen(destination, folder) == known(given[: number + 1])
    assert destination.fidelity(folder.key, "gone", given[0]) is Fidelity.UNKNOWN


def test_a_file_that_another_one_took_the_place_of(
    destination: Destination, tmp_path: Path
) -> None:
    """As programs save: beside, and then under the name."""
    folder = made(destination, FolderWish(("x",), kind=CONTACTS))
    stored(destination, folder, [item(CONTACTS, card("FN:A"))])
    theirs = tmp_path / "theirs"
    theirs.write_bytes(card("FN:B"))
    theirs.replace(tmp_path / folder.key)
    stored(destination, folder, [item(CONTACTS, card("FN:C"))])
    expected = [item(CONTACTS, card(f"FN:{name}")) for name in "BC"]
    assert seen(destination, folder) == known(expected)


@pytest.mark.parametrize("rubbish", [b"", b"rubbish", card("FN:A") * 2, calendar()])
def test_what_is_no_item_of_its_kind_is_refused(destination: Destination, rubbish: bytes) -> None:
    folder = made(destination, FolderWish(("x",), kind=CONTACTS))
    good = item(CONTACTS, card("FN:B"))
    answers = list(destination.store(folder.key, [item(CONTACTS, rubbish), good]))
    refused = [one for one in answers if isinstance(one, Refused)]
    assert [one.problem.id for one in refused] == [ProblemId.ITEM_REFUSED]
    assert seen(destination, folder) == known([good])


def test_kinds_that_are_not_taken(destination: Destination) -> None:
    (answer,) = destination.ensure_folders([FolderWish(("INBOX",))])
    assert isinstance(answer, Problem)
    assert answer.id is ProblemId.KIND_NOT_ACCEPTED
    assert destination.limits.kinds == {CONTACTS, EVENTS, TASKS}


def test_names_of_folders_are_names_of_files(destination: Destination, tmp_path: Path) -> None:
    paths = [("CON",), ("a/b", ".."), ("x.ics", "y"), ("x",), ("é" * 200,)]
    wishes = [FolderWish(path, kind=EVENTS) for path in paths]
    folders = destination.ensure_folders(wishes)
    assert all(isinstance(folder, Folder) for folder in folders)
    places = list(tmp_path.rglob("*.ics"))
    assert len(places) == len(paths)
    assert {folder.path for folder in destination.folders()} == {
        destination.delimiter_free(path) for path in paths
    }
