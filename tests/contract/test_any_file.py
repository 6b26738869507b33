"""Files of whatever kind as one source: found out by their content, several together."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from omm_desktop import paths
from omm_desktop.checks import probe
from omm_desktop.endpoints.any_file import open_file
from omm_desktop.endpoints.convert.payload import whole
from omm_desktop.endpoints.files.content import Brake
from omm_desktop.endpoints.files.saved_mailbox import open_saved_mailbox
from omm_desktop.endpoints.files.survey import survey
from omm_desktop.endpoints.together import MOST_OPEN, Together
from omm_desktop.model.account import EndpointKind, on_disk
from omm_desktop.model.items import Folder, Item, ItemKind
from omm_desktop.model.ports import FolderWish, Refused, Source
from omm_desktop.model.problem import ItemError, OwnerNeeded, Place, ProblemId, TryAgain
from omm_desktop.model.secret import Secret
from omm_desktop.wizard.probe_result import PROBE_STEPS, ProbeStep
from tests.people_files.reading import calendar, card, event, item, made, open_files, stored

MAIL = b"From: a@example.test\nSubject: one\n\nFirst\n"
MBOX = b"From a Mon Jan  1 00:00:00 2001\n" + MAIL + b"\n"
CARD = card("FN:Zoe")
AGENDA = calendar(event("1", "SUMMARY:x", "DTSTART:20240101"))
TWO_KINDS = calendar(
    event("2", "SUMMARY:y", "DTSTART:20240102"), event("3", "SUMMARY:z", kind="VTODO")
)
CSV = b"First Name,E-mail Address\nBo,bo@x.test\n"


@contextmanager
def opened(path: Path, kind: EndpointKind = EndpointKind.FILE) -> Iterator[Source]:
    with closing(open_file(kind, path)) as source:
        yield source


def items(source: Source, folder: Folder) -> list[Item]:
    refs = [ref for window in source.refs(folder, None) for ref in window]
    assert {ref.folder_key for ref in refs} <= {folder.key}
    given = list(source.fetch(folder, refs))
    assert [one.ref for one in given] == refs
    return [one for one in given if isinstance(one, Item)]


def held(path: Path, kind: EndpointKind = EndpointKind.FILE) -> dict[tuple[str, ItemKind], int]:
    with opened(path, kind) as source:
        return {(one.name, one.kind): len(items(source, one)) for one in source.folders()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Exports of every kind, none of a telling name."""
    top = tmp_path / "exports"
    (top / "deep").mkdir(parents=True)
    (top / "a").write_bytes(MBOX)
    (top / "b").write_bytes(AGENDA)
    (top / "deep" / "c").write_bytes(TWO_KINDS)
    (top / "deep" / "d").write_bytes(CARD + card("FN:Ali"))
    (top / "e.txt").write_bytes(CSV)
    (top / "f").write_bytes(b"Nothing of ours\n")
    with zipfile.ZipFile(top / "g.zip", "w") as archive:
        archive.writestr("x/contacts.vcf", card("FN:Cy"))
    with zipfile.ZipFile(top / "h.zip", "w") as archive:
        archive.writestr("x/readme", "nothing of ours")
    return top


EVERYTHING = {
    ("a", ItemKind.MAIL): 1,
    ("b", ItemKind.EVENTS): 1,
    ("c", ItemKind.EVENTS): 1,
    ("c (2)", ItemKind.TASKS): 1,
    ("d", ItemKind.CONTACTS): 2,
    ("e", ItemKind.CONTACTS): 1,
    ("contacts", ItemKind.CONTACTS): 1,
}


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (MBOX, {("x", ItemKind.MAIL): 1}),
        (MAIL, {ItemKind.MAIL: 1}),
        (CARD, {("x", ItemKind.CONTACTS): 1}),
        (AGENDA, {("x", ItemKind.EVENTS): 1}),
        (CSV, {("x", ItemKind.CONTACTS): 1}),
    ],
)
def test_a_file_is_what_its_content_makes_it(
    content: bytes, found: dict[object, int], tmp_path: Path
) -> None:
    (tmp_path / "x").write_bytes(content)
    told = held(tmp_path / "x")
    assert told == found or {kind: number for (_, kind), number in told.items()} == found


def test_a_folder_gives_all_it_holds(folder: Path) -> None:
    assert held(folder) == EVERYTHING


def test_a_folder_taken_for_one_kind_gives_no_mail(folder: Path) -> None:
    told = held(folder, EndpointKind.VCF)
    assert told == {place: n for place, n in EVERYTHING.items() if place[1] is not ItemKind.MAIL}


def test_an_archive_gives_mail_and_people(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "takeout", "w") as archive:
        archive.writestr("Takeout/Mail/All.mbox", MBOX)
        archive.writestr("Takeout/Contacts/All.vcf", CARD)
        archive.writestr("Takeout/Calendar/moi@exemple.fr.ics", AGENDA)
    with opened(tmp_path / "takeout") as source:
        kinds = [one.kind for one in source.folders()]
    assert sorted(kinds) == sorted({ItemKind.MAIL, ItemKind.CONTACTS, ItemKind.EVENTS})


def test_a_broken_outlook_file_in_an_archive_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever packed it must not believe that it was copied."""
    monkeypatch.setattr(paths, "user_data", lambda: tmp_path)
    with zipfile.ZipFile(tmp_path / "both.zip", "w") as archive:
        archive.writestr("a.vcf", CARD)
        archive.writestr("Outlook.pst", b"!BDN" + bytes(600))
    with opened(tmp_path / "both.zip") as source:
        contacts, broken = source.folders()
        assert contacts.kind is ItemKind.CONTACTS
        with pytest.raises(ItemError) as caught:
            next(source.refs(broken, None))
    assert (caught.value.problem.id, caught.value.problem.subject) == (
        ProblemId.FILE_NOT_UNDERSTOOD,
        "Outlook.pst",
    )


def test_what_macos_puts_beside_files_is_none_of_them(tmp_path: Path) -> None:
    beside = b"\0\5\x16\7\0\2\0\0Mac OS X        " + bytes(80)
    files = {"a.eml": MAIL, "b.mbox": MBOX, "c.vcf": CARD, "d.ics": AGENDA, "00000001.eml": MAIL}
    top = tmp_path / "exports"
    top.mkdir()
    with zipfile.ZipFile(tmp_path / "exports.zip", "w") as archive:
        for name, content in files.items():
            (top / name).write_bytes(content)
            (top / f"._{name}").write_bytes(beside)
            archive.writestr(f"exports/{name}", content)
            archive.writestr(f"__MACOSX/exports/._{name}", beside)
    (top / ".omm-desktop").write_bytes(b"7\n")
    for path in (top, tmp_path / "exports.zip"):
        with opened(path) as source:
            folders = source.folders()
            assert sum(len(items(source, one)) for one in folders) == len(files), path.name
        assert not any("._" in one.name or "MACOSX" in one.name for one in folders)
        assert not any(one.remarks for one in folders)


def test_files_of_one_item_each_are_one_folder(tmp_path: Path) -> None:
    for number in range(3 * MOST_OPEN):
        (tmp_path / f"{number:02}.vcf").write_bytes(card(f"FN:Person {number}"))
        (tmp_path / f"{number:02}.ics").write_bytes(calendar(event(str(number), "SUMMARY:x")))
    (tmp_path / "Sport.ics").write_bytes(calendar(event("s"), event("t")))
    named = calendar(event("n", "SUMMARY:x"), told=["X-WR-CALNAME:Work"])
    (tmp_path / "named.ics").write_bytes(named)
    (tmp_path / "contacts").write_bytes(MBOX)
    before = open_files()
    with opened(tmp_path) as source:
        folders = source.folders()
        people = next(one for one in folders if one.kind is ItemKind.CONTACTS)
        told = {item.ref.key: whole(item.payload) for item in items(source, people)}
        counts = {(one.name, one.kind): len(items(source, one)) for one in folders}
        assert open_files() <= before + MOST_OPEN
    name = tmp_path.name
    assert counts == {
        (name, ItemKind.CONTACTS): 3 * MOST_OPEN,
        (f"{name} (2)", ItemKind.EVENTS): 3 * MOST_OPEN,
        ("Sport", ItemKind.EVENTS): 2,
        ("Work", ItemKind.EVENTS): 1,
        ("contacts", ItemKind.MAIL): 1,
    }
    (tmp_path / "00.vcf").write_bytes(card("FN:Other"))
    with opened(tmp_path) as source:
        again = {item.ref.key: whole(item.payload) for item in items(source, people)}
    assert len(again) == len(told)
    assert len(told.items() - again.items()) == len(told.keys() - again.keys()) == 1


@pytest.mark.parametrize("packed", [False, True])
def test_what_was_saved_keeps_its_folders(packed: bool, tmp_path: Path) -> None:
    saved = {
        ItemKind.CONTACTS: CARD,
        ItemKind.EVENTS: AGENDA,
        ItemKind.TASKS: calendar(event("t", "SUMMARY:x", kind="VTODO")),
    }
    top = tmp_path / "saved"
    with closing(open_saved_mailbox(top)) as destination:
        for kind, name in product(saved, ("Home", "Work")):
            folder = made(destination, FolderWish((name,), kind=kind))
            stored(destination, folder, [item(kind, saved[kind])])
    given = top
    if packed:
        given = tmp_path / "saved.zip"
        with zipfile.ZipFile(given, "w") as archive:
            for file in (file for file in top.rglob("*") if file.is_file()):
                archive.write(file, file.relative_to(tmp_path))
    with opened(given) as source:
        found = {(one.kind, one.name.partition(" ")[0]) for one in source.folders()}
    assert found == set(product(saved, ("Home", "Work")))


def test_of_items_in_files_of_their_own_those_before_a_day_are_left_out(tmp_path: Path) -> None:
    for year in (2019, 2023, 2024):
        content = calendar(event(str(year), f"DTSTART:{year}0101T100000Z"))
        (tmp_path / f"{year}.ics").write_bytes(content)
    with opened(tmp_path) as source:
        (folder,) = source.folders()
        refs = [ref for window in source.refs(folder, date(2023, 1, 1)) for ref in window]
    assert [ref.key.partition("/")[2] for ref in refs] == ["2023.ics", "2024.ics"]
    for number in range(MOST_OPEN):
        (tmp_path / f"more{number}.ics").write_bytes(calendar(event(f"{number}", "SUMMARY:x")))
    with opened(tmp_path) as source:
        (folder,) = source.folders()
        (tmp_path / "2019.ics").unlink()
        refs = [ref for window in source.refs(folder, date(2023, 1, 1)) for ref in window]
        gone, *others = source.fetch(folder, refs)
    assert isinstance(gone, Refused)
    assert len(others) == MOST_OPEN + 2


def test_what_lies_deep_is_found(tmp_path: Path) -> None:
    """Deeper than the names of the longest path that Windows shows may be."""
    place = tmp_path
    for _ in range(150):
        place /= "d"
    place.mkdir(parents=True)
    (place / "a.eml").write_bytes(MAIL)
    (place / "b.vcf").write_bytes(CARD)
    assert survey(tmp_path, Brake()).files.total() == 2
    assert sum(held(tmp_path).values()) == 2


def test_many_files_are_not_open_at_once_and_are_the_same_each_time(tmp_path: Path) -> None:
    for number in range(3 * MOST_OPEN):
        people = card(f"FN:Person {number}") + card(f"FN:Friend {number}")
        (tmp_path / f"{number:02}.vcf").write_bytes(people)
    before = open_files()
    with opened(tmp_path) as source:
        folders = source.folders()
        read = {one.key: [whole(i.payload) for i in items(source, one)] for one in folders}
        again = {one.key: [whole(i.payload) for i in items(source, one)] for one in folders[::-1]}
        assert open_files() <= before + MOST_OPEN
    assert read == again
    assert len({bytes(one[0]) for one in read.values()}) == 3 * MOST_OPEN
    with opened(tmp_path) as source:
        assert [one.validity for one in source.folders()] == [one.validity for one in folders]


def test_a_file_that_changes_while_another_is_read_is_told(tmp_path: Path) -> None:
    for number in range(MOST_OPEN + 2):
        people = card(f"FN:Person {number}") + card(f"FN:Friend {number}")
        (tmp_path / f"{number}.vcf").write_bytes(people)
    with opened(tmp_path, EndpointKind.VCF) as source:
        folders = source.folders()
        (tmp_path / "0.vcf").write_bytes(card("FN:Other"))
        with pytest.raises(ItemError) as caught:
            items(source, folders[0])
        assert caught.value.problem.id is ProblemId.FILE_CHANGED
        assert items(source, folders[1])


def test_of_items_in_files_of_their_own_one_that_changes_costs_no_other(tmp_path: Path) -> None:
    for number in range(MOST_OPEN + 2):
        (tmp_path / f"{number}.vcf").write_bytes(card(f"FN:Person {number}"))
    with opened(tmp_path) as source:
        (folder,) = source.folders()
        refs = [ref for window in source.refs(folder, None) for ref in window]
        (tmp_path / "0.vcf").write_bytes(card("FN:Other"))
        (tmp_path / "1.vcf").unlink()
        changed, gone, *others = source.fetch(folder, refs)
    assert isinstance(changed, Refused)
    assert changed.problem.id is ProblemId.FILE_CHANGED
    assert isinstance(gone, Refused)
    assert gone.problem.id is ProblemId.FILE_UNREADABLE
    assert [one.label.subject for one in others if isinstance(one, Item)] == [
        f"Person {number}" for number in range(2, MOST_OPEN + 2)
    ]


def test_what_is_broken_is_a_folder_that_fails(tmp_path: Path) -> None:
    (tmp_path / "good.vcf").write_bytes(CARD)
    (tmp_path / "bad.pst").write_bytes(b"!BDN" + bytes(600))
    with opened(tmp_path) as source:
        good, bad = sorted(source.folders(), key=lambda one: one.name, reverse=True)
        assert (good.name, bad.name) == ("good", "bad.pst")
        assert items(source, good)
        with pytest.raises(ItemError):
            list(source.refs(bad, None))


@pytest.mark.parametrize("kind", [EndpointKind.FILE, EndpointKind.ICS, EndpointKind.MBOX])
def test_what_is_missing_or_says_nothing_is_refused(kind: EndpointKind, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"Nothing of ours\n")
    (tmp_path / "no mail.mbox").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "empty").mkdir()
    for name, id in (
        ("gone", ProblemId.FILE_UNREADABLE),
        ("x", ProblemId.FILE_NOT_UNDERSTOOD),
        ("empty", ProblemId.FILE_NOT_UNDERSTOOD),
        ("no mail.mbox", ProblemId.FILE_NOT_UNDERSTOOD),
    ):
        if kind is EndpointKind.MBOX and name == "empty":
            continue
        with pytest.raises(OwnerNeeded) as caught, opened(tmp_path / name, kind) as source:
            source.folders()
        assert (caught.value.problem.id, caught.value.problem.subject) == (id, name)


@pytest.mark.parametrize("mark", [b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\x01\0"])
def test_of_an_archive_of_another_kind_the_way_out_is_told(mark: bytes, tmp_path: Path) -> None:
    archive = tmp_path / "takeout-001"
    archive.write_bytes(mark + bytes(1000))
    for look in (lambda: survey(archive, Brake()), lambda: open_file(EndpointKind.FILE, archive)):
        with pytest.raises(OwnerNeeded) as caught:
            look()
        assert caught.value.problem.id is ProblemId.ARCHIVE_NOT_READ


def test_a_file_without_mail_among_others_is_told(folder: Path) -> None:
    (folder / "no mail.mbox").write_bytes(bytes(range(256)) * 40)
    with opened(folder) as source:
        told = {one.name: [problem.id for problem in one.remarks] for one in source.folders()}
    assert told.pop("no mail") == [ProblemId.FILE_NOT_UNDERSTOOD]
    assert not any(told.values())


def test_an_archive_is_read_though_a_file_in_it_is_of_no_mail(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("good.mbox", MBOX)
        archive.writestr("bad.mbox", bytes(range(256)))
    with opened(tmp_path / "a.zip") as source:
        told = {one.name: (one.count, len(one.remarks)) for one in source.folders()}
    assert told == {"good": (1, 0), "bad": (0, 1)}


def test_an_end_of_all_reading(folder: Path) -> None:
    with opened(folder) as source:
        assert isinstance(source, Together)
        folders = source.folders()
        source.abort()
        with pytest.raises(TryAgain):
            items(source, folders[-1])


def test_the_check_of_an_account_tells_what_is_in_files_and_what_a_folder_takes(
    folder: Path, tmp_path: Path
) -> None:
    steps: list[ProbeStep] = []
    source = on_disk(EndpointKind.FILE, folder)
    read = probe(source, Secret(""), Place.SOURCE, steps.append)
    assert {(one.name, one.kind) for one in read.folders} == set(EVERYTHING)
    saved = on_disk(EndpointKind.FILES, tmp_path / "saved")
    there = probe(saved, Secret(""), Place.DESTINATION, steps.append)
    assert there.kinds == frozenset(ItemKind)
    assert there.space is not None
    assert there.space.free_bytes
    assert steps == [*PROBE_STEPS, *PROBE_STEPS]
    assert not saved.place.exists(), "nothing was agreed yet"
