"""Mail in zip archives."""

from __future__ import annotations

import os
import warnings
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from omm_desktop.endpoints.files.mail_source import open_mail
from omm_desktop.model.problem import OwnerNeeded, ProblemId
from tests.people_files.reading import open_files

from .gmail_export import assert_read_as_unpacked, members
from .reading import all_mail, found_in

LETTER = b"From: a@example.test\nDate: Mon, 1 Jan 2001 00:00:00 +0000\nSubject: x\n\nText\n"
MBOX = b"From a Mon Jan  1 00:00:00 2001\n" + LETTER + b"\n"


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return path


def test_an_export_of_gmail_is_read_as_it_was_before_it_was_zipped(tmp_path: Path) -> None:
    assert_read_as_unpacked(zipped(tmp_path / "takeout-001.zip", members()))


def test_folders_of_an_archive(tmp_path: Path) -> None:
    archive = zipped(
        tmp_path / "backup.zip",
        {
            "Backup/mail/INBOX.mbox": MBOX,
            "Backup/mail/Archives/2019.mbox": MBOX * 2,
            "Backup/mail/letters/1.eml": LETTER,
            "Backup/mail/letters/2.eml": LETTER,
            "Backup/readme.txt": b"Nothing.",
        },
    )
    found = {path: [one.message for one in mail] for path, mail in all_mail(archive).items()}
    assert found == {
        ("INBOX",): [LETTER],
        ("Archives", "2019"): [LETTER] * 2,
        ("letters",): [LETTER] * 2,
    }
    (tmp_path / "copy.zip").write_bytes(archive.read_bytes())
    with closing(open_mail(tmp_path)) as source:
        keys = [folder.key for folder in source.folders()]
    assert len(keys) == len(set(keys)) == 6


def test_a_message_with_a_separator_before_it_is_one_of_its_folder(tmp_path: Path) -> None:
    archive = zipped(
        tmp_path / "a.zip",
        {"kept/1.eml": MBOX, "kept/2.eml": LETTER, "kept/3.eml": MBOX * 2, "4.eml": MBOX},
    )
    found = {path: [one.message for one in mail] for path, mail in all_mail(archive).items()}
    assert found == {
        ("INBOX",): [LETTER],
        ("kept",): [LETTER] * 2,
        ("kept", "3.eml"): [LETTER] * 2,
    }


def test_no_name_in_an_archive_is_a_place(tmp_path: Path) -> None:
    top = tmp_path / "a" / "b"
    top.mkdir(parents=True)
    names = ["../../escaped.mbox", "/absolute.mbox", "c/../../x.eml", "C:\\temp\\y.eml"]
    archive = zipped(top / "hostile.zip", dict.fromkeys(names, MBOX))
    found = all_mail(archive)
    assert sum(map(len, found.values())) == 4
    assert all(".." not in path and "" not in path for path in found)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [archive]


def test_what_expands_beyond_measure_is_left_out_and_told(tmp_path: Path) -> None:
    huge = MBOX + b"\0" * (300 << 20)
    archive = zipped(tmp_path / "bomb.zip", {"a.mbox": huge})
    assert archive.stat().st_size < 1 << 20
    with closing(open_mail(archive)) as source:
        with pytest.raises(OwnerNeeded) as caught:
            source.folders()
        assert caught.value.problem.id is ProblemId.ARCHIVE_PART_LEFT_OUT
    both = zipped(tmp_path / "both.zip", {"a.mbox": huge, "b.eml": LETTER})
    with closing(open_mail(both)) as source:
        folders = source.folders()
        assert [problem.id for problem in folders[0].remarks] == [ProblemId.ARCHIVE_PART_LEFT_OUT]
        assert sum(folder.count or 0 for folder in folders) == 1


@pytest.mark.parametrize("cut", [10, 100, 200])
def test_a_broken_archive_is_told(tmp_path: Path, cut: int) -> None:
    archive = zipped(tmp_path / "broken.zip", {"a.mbox": MBOX * 20})
    archive.write_bytes(archive.read_bytes()[:cut])
    with closing(open_mail(archive)) as source, pytest.raises(OwnerNeeded) as caught:
        source.folders()
    assert caught.value.problem.id is ProblemId.ARCHIVE_PART_LEFT_OUT


def test_a_name_that_is_there_twice_is_two_files(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for number in range(3):
            archive.writestr("one.eml", b"X-Number: %d\n" % number + LETTER)
    (mail,) = all_mail(tmp_path / "a.zip").values()
    assert len({one.message for one in mail}) == 3


def test_more_files_than_are_read_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("omm_desktop.endpoints.files.archive.MOST_MEMBERS", 2)
    path = zipped(tmp_path / "a.zip", {f"{number}.eml": LETTER for number in range(3)})
    with closing(open_mail(path)) as source:
        (folder,) = source.folders()
    assert folder.count == 2
    assert [problem.id for problem in folder.remarks] == [ProblemId.FILE_READ_IN_PART]


def test_more_mailboxes_than_a_program_may_open(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    path = zipped(tmp_path / "a.zip", {f"{number}.mbox": MBOX for number in range(300)})
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = os.dup(0)
    os.close(highest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 100, before[1]))
    try:
        found = all_mail(path)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert len(found) == 300
    assert all(one.message == LETTER for mail in found.values() for one in mail)


def test_archives_of_other_things_are_closed_again(tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(LETTER)
    for number in range(30):
        zipped(tmp_path / f"{number}.zip", {"notes.txt": b"of any kind"})
    before = open_files()
    with closing(open_mail(tmp_path)) as source:
        (folder,) = source.folders()
        assert open_files() == before
        assert len(found_in(source, folder)) == 1
