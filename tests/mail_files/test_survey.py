"""What is in a file or a folder, at a glance."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from omm_desktop.endpoints.files.content import Brake
from omm_desktop.endpoints.files.recognise import FileKind
from omm_desktop.endpoints.files.survey import Survey, survey
from omm_desktop.model.items import ItemKind
from omm_desktop.model.problem import OwnerNeeded, ProblemId, TryAgain
from tests.servers.corpus import corpus_folder
from tests.servers.process import need

from .msg_writing import STRING, compound, properties

LETTER = b"From: a@example.test\nSubject: x\n\nText\n"
MBOX = b"From a Mon Jan  1 00:00:00 2001\n" + LETTER + b"\n"
CARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A\r\nEND:VCARD\r\n"
CALENDAR = b"\xef\xbb\xbfBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
CSV = b"First Name,Last Name,E-mail Address\r\nA,B,a@example.test\r\n"


def test_a_folder_of_everything(tmp_path: Path) -> None:
    # A document of an office program is a compound file as a message is.
    (tmp_path / "g.doc").write_bytes(compound({"WordDocument": b"x"}))
    (tmp_path / "h").write_bytes(compound(properties({(0x37, STRING): "x"}, 32)))
    files = {"a": MBOX, "b": CARD, "c": CALENDAR, "d.txt": b"Nothing.", "e.eml": LETTER, "f": CSV}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("Takeout/Mail/all.mbox", MBOX)
        archive.writestr("Takeout/readme.html", "<html>")
    (tmp_path / "loop").symlink_to(tmp_path)
    told: list[Survey] = []
    found = survey(tmp_path, Brake(), told.append)
    assert told
    assert found.kind is FileKind.FOLDER
    assert found.files == {
        FileKind.MBOX: 2,
        FileKind.VCF: 1,
        FileKind.ICS: 1,
        FileKind.EML: 1,
        FileKind.CSV: 1,
        FileKind.MSG: 1,
    }
    assert found.other == 3
    assert found.size == sum(path.stat().st_size for path in tmp_path.iterdir() if path.is_file())
    assert found.may_hold == frozenset(ItemKind)


@pytest.mark.parametrize(
    ("content", "kind", "holds"),
    [
        (MBOX, FileKind.MBOX, {ItemKind.MAIL}),
        (CARD, FileKind.VCF, {ItemKind.CONTACTS}),
        (CSV, FileKind.CSV, {ItemKind.CONTACTS}),
        (CALENDAR, FileKind.ICS, {ItemKind.EVENTS, ItemKind.TASKS}),
        (CALENDAR[3:].decode().encode("utf-16"), FileKind.ICS, {ItemKind.EVENTS, ItemKind.TASKS}),
    ],
)
def test_the_name_says_nothing(
    tmp_path: Path, content: bytes, kind: FileKind, holds: set[ItemKind]
) -> None:
    (tmp_path / "misleading.pst").write_bytes(content)
    found = survey(tmp_path / "misleading.pst", Brake())
    assert (found.kind, found.may_hold, found.size) == (kind, holds, len(content))


def test_outlook_files_of_the_collection(tmp_path: Path) -> None:
    folder = corpus_folder() / "pst"
    need(folder.is_dir(), f"the collection of real files, OMM_CORPUS ({folder})")
    found = survey(folder, Brake())
    assert found.files == {FileKind.PST: len(list(folder.glob("*.[po]st*")))}


def test_a_maildir_is_one_mailbox(tmp_path: Path) -> None:
    for part in ("cur", "new", "tmp"):
        (tmp_path / part).mkdir()
    (tmp_path / "cur" / "1").write_bytes(LETTER)
    found = survey(tmp_path, Brake())
    assert (found.kind, dict(found.files), found.other) == (
        FileKind.MAILDIR,
        {FileKind.MAILDIR: 1},
        0,
    )


def test_it_ends_when_told_to(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number}.eml").write_bytes(LETTER)
    brake = Brake()
    with pytest.raises(TryAgain):
        survey(tmp_path, brake, lambda found: brake.pull())


def test_what_is_nothing_of_ours_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.4")
    with pytest.raises(OwnerNeeded) as caught:
        survey(tmp_path / "x.pdf", Brake())
    assert caught.value.problem.id is ProblemId.FILE_NOT_UNDERSTOOD
    with pytest.raises(OwnerNeeded) as caught:
        survey(tmp_path / "gone", Brake())
    assert caught.value.problem.id is ProblemId.FILE_UNREADABLE
