"""Mbox files of others: where messages begin, what state they tell, Gmail's labels."""

from __future__ import annotations

import hashlib
import mailbox
import re
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from omm_desktop.endpoints.files.mail_source import open_mail
from omm_desktop.model.items import Folder, FolderRole, Holds, Item
from omm_desktop.model.problem import ItemError, ProblemId
from tests.servers.corpus import corpus_folder
from tests.servers.process import need

from .reading import all_mail, answers, found_in, messages_of

UNMUNGED = "mimekit__unmunged.mbox.txt.mbox"
"""Its texts have lines beginning with "From " that nobody quoted; Python takes them for separators
and loses the first message, whose separator stands behind the mark of UTF-8.
"""


@pytest.fixture(scope="session")
def mbox_files() -> list[Path]:
    folder = corpus_folder() / "mbox"
    need(folder.is_dir(), f"the collection of real files, OMM_CORPUS ({folder})")
    return sorted(folder.iterdir())


def as_python_reads(path: Path) -> list[bytes]:
    with closing(mailbox.mbox(path, create=False)) as box:
        return [box.get_bytes(key) for key in box.keys()]  # noqa: SIM118


def in_order(path: Path) -> list[bytes]:
    """The messages of a file in its order, each once, whatever labels it has."""
    with closing(open_mail(path)) as source:
        found = {}
        for folder in source.folders():
            for answer in answers(source, folder):
                assert isinstance(answer, Item)
                found[int(answer.ref.key)] = b"".join(answer.payload.pieces())
    return [found[number] for number in sorted(found)]


def as_both_read(message: bytes) -> str:
    """Python takes no quoting back, and no empty line of CRLF for one of the format."""
    text = re.sub(rb"(?m)^>+From ", b"From ", message).rstrip(b"\r\n")
    return hashlib.sha256(text).hexdigest()


def test_files_of_the_collection_are_read_as_python_reads_them(mbox_files: list[Path]) -> None:
    for path in mbox_files:
        if path.name != UNMUNGED:
            ours, theirs = in_order(path), as_python_reads(path)
            assert len(ours) == len(theirs), path.name
            assert list(map(as_both_read, ours)) == list(map(as_both_read, theirs)), path.name


def test_a_text_that_begins_a_line_with_from_is_one_message(mbox_files: list[Path]) -> None:
    (path,) = (path for path in mbox_files if path.name == UNMUNGED)
    first, second = messages_of(path)
    assert first.startswith(b"From: Jeffrey")
    assert first.endswith(b"\nWhat does Thunderbird do?\n")
    assert second.endswith(
        b"\nFrom Russia with love\nYear: 1963\n\nWhat did Thunderbird do this time?\n"
    )


LETTER = b"Subject: a letter\n\nText\n"
DATED = b"From a@example.test Mon Jan  1 00:00:00 2001\n"


@pytest.mark.parametrize(
    "separator",
    [
        DATED,
        b"From - Fri Aug 05 10:57:20 2016\n",
        b"From -\n",
        b"From 1844347792267117879@xxx\n",
        b"From 1628424719502045299@xxx Tue Mar 19 09:13:51 +0000 2019\r\n",
        b'From "naveen.andrews@enron.com" Wed Jan 30 18:07:01 2002\n',
        b"From a b c Wed, 30 Jan 2002 18:07:01 +0100\n",
        b"From a 2002-01-30 18:07\n",
        b"From a@example.test  Thu Aug 29 11:06:07 EDT 2002 remote from b\n",
    ],
)
@pytest.mark.parametrize("between", [b"\n", b""])
def test_separators_of_all_kinds(tmp_path: Path, separator: bytes, between: bytes) -> None:
    (tmp_path / "box").write_bytes((separator + LETTER + between) * 3)
    assert messages_of(tmp_path / "box") == [LETTER] * 3


@pytest.mark.parametrize(
    "line",
    [
        b"From Russia with love\n",
        b"From here\nto there\n",
        b"From 10:30 to 11:15 we meet.\n",
        b"From 2019 on.\n",
        b"From Russia with love\nYear: 1963\n",
    ],
)
def test_lines_of_a_text_separate_nothing(tmp_path: Path, line: bytes) -> None:
    text = b"Subject: x\n\nText\n\n" + line + b"\nmore\n"
    (tmp_path / "box").write_bytes((DATED + text + b"\n") * 2)
    assert messages_of(tmp_path / "box") == [text] * 2


@pytest.mark.parametrize(
    ("content", "messages"),
    [
        (DATED + LETTER, [LETTER]),
        (DATED + LETTER.rstrip(b"\n"), [LETTER.rstrip(b"\n")]),
        (DATED + LETTER + b"\n\n", [LETTER + b"\n"]),
        (b"\xef\xbb\xbf" + DATED + LETTER, [LETTER]),
        (b"\n\n" + DATED + LETTER + b"\n" + DATED + LETTER, [LETTER, LETTER]),
        (DATED + b"\nText alone\n\n" + DATED + LETTER, [b"\nText alone\n", LETTER]),
        (DATED + b"\n" + DATED + LETTER, [b"", LETTER]),
        (DATED, [b""]),
    ],
)
def test_beginnings_and_ends(tmp_path: Path, content: bytes, messages: Sequence[bytes]) -> None:
    (tmp_path / "box.mbox").write_bytes(content)
    assert messages_of(tmp_path / "box.mbox") == messages


@pytest.mark.parametrize("length", [65_530, 65_536, 1 << 20, (1 << 20) + 5, 3 << 20])
def test_separators_are_found_wherever_pieces_end(tmp_path: Path, length: int) -> None:
    messages = [b"Subject: x\n\n" + b"y" * (length - offset) + b"\n" for offset in range(12)]
    (tmp_path / "box").write_bytes(b"".join(DATED + one + b"\n" for one in messages))
    assert messages_of(tmp_path / "box") == messages


STATES = {
    b"Status: RO\nX-Status: AF\nX-Keywords: $Work later\n": {
        "\\Seen",
        "\\Answered",
        "\\Flagged",
        "$Work",
        "later",
    },
    b"Status: O\n": set(),
    b"X-Mozilla-Status: 1003\nX-Mozilla-Keys: $label1 NonJunk   \n": {
        "\\Seen",
        "\\Answered",
        "$Forwarded",
        "$label1",
        "NonJunk",
    },
    b"X-Mozilla-Status: 0009\nX-Mozilla-Status2: 00800000\n": {"\\Seen", "\\Deleted"},
    b"X-Mozilla-Status: what?\n": set(),
}


def test_states_that_mail_programs_write(tmp_path: Path) -> None:
    messages = [state + LETTER for state in STATES]
    (tmp_path / "box").write_bytes(b"".join(DATED + one + b"\n" for one in messages))
    (mail,) = all_mail(tmp_path / "box").values()
    assert [found.flags for found in mail] == list(STATES.values())
    assert [found.message for found in mail] == messages


def test_dates_of_receipt(tmp_path: Path) -> None:
    received = (
        b"Received: by x; Tue, 2 Jan 2001 03:04:05 -0500\nDate: Mon, 1 Jan 2001 00:00:00 +0000\n"
    )
    gmail = b"From 1@xxx Tue Mar 19 09:13:51 +0100 2019\n"
    entries = [DATED + LETTER, DATED + received + LETTER, gmail + received + LETTER]
    (tmp_path / "box").write_bytes(b"\n".join(entries))
    (mail,) = all_mail(tmp_path / "box").values()
    assert [found.received for found in mail] == [
        datetime(2001, 1, 1, tzinfo=UTC),
        datetime(2001, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=-5))),
        datetime(2019, 3, 19, 9, 13, 51, tzinfo=timezone(timedelta(hours=1))),
    ]
    with closing(open_mail(tmp_path / "box")) as source:
        (folder,) = source.folders()
        windows = list(source.refs(folder, date(2001, 1, 2)))
    assert [ref.key for window in windows for ref in window] == ["2", "3"]


def folder_named(folders: Sequence[Folder], name: str) -> Folder:
    return next(folder for folder in folders if folder.name == name)


def test_labels_of_an_export_are_folders(mbox_files: list[Path]) -> None:
    (path,) = (path for path in mbox_files if path.name == "got-your-back__takeout.mbox")
    with closing(open_mail(path)) as source:
        folders = source.folders()
        assert {folder.name: folder.count for folder in folders if folder.count} == {
            "INBOX": 27,
            "takeout": 37,
            "1.Organizační": 2,
            "3. Culture, Hledání ztraceného času": 1,
            "X/@s-itsolution.cz (2011-2015)/Procesy/Resource Man. (PLAKA,CLARA2)": 1,
            "☯": 8,
            "\\'single-quote": 8,
        }
        inbox = folder_named(folders, "INBOX")
        assert (inbox.role, inbox.holds) == (FolderRole.INBOX, Holds.LABEL)
        ids = {ref.object_id for window in source.refs(inbox, None) for ref in window}
        label = folder_named(folders, "takeout")
        others = {ref.object_id for window in source.refs(label, None) for ref in window}
        assert ids <= others
        assert all("\\Seen" not in found.flags for found in found_in(source, inbox))


def gmail(labels: str) -> bytes:
    return b"From 1@xxx Tue Mar 19 09:13:51 +0000 2019\nX-Gmail-Labels: " + labels.encode() + b"\n"


def test_labels_in_the_language_of_the_account(tmp_path: Path) -> None:
    entries = [
        gmail("=?UTF-8?Q?Bo=C3=AEte_de_r=C3=A9ception,Non_lus?="),
        gmail(
            "=?UTF-8?Q?Messages_archiv=C3=A9s,Ouvert,Cat=C3=A9gorie=C2=A0:_E-mails_?=\n"
            ' =?UTF-8?Q?personnels,"Culture,_associations"?='
        ),
        gmail("Wichtig,Markiert,Ungelesen"),
        gmail("Gesendet"),
        gmail("Archived"),
        gmail("Spam,Unread"),
        gmail("Chat,Opened"),
        gmail(""),
    ]
    (tmp_path / "Tous les messages.mbox").write_bytes(b"\n".join(one + LETTER for one in entries))
    with closing(open_mail(tmp_path / "Tous les messages.mbox")) as source:
        folders = source.folders()
        found = {
            (folder.name, folder.holds): [one.flags for one in found_in(source, folder)]
            for folder in folders
        }
    seen, unseen = {"\\Seen"}, set[str]()
    assert found == {
        ("INBOX", Holds.LABEL): [unseen],
        ("Culture, associations", Holds.LABEL): [seen],
        ("Gesendet", Holds.LABEL): [seen],
        ("Spam", Holds.OWN): [unseen],
        ("Chat", Holds.CHATS): [seen],
        ("Tous les messages", Holds.REST): [{"\\Flagged"}, seen, seen],
    }
    assert folder_named(folders, "Gesendet").role is FolderRole.SENT


def test_a_file_that_changed_is_another(tmp_path: Path) -> None:
    path = tmp_path / "box"
    path.write_bytes(DATED + LETTER)
    with closing(open_mail(path)) as source:
        (before,) = source.folders()
        assert [folder.validity for folder in source.folders()] == [before.validity]
        with path.open("ab") as file:
            file.write(b"\n" + DATED + LETTER)
        with pytest.raises(ItemError) as caught:
            list(source.refs(before, None))
        assert caught.value.problem.id is ProblemId.FILE_CHANGED
        (after,) = source.folders()
    assert after.validity != before.validity
    assert (before.count, after.count) == (1, 2)


def test_nothing_is_read_out_of_a_file_that_is_cut_meanwhile(tmp_path: Path) -> None:
    file = tmp_path / "a.mbox"
    letter = b"From a Thu Jan  1 00:00:00 2026\nSubject: one\n\ntext\n\n"
    file.write_bytes(letter * 3)
    with closing(open_mail(file)) as source:
        (folder,) = source.folders()
        (refs,) = source.refs(folder, None)
        given = iter(source.fetch(folder, refs))
        assert isinstance(next(given), Item)
        with file.open("rb+") as opened:
            opened.truncate(len(letter) + 8)
        with pytest.raises(ItemError) as caught:
            next(given)
    assert caught.value.problem.id is ProblemId.FILE_CHANGED
