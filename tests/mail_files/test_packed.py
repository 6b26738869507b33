"""Mail that gzip, bzip2 or xz has packed, and tar archives: Takeout's other format, and backups."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import subprocess
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from omm_desktop.endpoints.any_file import open_file
from omm_desktop.endpoints.files import archive, packing
from omm_desktop.endpoints.files.content import Brake
from omm_desktop.endpoints.files.mail_source import open_mail
from omm_desktop.endpoints.files.recognise import FileKind
from omm_desktop.endpoints.files.survey import Survey, survey
from omm_desktop.file_look import FileLook
from omm_desktop.model.account import EndpointKind, on_disk
from omm_desktop.model.items import FolderPath, ItemKind
from omm_desktop.model.problem import ItemError, OwnerNeeded, ProblemId, TryAgain
from omm_desktop.model.progress import Reading
from tests.people_files.reading import card, open_files

from .gmail_export import assert_read_as_unpacked, members
from .reading import Found, all_mail, found_in, messages_of
from .test_zipped import LETTER, MBOX, zipped

FORMS = {"x.tar": "w", "x.tgz": "w:gz", "x.tar.bz2": "w:bz2", "x.txz": "w:xz"}
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
}


def tarred(
    path: Path, files: dict[str, bytes], mode: str = "w:gz", form: int = tarfile.PAX_FORMAT
) -> Path:
    with tarfile.open(path, mode, format=form) as made:  # type: ignore[call-overload]
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            made.addfile(member, io.BytesIO(content))
    return path


@pytest.mark.parametrize("name", FORMS)
def test_an_export_of_gmail_is_read_as_it_was_before_it_was_packed(
    tmp_path: Path, name: str
) -> None:
    assert_read_as_unpacked(tarred(tmp_path / name, members(), FORMS[name]))


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_every_form_of_tar(tmp_path: Path, form: int) -> None:
    longest = "Boîte/" * 14 + "letters" * 8
    files = {
        "mail/é.mbox": MBOX * 3,
        f"mail/{longest}/1.eml": LETTER,
        "mail/empty.mbox": b"",
        "mail/readme.txt": b"Nothing." * 200,
    }
    path = tarred(tmp_path / "backup.tar", files, "w", form)
    found = {place[-1]: [one.message for one in mail] for place, mail in all_mail(path).items()}
    assert found == {"é": [LETTER] * 3, "letters" * 8: [LETTER], "empty": []}
    looked = survey(path, Brake())
    assert (looked.kind, looked.other) == (FileKind.PACKED, 1)
    assert looked.files == {FileKind.MBOX: 2, FileKind.EML: 1}


@pytest.mark.parametrize("suffix", PACKERS)
def test_one_file_that_was_packed(tmp_path: Path, suffix: str) -> None:
    """As archives of mailing lists are offered."""
    (tmp_path / f"2024-May.mbox{suffix}").write_bytes(PACKERS[suffix](MBOX * 20))
    (tmp_path / f"one.eml{suffix}").write_bytes(PACKERS[suffix](LETTER))
    assert messages_of(tmp_path / f"one.eml{suffix}") == [LETTER]
    found = {path: len(mail) for path, mail in all_mail(tmp_path).items()}
    assert sorted(found.values()) == [1, 20]
    assert ("2024-May",) in {path[-1:] for path in found}


def test_what_was_packed_in_parts_is_one_file(tmp_path: Path) -> None:
    (tmp_path / "x.mbox.gz").write_bytes(gzip.compress(MBOX) + gzip.compress(MBOX * 2))
    assert messages_of(tmp_path / "x.mbox.gz") == [LETTER] * 3


def test_a_takeout_gives_people_and_calendars_as_well(tmp_path: Path) -> None:
    files = {
        "Takeout/Mail/All.mbox": MBOX,
        "Takeout/Contacts/All.vcf": card("FN:Zoe") + card("FN:Ali"),
        "Takeout/Photos/1.jpg": b"\xff\xd8\xff" * 1000,
    }
    with closing(open_file(EndpointKind.FILE, tarred(tmp_path / "t.tgz", files))) as source:
        found = {(one.kind, one.count) for one in source.folders()}
    assert found == {(ItemKind.MAIL, 1), (ItemKind.CONTACTS, 2)}


def test_many_packed_files_are_not_all_open(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number}.mbox.gz").write_bytes(gzip.compress(MBOX))
    before = open_files()
    with closing(open_mail(tmp_path)) as source:
        assert len(source.folders()) == 30
        assert open_files() <= before + 32
    assert open_files() <= before


@pytest.mark.parametrize("name", [name for name in FORMS if name != "x.tar"])
def test_what_comes_before_the_damage_is_read_and_the_rest_is_told(
    tmp_path: Path, name: str
) -> None:
    noise = Random(1).randbytes(2 << 20)
    files = {
        "a/first.eml": LETTER,
        "a/noise": noise,
        "b/last.mbox": MBOX + Random(2).randbytes(2 << 20),
    }
    path = tarred(tmp_path / name, files, FORMS[name])
    path.write_bytes(path.read_bytes()[: 3 << 20])
    with closing(open_mail(path)) as source:
        (folder,) = source.folders()
        assert [one.message for one in found_in(source, folder)] == [LETTER]
    assert {one.id for one in folder.remarks} == {ProblemId.ARCHIVE_PART_LEFT_OUT}


@pytest.mark.parametrize("form", ["gnu", "pax"])
def test_what_was_sparse_is_told_and_the_rest_is_read(tmp_path: Path, form: str) -> None:
    with (tmp_path / "b.mbox").open("wb") as box:
        for number in range(8):
            box.seek(number << 20)
            box.write(MBOX)
    for name in ("a.eml", "c.eml"):
        (tmp_path / name).write_bytes(LETTER)
    command = ["tar", "-C", tmp_path, f"--format={form}", "-Scf", tmp_path / "x.tar"]
    subprocess.run([*command, "a.eml", "b.mbox", "c.eml"], check=True)
    with closing(open_mail(tmp_path / "x.tar")) as source:
        (folder,) = source.folders()
        assert [one.message for one in found_in(source, folder)] == [LETTER, LETTER]
    told = [(one.id, one.subject) for one in folder.remarks]
    assert told == [(ProblemId.ARCHIVE_PART_LEFT_OUT, "b.mbox")]


def test_a_size_of_any_length_is_no_size(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "x.tar", "w", format=tarfile.PAX_FORMAT) as made:
        member = tarfile.TarInfo("a.eml")
        member.size, member.pax_headers = len(LETTER), {"size": "9" * 5000}
        made.addfile(member, io.BytesIO(LETTER))
    assert messages_of(tmp_path / "x.tar") == [LETTER]


def test_a_tar_that_ends_in_the_middle_of_a_file(tmp_path: Path) -> None:
    path = tarred(tmp_path / "x.tar", {"a/1.eml": LETTER, "b/2.mbox": MBOX * 200}, "w")
    path.write_bytes(path.read_bytes()[:4000])
    with closing(open_mail(path)) as source:
        (folder,) = source.folders()
        assert [one.message for one in found_in(source, folder)] == [LETTER]
    first = folder.remarks[0]
    assert (first.id, first.subject) == (ProblemId.ARCHIVE_PART_LEFT_OUT, "b/2.mbox")


@pytest.mark.parametrize("name", ["x.tgz", "x.mbox.gz"])
def test_what_expands_beyond_measure_is_left_out_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(archive, "FREE", 1 << 20)
    huge = MBOX + b"\0" * (8 << 20)
    if name == "x.tgz":
        tarred(tmp_path / name, {"a.mbox": huge})
    else:
        (tmp_path / name).write_bytes(gzip.compress(huge))
    with closing(open_mail(tmp_path / name)) as source, pytest.raises(OwnerNeeded) as caught:
        source.folders()
    assert caught.value.problem.id is ProblemId.ARCHIVE_PART_LEFT_OUT


def test_what_takes_too_much_memory_to_unpack_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "MEMORY", 1 << 20)
    (tmp_path / "x.mbox.xz").write_bytes(lzma.compress(MBOX))
    with closing(open_mail(tmp_path / "x.mbox.xz")) as source, pytest.raises(OwnerNeeded) as caught:
        source.folders()
    assert caught.value.problem.id is ProblemId.ARCHIVE_PART_LEFT_OUT


def test_packed_mail_that_is_cut_is_told_among_other_files(tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(LETTER)
    (tmp_path / "cut.mbox.gz").write_bytes(gzip.compress(MBOX + Random(1).randbytes(1 << 20))[:-9])
    with closing(open_mail(tmp_path)) as source:
        cut, folder = source.folders()
        assert len(found_in(source, folder)) == 1
        with pytest.raises(ItemError) as caught:
            list(source.refs(cut, None))
    problem = caught.value.problem
    assert (problem.id, problem.subject) == (ProblemId.ARCHIVE_PART_LEFT_OUT, "cut.mbox")


@pytest.mark.parametrize("within", ["b.mbox.gz", "b.zip", "b.tar"])
@pytest.mark.parametrize("form", ["x.tgz", "x.zip"])
def test_an_archive_within_is_told(tmp_path: Path, form: str, within: str) -> None:
    inner = {
        "b.mbox.gz": lambda path: path.write_bytes(gzip.compress(MBOX)),
        "b.zip": lambda path: zipped(path, {"b.mbox": MBOX}),
        "b.tar": lambda path: tarred(path, {"b.mbox": MBOX}, "w"),
    }
    inner[within](tmp_path / within)
    files = {"a.mbox": MBOX, within: (tmp_path / within).read_bytes()}
    make = zipped if form == "x.zip" else tarred
    with closing(open_mail(make(tmp_path / form, files))) as source:
        (folder,) = source.folders()
    told = [(one.id, one.subject) for one in folder.remarks]
    assert told == [(ProblemId.ARCHIVE_PART_LEFT_OUT, within)]


@pytest.mark.parametrize("form", ["x.tgz", "x.zip"])
def test_a_maildir_in_an_archive_is_read_as_outside(tmp_path: Path, form: str) -> None:
    """As the backup of a server holds it."""
    files = {
        "Maildir/cur/1600000001.M1.host,S=9:2,FS": LETTER,
        "Maildir/cur/1600000002.M2.host:2,": MBOX,
        "Maildir/new/1600000003.M3.host": LETTER,
        "Maildir/.Envoy&AOk-s.2020/cur/1600000004.M4.host:2,SZ": gzip.compress(LETTER),
        "Maildir/.Envoy&AOk-s.2020/new/": b"",
    }
    for name, content in files.items():
        if name.endswith("/"):
            (tmp_path / name).mkdir(parents=True)
        else:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(content)
    del files["Maildir/.Envoy&AOk-s.2020/new/"]
    outside = all_mail(tmp_path / "Maildir")
    within = all_mail((zipped if form == "x.zip" else tarred)(tmp_path / form, files))

    def told(found: dict[FolderPath, list[Found]]) -> dict[FolderPath, list[object]]:
        return {path: [(one.message, one.flags) for one in mail] for path, mail in found.items()}

    assert told(within) == told(outside)
    assert set(within) == {("INBOX",), ("Envoyés", "2020")}


def test_links_in_a_tar_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.eml").write_bytes(LETTER)
    with tarfile.open(tmp_path / "x.tar", "w") as made:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE):
            link = tarfile.TarInfo("link.eml")
            link.type, link.linkname = kind, str(tmp_path / "secret.eml")
            made.addfile(link)
        real = tarfile.TarInfo("../../real.eml")
        real.size = len(LETTER)
        made.addfile(real, io.BytesIO(LETTER))
    before = sorted(tmp_path.parent.parent.iterdir())
    assert messages_of(tmp_path / "x.tar") == [LETTER]
    assert sorted(tmp_path.parent.parent.iterdir()) == before


def test_unpacking_can_be_ended(tmp_path: Path) -> None:
    path = tarred(tmp_path / "x.tgz", {"a.mbox": MBOX})
    with closing(open_mail(path)) as source:
        source.abort()
        with pytest.raises(TryAgain):
            source.folders()


def test_a_look_into_it_tells_at_once_how_far_it_is(tmp_path: Path) -> None:
    path = tarred(tmp_path / "x.tgz", {"a.mbox": MBOX * 20})
    told: list[Survey | Reading] = []
    found = FileLook(on_disk(EndpointKind.FILE, path)).run(told.append)
    assert isinstance(told[0], Reading)
    assert [one.files for one in told if isinstance(one, Survey)] == [{FileKind.MBOX: 1}]
    assert [folder.count for folder in found.folders] == [20]
