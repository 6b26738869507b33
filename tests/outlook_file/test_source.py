"""The collection's files, and made ones, through the port."""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from omm_desktop.model.items import FolderRole, Item, ItemKind
from omm_desktop.model.problem import ItemError, OwnerNeeded, ProblemId, TryAgain
from tests.pst.collection import BROKEN, SOUND
from tests.pst.outlook import PUBLIC_STRINGS, Box, Letter, Outlook, flag, number, text, texts, time
from tests.pst.recorded import RECORD

from .everything import opened, read_all, read_file

LIBPFF = json.loads(RECORD.read_text())
OF_OUTLOOK = frozenset({"Freebusy Data"})
"""Beside the top of what a person sees."""

DAY = 864_000_000_000
"""Ticks of a day, in 100 ns since 1601."""


@pytest.mark.parametrize("name", SOUND)
def test_everything_libpff_finds_arrives(name: str, pst_files: dict[str, Path]) -> None:
    found = read_file(pst_files[name])
    assert found.refused == []
    folders = LIBPFF[name]["folders"].values()
    expected = {nid for path, nids in folders for nid in nids if path not in OF_OUTLOOK}
    assert {int(key) for _, _, key in found.items} == expected
    assert all(folder.remarks == () for folder in found.folders)


@pytest.mark.parametrize("name", SOUND)
def test_the_same_bytes_at_every_reading(name: str, pst_files: dict[str, Path]) -> None:
    once, again = read_file(pst_files[name]), read_file(pst_files[name])
    assert once.data() == again.data()
    assert once.folders == again.folders
    for place, item in once.items.items():
        other = again.items[place]
        assert (item.fingerprint, item.content) == (other.fingerprint, other.content)


def test_of_a_broken_file_its_folders_say_what_is_damaged(pst_files: dict[str, Path]) -> None:
    found = read_file(pst_files[BROKEN])
    assert (len(found.folders), found.items) == (4, {})
    for folder in found.folders:
        assert {problem.id for problem in folder.remarks} == {ProblemId.FILE_DAMAGED}


def test_what_folders_are_for(pst_files: dict[str, Path]) -> None:
    with opened(pst_files["Aspose.Email-for-.NET__Outlook.pst"]) as source:
        folders = {folder.name: folder for folder in source.folders()}
    assert {name: folder.role for name, folder in folders.items() if folder.role} == {
        "Inbox": FolderRole.INBOX,
        "Sent Items": FolderRole.SENT,
        "Drafts": FolderRole.DRAFTS,
        "Junk E-mail": FolderRole.JUNK,
        "Deleted Items": FolderRole.TRASH,
        "Calendar": FolderRole.CALENDAR,
        "Contacts": FolderRole.CONTACTS,
        "Tasks": FolderRole.TASKS,
    }
    kinds = {name: folder.kind for name, folder in folders.items()}
    assert (kinds["Calendar"], kinds["Contacts"]) == (ItemKind.EVENTS, ItemKind.CONTACTS)
    # What Outlook keeps for itself, and what is empty, is no folder of a person.
    assert not {"Outbox", "Journal", "RSS Feeds"} & set(folders)


def test_a_copy_of_a_mailbox_tells_by_its_names(pst_files: dict[str, Path]) -> None:
    with opened(pst_files["pstextractortestpdf@outlook.com.ost"]) as source:
        roles = {folder.name: folder.role for folder in source.folders() if folder.role}
    assert roles["Sent Items"] is FolderRole.SENT
    assert roles["Junk Email"] is FolderRole.JUNK
    assert roles["Calendar"] is FolderRole.CALENDAR
    assert "Contacts/Recipient Cache" not in roles


def test_a_folder_with_items_of_several_kinds_is_one_for_each(tmp_path: Path) -> None:
    letters = [
        Letter({0x001A: text("IPM.Contact.Mine"), 0x3001: text("Ann")}),
        Letter({0x001A: text("IPM.Note"), 0x0037: text("Mail")}),
        Letter({0x001A: text("IPM.Schedule.Meeting.Request"), 0x0037: text("Invitation")}),
        Letter({0x001A: text("IPM.StickyNote"), 0x0037: text("Note"), 0x0E07: number(8)}),
        Letter({0x001A: text("IPM.TaskRequest"), 0x0037: text("Request")}),
        Letter({0x0037: text("No class")}),
    ]
    Outlook().save(tmp_path / "made.pst", [Box("Mixed", letters)])
    found = read_file(tmp_path / "made.pst")
    assert {folder.kind: folder.count for folder in found.folders} == {
        ItemKind.MAIL: 5,
        ItemKind.CONTACTS: 1,
    }
    assert len({folder.key for folder in found.folders}) == 2
    (note,) = (item for item in found.items.values() if item.label.subject == "Note")
    assert note.flags == {"\\Seen"}


def test_state_date_and_categories(tmp_path: Path) -> None:
    properties = {
        0x0037: text("Hello"),
        0x0E07: number(1),
        0x1090: number(2),
        0x0E06: time(152_000 * DAY),
        0x8000: texts("Project X", "Été"),
    }
    Outlook().save(
        tmp_path / "made.pst",
        [Box("Inbox", [Letter(properties)])],
        {(PUBLIC_STRINGS, "Keywords"): 0x8000},
    )
    (item,) = read_file(tmp_path / "made.pst").items.values()
    assert item.flags == {"\\Seen", "\\Flagged", "Project_X", "Été"}
    assert item.received == datetime(2017, 3, 1, tzinfo=UTC)


def test_the_newest_come_first_and_the_old_are_left_out(tmp_path: Path) -> None:
    days = (150_000, 152_000, 151_000)
    letters = [Letter({0x0037: text(str(day)), 0x0E06: time(day * DAY)}) for day in days] + [
        Letter({0x0037: text("undated")})
    ]
    Outlook().save(tmp_path / "made.pst", [Box("Inbox", letters)])
    with opened(tmp_path / "made.pst") as source:
        (folder,) = source.folders()
        (refs,) = source.refs(folder, None)
        subjects = [
            item.label.subject for item in source.fetch(folder, refs) if isinstance(item, Item)
        ]
        assert subjects == ["152000", "151000", "150000", "undated"]
        (kept,) = source.refs(folder, date(2014, 6, 1))
        assert [ref.key for ref in kept] == [refs[0].key, refs[1].key, refs[3].key]


def test_a_file_that_changed_is_another_one(tmp_path: Path) -> None:
    path = tmp_path / "made.pst"
    Outlook().save(path, [Box("Inbox", [Letter({0x0037: text("One")})])])
    with opened(path) as source:
        (folder,) = source.folders()
        assert folder.validity is not None
        assert 0 < folder.validity < 1 << 63
        Outlook().save(path, [Box("Inbox", [Letter({0x0037: text("Other one")})])])
        with pytest.raises(TryAgain):
            list(source.refs(folder, None))
        with pytest.raises(ItemError) as raised:
            list(source.refs(folder, None))
        assert raised.value.problem.id is ProblemId.FILE_CHANGED
        assert len(read_all(source).items) == 1


def test_nothing_is_written(pst_files: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "copy.pst"
    path.write_bytes(pst_files["pstsdk__submessage.pst"].read_bytes())
    path.chmod(0o400)
    before = path.stat()
    read_file(path)
    after = path.stat()
    assert (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size)
    assert os.listdir(tmp_path) == ["copy.pst"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"From: a@example.test\r\n\r\n" * 100, ProblemId.FILE_NOT_UNDERSTOOD),
        (b"", ProblemId.FILE_NOT_UNDERSTOOD),
        (b"!BDN", ProblemId.FILE_NOT_UNDERSTOOD),
        (None, ProblemId.FILE_UNREADABLE),
    ],
    ids=["mbox", "empty", "cut", "missing"],
)
def test_what_is_no_such_file(content: bytes | None, expected: ProblemId, tmp_path: Path) -> None:
    path = tmp_path / "other.pst"
    if content is not None:
        path.write_bytes(content)
    with opened(path) as source, pytest.raises(OwnerNeeded) as raised:
        source.folders()
    assert raised.value.problem.id is expected
    assert str(tmp_path) not in str(raised.value)


def test_a_summary_comes_before_the_file_is_read_to_its_end(pst_files: dict[str, Path]) -> None:
    with opened(pst_files["Aspose.Email-for-.NET__Outlook.pst"]) as source:
        counts: Counter[ItemKind] = Counter()
        for folder in source.summary():
            assert folder.validity is None
            counts[folder.kind] += folder.count or 0
    assert counts == {
        ItemKind.MAIL: 14,
        ItemKind.CONTACTS: 1,
        ItemKind.EVENTS: 1,
        ItemKind.TASKS: 0,
    }


def test_hidden_folders_stay_behind(tmp_path: Path) -> None:
    letter = Letter({0x0037: text("Hidden")})
    boxes = [Box("Settings", [letter], [Box("Within", [letter])], {0x10F4: flag(True)})]
    Outlook().save(tmp_path / "made.pst", [*boxes, Box("Inbox")])
    with opened(tmp_path / "made.pst") as source:
        assert [folder.name for folder in source.folders()] == ["Inbox"]


def test_addresses_are_learned_from_the_whole_file(tmp_path: Path) -> None:
    """Whatever is read first: a letter names Ann by her place in Exchange, another by both."""
    inside = {0x3001: text("Ann"), 0x3002: text("EX"), 0x3003: text("/o=Org/cn=Ann")}
    author = {0x0042: text("Ann"), 0x0064: text("EX"), 0x0065: text("/O=ORG/CN=ANN")}
    letters = [
        Letter({**author, 0x0037: text("By half")}, [inside]),
        Letter({0x0037: text("Whole")}, [{**inside, 0x39FE: text("ann@example.test")}]),
    ]
    Outlook().save(tmp_path / "made.pst", [Box("Inbox", letters)])
    found = read_file(tmp_path / "made.pst")
    (item,) = (one for one in found.items.values() if one.label.subject == "By half")
    assert item.label.sender == "Ann <ann@example.test>"
    assert item.remarks == ()


def test_nothing_is_read_out_of_a_file_that_is_cut_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "made.pst"
    Outlook().save(path, [Box("Inbox", [Letter({0x0037: text(name)}) for name in "abc"])])
    with opened(path) as source:
        (folder,) = source.folders()
        (refs,) = source.refs(folder, None)
        given = iter(source.fetch(folder, refs))
        assert isinstance(next(given), Item)
        os.truncate(path, path.stat().st_size // 2)
        with pytest.raises(TryAgain) as raised:
            list(given)
    assert raised.value.problem.id is ProblemId.FILE_CHANGED
