"""Folders as single mail programs and servers lay them out."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from omm_desktop.endpoints.convert.payload import whole
from omm_desktop.endpoints.files.content import Brake
from omm_desktop.endpoints.files.mail_source import open_mail
from omm_desktop.endpoints.files.recognise import kind_of
from omm_desktop.endpoints.files.survey import survey
from omm_desktop.model.items import Item
from omm_desktop.model.ports import Refused
from omm_desktop.model.problem import OwnerNeeded, ProblemId

from .reading import all_mail, answers, messages_of
from .test_folders import LETTER, MBOX, put


def test_a_profile_of_thunderbird_with_a_file_for_each_message(tmp_path: Path) -> None:
    """Its Maildir has no "new", and its flags are in the header."""
    read_, other = b"X-Mozilla-Status: 0005\n" + LETTER, b"X-Mozilla-Status: 0000\n" + LETTER
    put(tmp_path / "Inbox" / "cur" / "1.eml", read_)
    put(tmp_path / "Inbox.sbd" / "Work" / "cur" / "2.eml", other)
    for name in ("Inbox", "Inbox.sbd/Work"):
        (tmp_path / name / "tmp").mkdir()
    found = all_mail(tmp_path)
    assert {path: [(one.message, one.flags) for one in mail] for path, mail in found.items()} == {
        ("Inbox",): [(read_, {"\\Seen", "\\Flagged"})],
        ("Inbox", "Work"): [(other, frozenset())],
    }


def test_folders_of_kmail(tmp_path: Path) -> None:
    for name in ("inbox", ".inbox.directory/été", ".inbox.directory/.été.directory/deep"):
        put(tmp_path / name / "cur" / "1:2,S", LETTER)
        (tmp_path / name / "new").mkdir()
    put(tmp_path / ".inbox.directory" / "box", MBOX)
    assert set(all_mail(tmp_path)) == {
        ("inbox",),
        ("inbox", "été"),
        ("inbox", "été", "deep"),
        ("inbox", "box"),
    }


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_maildir_that_its_server_packed(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    put(tmp_path / "cur" / "1.M1.host,S=99:2,SZ", pack(LETTER))
    put(tmp_path / "cur" / "2.M2.host:2,", LETTER)
    put(tmp_path / "new" / "3.M3.host", pack(LETTER)[:-5])
    with closing(open_mail(tmp_path)) as source:
        (folder,) = source.folders()
        given = {one.ref.key[0]: one for one in answers(source, folder)}
    packed, plain, broken = given["1"], given["2"], given["3"]
    assert isinstance(packed, Item)
    assert isinstance(plain, Item)
    assert isinstance(broken, Refused)
    assert whole(packed.payload) == whole(plain.payload) == LETTER
    assert packed.flags == {"\\Seen"}
    assert broken.problem.id is ProblemId.ARCHIVE_PART_LEFT_OUT


@pytest.mark.parametrize("mark", [b"\x28\xb5\x2f\xfd", b"Dovecot-LZ4\x0d\x2a\x9b\xc5"])
def test_what_a_server_packed_otherwise_is_told_and_not_taken_for_mail(
    tmp_path: Path, mark: bytes
) -> None:
    put(tmp_path / "cur" / "1.M1.host,S=99:2,SZ", mark + LETTER)
    put(tmp_path / "cur" / "2.M2.host:2,", LETTER)
    (tmp_path / "new").mkdir()
    with closing(open_mail(tmp_path)) as source:
        (folder,) = source.folders()
        given = {one.ref.key[0]: one for one in answers(source, folder)}
    packed, plain = given["1"], given["2"]
    assert isinstance(plain, Item)
    assert isinstance(packed, Refused)
    assert packed.problem.id is ProblemId.ITEM_UNREADABLE


def test_a_file_of_outlook_for_mac_is_refused(tmp_path: Path) -> None:
    """It is an archive; what is attached to its mail may not be taken for all that it holds."""
    with zipfile.ZipFile(tmp_path / "x.olm", "w") as archive:
        archive.writestr("Accounts/com.microsoft.__Attachments/x.eml", LETTER)
    with pytest.raises(OwnerNeeded) as caught:
        survey(tmp_path / "x.olm", Brake())
    assert caught.value.problem.id is ProblemId.FILE_NOT_UNDERSTOOD


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("x.eml", b"From : a@example.test\nSubject : x\n"),
        ("x.mbox", b"From : a@example.test\nSubject : x\n"),
        ("x", b"Thread-Topic: x\nSubject: x\nFrom: a@example.test\nTo: b@example.test\n"),
    ],
)
def test_headers_that_begin_as_few_do(tmp_path: Path, name: str, header: bytes) -> None:
    put(tmp_path / name, header + b"\nText\n")
    assert messages_of(tmp_path / name) == [header + b"\nText\n"]


def test_a_list_of_names_is_no_mail(tmp_path: Path) -> None:
    put(tmp_path / "x.txt", b"Title: a\nFrom: here\nTo: there\nRoom: 12\n\nText\n")
    assert kind_of(tmp_path / "x.txt") is None
