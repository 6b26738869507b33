"""Zip archives, good and hostile."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from omm_desktop.endpoints.files import archive
from omm_desktop.endpoints.files.people import PeopleSource
from omm_desktop.model.items import Folder, FolderRole, ItemKind
from omm_desktop.model.problem import OwnerNeeded, ProblemId, TryAgain

from .reading import calendar, card, event, items, open_files

EVENTS, CONTACTS = ItemKind.EVENTS, ItemKind.CONTACTS


def packed(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            file.writestr(name, content, zipfile.ZIP_DEFLATED)
    return path


def folders_of(path: Path) -> list[Folder]:
    source = PeopleSource(path)
    try:
        found = source.folders()
        for folder in found:
            assert len(items(source, folder)) == folder.count
        return found
    finally:
        source.close()


def told(folders: list[Folder]) -> list[tuple[str, str]]:
    """What of the archive was left out."""
    remarks = [one for folder in folders for one in folder.remarks]
    assert {one.id for one in remarks} <= {ProblemId.ARCHIVE_PART_LEFT_OUT}
    return [(one.subject, one.detail) for one in remarks]


def test_the_archive_that_google_makes_of_calendars(tmp_path: Path) -> None:
    main = calendar(event("a", "SUMMARY:1"), told=["X-WR-CALNAME:anna@gmail.test"])
    other = calendar(event("b", "SUMMARY:1"), told=["X-WR-CALNAME:Sport"])
    people = card("FN:A") + card("FN:B")
    file = packed(
        tmp_path / "x.zip",
        ("anna@gmail.test.ics", main),
        ("Sport_x@group.calendar.google.com.ics", other),
        ("Takeout/Contacts/All Contacts/All Contacts.vcf", people),
        ("Takeout/Contacts/photo.jpg", b"\xff\xd8\xff" * 1000),
        ("Takeout/archive_browser.html", b"<html></html>"),
    )
    found = folders_of(file)
    assert {(one.name, one.kind, one.role, one.count) for one in found} == {
        ("anna@gmail.test", EVENTS, FolderRole.CALENDAR, 1),
        ("Sport", EVENTS, None, 1),
        ("All Contacts", CONTACTS, FolderRole.CONTACTS, 2),
    }
    assert told(found) == []


def test_an_archive_of_a_card_per_file_is_one_folder_and_few_files_are_open(
    tmp_path: Path,
) -> None:
    """As Nextcloud and some telephones make them; a process may have 256 files open."""
    codecs = ("utf-8", "utf-16", "utf-16-le")
    cards = [(f"{n}.vcf", card(f"FN:{n} é").decode().encode(codecs[n % 3])) for n in range(60)]
    before = open_files()
    source = PeopleSource(packed(tmp_path / "x.zip", *cards))
    (folder,) = source.folders()
    assert open_files() <= before + 2
    assert (folder.name, folder.role, folder.count) == ("x", FolderRole.CONTACTS, 60)
    labels = [one.label.subject for one in items(source, folder)]
    assert sorted(labels) == sorted(f"{n} é" for n in range(60))
    source.close()
    assert open_files() <= before


def test_an_archive_of_an_event_per_file_is_one_calendar(tmp_path: Path) -> None:
    def entry(number: int, *told: str) -> bytes:
        return calendar(event(str(number), "SUMMARY:x"), told=told)

    file = packed(
        tmp_path / "x.zip",
        *((f"calendars/private/{number}.ics", entry(number)) for number in range(20)),
        ("calendars/Sport.ics", entry(20)),
        ("calendars/private/named.ics", entry(21, "X-WR-CALNAME:Work")),
    )
    found = {(one.name, one.kind, one.count) for one in folders_of(file)}
    assert found == {("private", EVENTS, 20), ("Sport", EVENTS, 1), ("Work", EVENTS, 1)}


@pytest.mark.parametrize(
    "name", ["../../escaped.vcf", "/etc/escaped.vcf", "C:\\escaped.vcf", "a/../../b.vcf", ".."]
)
def test_no_name_leads_out_of_the_archive(name: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    file = packed(tmp_path / "in/x.zip", (name, card("FN:A")))
    before = sorted(tmp_path.rglob("*"))
    (folder,) = folders_of(file)
    assert folder.count == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_a_bomb_is_left_out_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "FREE", 1 << 20)
    bomb = b"BEGIN:VCARD\r\n" + b"\r\n" * (8 << 20)
    file = packed(tmp_path / "x.zip", ("a.vcf", card("FN:A")), ("b.vcf", bomb))
    found = folders_of(file)
    assert [one.name for one in found] == ["a"]
    assert told(found) == [("b.vcf", "expands to far more than the archive holds")]


def test_what_lies_in_it_twice_counts_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Members that share their bytes are a bomb, too: all parts together have one bound."""
    monkeypatch.setattr(archive, "FREE", 0)
    monkeypatch.setattr(archive, "EXPANSION", 2)
    content = card("FN:A", *(f"NOTE:{number}" for number in range(2000)))
    file = packed(tmp_path / "x.zip", *((f"{number}.vcf", content) for number in range(9)))
    found = folders_of(file)
    count = sum(one.count or 0 for one in found)
    assert 0 < count < 9
    assert len(told(found)) == 9 - count


def test_archives_within_are_not_opened(tmp_path: Path) -> None:
    inner = packed(tmp_path / "inner.zip", ("b.vcf", card("FN:B"))).read_bytes()
    found = folders_of(packed(tmp_path / "x.zip", ("a.vcf", card("FN:A")), ("i.zip", inner)))
    assert [one.name for one in found] == ["a"]
    assert told(found) == [("i.zip", "an archive within the archive")]


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.vcf").write_bytes(card("FN:secret"))
    link = zipfile.ZipInfo("link.vcf")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    file = packed(
        tmp_path / "x.zip", (link, str(tmp_path / "secret.vcf").encode()), ("a.vcf", card("FN:A"))
    )
    assert [one.name for one in folders_of(file)] == ["a"]


def test_what_a_password_protects_is_left_out(tmp_path: Path) -> None:
    file = packed(tmp_path / "x.zip", ("a.vcf", card("FN:A")), ("b.vcf", card("FN:B")))
    content = bytearray(file.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.index(mark, content.index(mark) + 1) + offset
        content[place] |= 1
    file.write_bytes(content)
    found = folders_of(file)
    assert [one.name for one in found] == ["a"]
    assert told(found) == [("b.vcf", "protected by a password")]


def test_a_damaged_part_costs_no_other(tmp_path: Path) -> None:
    file = packed(tmp_path / "x.zip", ("a.vcf", card("FN:A" * 90)), ("b.vcf", card("FN:B")))
    content = bytearray(file.read_bytes())
    start = 30 + len("a.vcf")
    content[start : start + 20] = bytes(20)
    file.write_bytes(content)
    found = folders_of(file)
    assert [one.name for one in found] == ["b"]
    assert [name for name, _ in told(found)] == ["a.vcf"]


@pytest.mark.parametrize("size", [4, 30, 60])
def test_an_archive_without_its_end_is_told(size: int, tmp_path: Path) -> None:
    file = packed(tmp_path / "x.zip", ("a.vcf", card("FN:A")))
    file.write_bytes(file.read_bytes()[:size])
    source = PeopleSource(file)
    with pytest.raises(OwnerNeeded) as caught:
        source.folders()
    source.close()
    assert caught.value.problem.id is ProblemId.FILE_NOT_UNDERSTOOD


def test_a_way_of_packing_that_nobody_knows(tmp_path: Path) -> None:
    file = packed(tmp_path / "x.zip", ("a.vcf", card("FN:A")), ("b.vcf", card("FN:B")))
    content = bytearray(file.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        struct.pack_into("<H", content, content.index(mark) + offset, 98)
    file.write_bytes(content)
    found = folders_of(file)
    assert [one.name for one in found] == ["b"]
    assert [name for name, _ in told(found)] == ["a.vcf"]


def test_reading_an_archive_can_be_ended(tmp_path: Path) -> None:
    file = packed(tmp_path / "x.zip", ("a.vcf", card("FN:A")))
    source = PeopleSource(file)
    source.abort()
    with pytest.raises(TryAgain):
        source.folders()
    source.close()


def test_nothing_but_an_archive_of_nothing(tmp_path: Path) -> None:
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    file = tmp_path / "x.zip"
    file.write_bytes(empty.getvalue())
    source = PeopleSource(file)
    with pytest.raises(OwnerNeeded):
        source.folders()
    source.close()
