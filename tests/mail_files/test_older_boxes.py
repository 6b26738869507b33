"""MMDF, Babyl and MH: what Python's mailbox module reads of them is what arrives."""

from __future__ import annotations

import mailbox
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mutation import CHANGES, Change, changed, examples

from .reading import all_mail, messages_of
from .test_folders import put
from .test_fuzz import look_at, place  # noqa: F401

LETTERS = [
    b"From: a@example.test\nSubject: one\n\nText\n\nFrom here on\n>From there\n",
    b"Subject: two\n\n\n",
    b"Subject: three\nDate: Mon, 1 Jan 2001 00:00:00 +0000\n\n\nx\n\ny\n",
]
LONG = b"Subject: long\n\n" + b"line \1\1\1\1 and \x1f within\n" * 100_000


def as_python_reads(box: mailbox.Mailbox[mailbox.Message]) -> list[bytes]:
    try:
        return [box.get_bytes(key) for key in box.keys()]  # noqa: SIM118
    finally:
        box.close()


@pytest.fixture
def mmdf(tmp_path: Path) -> Path:
    box = mailbox.MMDF(tmp_path / "old mail")
    for number, letter in enumerate([*LETTERS, LONG]):
        message = mailbox.MMDFMessage(letter)
        message.set_flags("RA" if number else "")
        box.add(message)
    box.close()
    return tmp_path / "old mail"


@pytest.fixture
def babyl(tmp_path: Path) -> Path:
    """As Emacs writes it; Python's module forgets to write what is shown."""
    pages = []
    for number, letter in enumerate([*LETTERS, LONG]):
        header, _, body = letter.partition(b"\n\n")
        labels = b"1, answered,, Travail,\n" if number else b"1, unseen,,\n"
        shown = b"*** EOOH ***\nSubject: shown\nX-Other: not the original\n\n"
        pages.append(b"\x1f\x0c\n" + labels + header + b"\n\n" + shown + body + b"\n")
    (tmp_path / "RMAIL").write_bytes(b"BABYL OPTIONS:\nVersion: 5\n" + b"".join(pages) + b"\x1f")
    return tmp_path / "RMAIL"


def test_mmdf_is_read(mmdf: Path) -> None:
    expected = as_python_reads(mailbox.MMDF(mmdf, create=False))
    (found,) = all_mail(mmdf).values()
    assert [one.message for one in found] == expected
    assert [one.flags for one in found] == [frozenset(), *[{"\\Seen", "\\Answered"}] * 3]
    assert {one.received for one in found} == {None, datetime(2001, 1, 1, tzinfo=UTC)}


def test_babyl_is_read(babyl: Path) -> None:
    expected = as_python_reads(mailbox.Babyl(babyl, create=False))
    (found,) = all_mail(babyl).values()
    assert [one.message for one in found] == expected == [*LETTERS, LONG]
    flags = frozenset({"\\Seen", "\\Answered", "travail"})
    assert [one.flags for one in found] == [frozenset(), *[flags] * 3]


def test_babyl_whose_header_is_the_one_shown(tmp_path: Path) -> None:
    page = b"\x1f\x0c\r\n0, unseen,,\r\n*** EOOH ***\r\nSubject: x\r\n\r\nText\r\n"
    (tmp_path / "x").write_bytes(b"BABYL OPTIONS:\r\nVersion: 5\r\n" + page + b"\x1f")
    assert messages_of(tmp_path / "x") == [b"Subject: x\r\n\r\nText\r\n"]


def test_one_in_an_archive(mmdf: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.write(mmdf, "mail/old mail")
        archive.write(mmdf, "mail/old mail too")
    found = all_mail(tmp_path / "x.zip")
    assert [len(mail) for mail in found.values()] == [4, 4]


def test_mmdf_without_its_end(mmdf: Path) -> None:
    whole = messages_of(mmdf)
    mmdf.write_bytes(mmdf.read_bytes()[:-100])
    cut = messages_of(mmdf)
    assert cut[:3] == whole[:3]
    assert len(cut) == 4
    assert whole[3].startswith(cut[3])


def test_mmdf_that_lacks_one_of_its_lines(tmp_path: Path) -> None:
    line = b"\1\1\1\1\n"
    whole = b"".join(line + letter + b"\n" + line for letter in LETTERS * 2)
    for missing in (whole.index(line + LETTERS[1]), whole.index(b"\n\n\n\n" + line) + 4):
        assert whole[missing:].startswith(line)
        (tmp_path / "x").write_bytes(whole[:missing] + whole[missing + len(line) :])
        found = b"".join(messages_of(tmp_path / "x"))
        assert [found.count(letter) for letter in LETTERS] == [2, 2, 2]


def test_mh_folders_and_what_their_sequences_say(tmp_path: Path) -> None:
    box = mailbox.MH(tmp_path / "Mail", create=True)
    folder = box.add_folder("work")
    for number, letter in enumerate(LETTERS):
        message = mailbox.MHMessage(letter)
        for sequence in [("unseen",), ("replied", "flagged", "urgent"), ()][number]:
            message.add_sequence(sequence)
        folder.add(message)
    (tmp_path / "Mail" / "work" / "4").write_bytes(b"X-Odd\nnot a header, but MH has it\n")
    found = all_mail(tmp_path / "Mail")["work",]
    assert [one.message for one in found] == as_python_reads(folder)
    seen = {"\\Seen"}
    assert [one.flags for one in found] == [
        frozenset(),
        {"\\Seen", "\\Answered", "\\Flagged", "urgent"},
        seen,
        seen,
    ]


def test_sequences_of_mh_in_any_order(tmp_path: Path) -> None:
    put(tmp_path / ".mh_sequences", b"unseen: 9 2-4 1-7 12\nodd: x 5-1 8\n")
    for number in range(1, 14):
        put(tmp_path / str(number), LETTERS[0])
    (found,) = all_mail(tmp_path).values()
    names = sorted(map(str, range(1, 14)))
    seen = {int(name) for name, one in zip(names, found, strict=True) if "\\Seen" in one.flags}
    assert seen == {8, 10, 11, 13}


ORIGINALS = {
    "mmdf": b"".join(b"\1\1\1\1\n" + letter + b"\1\1\1\1\n" for letter in LETTERS),
    "RMAIL": b"BABYL OPTIONS:\nVersion: 5\n"
    + b"".join(b"\x1f\x0c\n1,,\n" + b"*** EOOH ***\n" + letter for letter in LETTERS)
    + b"\x1f",
}


@pytest.mark.parametrize("name", ORIGINALS)
@settings(max_examples=examples(30))
@given(changes=CHANGES)
def test_changed_files(place: Path, name: str, changes: list[Change]) -> None:  # noqa: F811
    (place / name).write_bytes(changed(ORIGINALS[name], changes))
    look_at(place / name)


PARTS = [b"\1\1\1\1", b"\n", b"\r\n", b"\x1f", b"\x0c", b"*** EOOH ***", b"1,", b"a: b", b"From x"]


@settings(max_examples=examples(100))
@given(
    st.sampled_from(sorted(ORIGINALS)), st.lists(st.sampled_from(PARTS), max_size=40).map(b"".join)
)
def test_anything_behind_their_marks(place: Path, name: str, text: bytes) -> None:  # noqa: F811
    (place / name).write_bytes(ORIGINALS[name][:14] + b"\n" + text)
    look_at(place / name)
