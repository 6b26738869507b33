"""Whatever a file or a folder holds, it is read, or told as a problem that has a name."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import shutil
import tarfile
import zipfile
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omm_desktop.endpoints.any_file import open_file
from omm_desktop.endpoints.files.content import Brake
from omm_desktop.endpoints.files.mail_source import open_mail
from omm_desktop.endpoints.files.msg.compound import SIGNATURE
from omm_desktop.endpoints.files.recognise import FileKind
from omm_desktop.endpoints.files.survey import survey
from omm_desktop.model.account import EndpointKind
from omm_desktop.model.items import Item
from omm_desktop.model.ports import Refused, Source
from omm_desktop.model.problem import OmmError, ProblemId
from tests.mutation import CHANGES, Change, changed, examples

from .reading import answers
from .test_msg import a_message

DATED = b"From a Mon Jan  1 00:00:00 2001\n"
LETTER = b"From: a@example.test\nDate: Mon, 1 Jan 2001 00:00:00 +0000\nSubject: x\n\nText\n"
LABELLED = DATED + b"X-Gmail-Labels: Inbox,Work\nContent-Length: 5\n" + LETTER + b"\n"
APPLE = b"%d\n" % len(LETTER) + LETTER + b'<?xml version="1.0"?><plist><dict></dict></plist>'


def _archive(method: int) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        archive.writestr("Takeout/Mail/All mail.mbox", LABELLED * 3)
        archive.writestr("Takeout/Mail/../../one.eml", LETTER)
        archive.writestr("one.emlx", APPLE)
        archive.writestr("one.msg", a_message())
    return data.getvalue()


def _tar() -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        for name, content in (("Mail/All mail.mbox", LABELLED * 3), ("a" * 120 + ".eml", LETTER)):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return data.getvalue()


ORIGINALS = {
    "x.tar": _tar(),
    "x.tgz": gzip.compress(_tar()),
    "x.mbox.bz2": bz2.compress(LABELLED * 3),
    "x.eml.xz": lzma.compress(LETTER),
    "x.mbox": LABELLED * 3,
    "x.eml": LETTER,
    "1.partial.emlx": APPLE,
    "x.msg": a_message(),
    "stored.zip": _archive(zipfile.ZIP_STORED),
    "deflated.zip": _archive(zipfile.ZIP_DEFLATED),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


def read_thoroughly(source: Source) -> list[Item | Refused]:
    """Everything, as far as it can be listed; as many answers as were promised."""
    found: list[Item | Refused] = []
    with closing(source), suppress(OmmError):
        for folder in source.folders():
            answered = list(answers(source, folder))
            assert folder.count in (None, len(answered))
            found += answered
    for answer in found:
        if isinstance(answer, Item):
            assert sum(map(len, answer.payload.pieces())) == answer.payload.size
            answer.payload.close()
    return found


def look_at(path: Path) -> None:
    """As the first page does, then as a plan that does not say what it is."""
    told = ProblemId.FILE_NOT_UNDERSTOOD
    try:
        survey(path, Brake())
        read_thoroughly(open_file(EndpointKind.FILE, path))
    except OmmError as error:
        told = error.problem.id
    assert told is ProblemId.FILE_NOT_UNDERSTOOD


@pytest.mark.parametrize("name", ORIGINALS)
@settings(max_examples=examples(30))
@given(changes=CHANGES)
def test_changed_files(place: Path, name: str, changes: list[Change]) -> None:
    (place / name).write_bytes(changed(ORIGINALS[name], changes))
    read_thoroughly(open_mail(place / name))
    look_at(place / name)


ANYTHING = st.lists(
    st.sampled_from(
        [
            b"From ",
            DATED,
            b"\n",
            b"\r\n",
            b"Subject: x\n",
            b"\0",
            b"Content-Length: 5\n",
            b'X-Gmail-Labels: "a\n',
            b"X-Gmail-Labels: =?idna?q?..?=\n",
            b">From ",
            b"\xef\xbb\xbf",
            b"\xff\xfe",
            b"12\n",
            b"Status: \xff\n",
            b"From omm-desktop+open+=%ff+file.zz@localhost ",
            b"Date: ,\n",
            b"Received: ;99999999999999999999\n",
            b"X-Apple-Content-Length: 5\n",
            b'Content-Type: multipart/mixed; boundary="b"\n',
            b"Content-Type: multipart/mixed; boundary*=utf-8''%E9\n",
            b"--b\n",
            b"PK\x03\x04",
        ]
    )
    | st.binary(max_size=20),
    max_size=25,
).map(b"".join)


@settings(max_examples=examples(100))
@given(content=ANYTHING, name=st.sampled_from(["x.mbox", "x.eml", "1.partial.emlx", "x"]))
def test_text_of_anything_is_mail_or_nothing(place: Path, content: bytes, name: str) -> None:
    (place / name).write_bytes(content)
    look_at(place / name)
    for answer in read_thoroughly(open_mail(place / name)):
        assert isinstance(answer, Item)


@settings(max_examples=examples(60))
@given(st.binary(max_size=1500))
def test_compound_files_of_anything_are_refused(place: Path, content: bytes) -> None:
    (place / "x.msg").write_bytes(SIGNATURE + content)
    with closing(open_mail(place / "x.msg")) as source:
        (folder,) = source.folders()
        (answer,) = answers(source, folder)
        assert isinstance(answer, Refused)
        assert answer.problem.id is ProblemId.FILE_NOT_UNDERSTOOD


NAMES = st.sampled_from(
    [
        "cur",
        "new",
        "tmp",
        ".Sent",
        ".A..B",
        ".&AOk-",
        ".&&",
        "dovecot-keywords",
        "x",
        "x;2,S",
        "x!2,RSTFabcZ",
        "17.M1.host,S=9",
        "x-2,",
        "Messages",
        "Attachments",
        "1.partial.emlx",
        "x.zip",
        "a.sbd",
        "b.mbox",
        "mbox",
        "x.eml",
        "é",
        ".omm-desktop",
    ]
)
WITHIN = st.sampled_from(["file", "file", "pipe", "up", "nowhere"]) | ANYTHING
TREES = st.recursive(
    WITHIN, lambda below: st.dictionaries(NAMES, below, max_size=6), max_leaves=12
).filter(lambda tree: isinstance(tree, dict))


def _plant(top: Path, tree: object) -> None:
    if isinstance(tree, dict):
        top.mkdir()
        for name, below in tree.items():
            _plant(top / name, below)
    elif isinstance(tree, bytes):
        top.write_bytes(tree)
    elif tree == "pipe" and hasattr(os, "mkfifo"):
        os.mkfifo(top)
    elif tree == "up" and hasattr(os, "O_NOFOLLOW"):
        top.symlink_to("..")
    elif tree == "nowhere" and hasattr(os, "O_NOFOLLOW"):
        top.symlink_to("nowhere")
    else:
        top.write_bytes(LETTER)


@settings(max_examples=examples(100))
@given(tree=TREES, is_maildir=st.booleans())
def test_folders_of_anything(place: Path, tree: dict[str, object], is_maildir: bool) -> None:
    """Nothing is waited for without end, and nothing is read twice."""
    top = place / "top"
    shutil.rmtree(top, ignore_errors=True)
    _plant(top, {"cur": {}, "new": {}, **tree} if is_maildir else tree)
    found = read_thoroughly(open_mail(top))
    places = [(answer.ref.folder_key, answer.ref.key) for answer in found]
    assert len(set(places)) == len(places)
    assert survey(top, Brake()).kind in (FileKind.FOLDER, FileKind.MAILDIR)
    read_thoroughly(open_file(EndpointKind.FILE, top))
