"""Mail in folders on the disk: which formats are found, which folders they become."""

from __future__ import annotations

import os
import plistlib
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from omm_desktop.endpoints.files.content import Brake, Content
from omm_desktop.endpoints.files.mail_item import Letter
from omm_desktop.endpoints.files.mail_source import open_mail
from omm_desktop.endpoints.files.recognise import kind_of
from omm_desktop.endpoints.files.single_files import SingleFiles, read_eml
from omm_desktop.model.items import FolderRole, Item
from omm_desktop.model.ports import Refused
from omm_desktop.model.problem import ItemError, OwnerNeeded, ProblemId
from tests.servers.corpus import corpus_folder
from tests.servers.process import need
from tests.unprivileged import permissions_hold

from .reading import all_mail, answers, messages_of

LETTER = b"From: a@example.test\nDate: Mon, 1 Jan 2001 00:00:00 +0000\nSubject: x\n\nText\n"
MBOX = b"From a Mon Jan  1 00:00:00 2001\n" + LETTER + b"\n"


def write(top: Path, **files: bytes) -> None:
    for name, content in files.items():
        put(top / name, content)


def put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_the_collection_is_recognised_by_its_content(tmp_path: Path) -> None:
    folder = corpus_folder()
    need(folder.is_dir(), f"the collection of real files, OMM_CORPUS ({folder})")
    kinds = {"mail": {"eml", "mbox"}, "mbox": {"mbox"}, "ics": {"ics"}, "vcf": {"vcf"}}
    for name, expected in kinds.items():
        for number, path in enumerate(sorted((folder / name).iterdir())):
            nameless = tmp_path / f"{name}{number}"
            nameless.symlink_to(path)
            found = kind_of(path)
            assert found in expected, path.name
            if name in ("vcf", "mbox"):
                assert kind_of(nameless) == found, path.name


def test_every_message_file_of_the_collection_arrives_as_it_is() -> None:
    folder = corpus_folder() / "mail"
    need(folder.is_dir(), f"the collection of real files, OMM_CORPUS ({folder})")
    back = {one.message for mail in all_mail(folder).values() for one in mail}
    begun = set()
    for path in sorted(folder.iterdir()):
        message = path.read_bytes()
        if message not in back:
            begun.add(path.name)
            # What stands before the first line of a mailbox file is no part of the message.
            assert message.startswith((b"From ", b"\xef\xbb\xbf")), path.name
    assert len(begun) == 54


def test_files_of_one_message(tmp_path: Path) -> None:
    listing = plistlib.dumps({"flags": 0b10001, "date-received": 978_307_200})
    emlx = b"%-10d\n" % len(LETTER) + LETTER + listing
    put(tmp_path / "Box" / "a.eml", LETTER)
    put(tmp_path / "Box" / "nameless", LETTER + b"2\n")
    put(tmp_path / "Box" / "b.emlx", emlx)
    put(tmp_path / "Box" / "begun.eml", MBOX)
    put(tmp_path / "Box" / "draft.eml", b"X-Unsent: 1\n" + LETTER)
    put(tmp_path / "Box" / "notes.txt", b"Only a text.\n")
    put(tmp_path / "Box" / "page.mhtml", LETTER)
    put(tmp_path / "Box" / "empty.eml", b"")
    (mail,) = all_mail(tmp_path / "Box").values()
    found = {one.message: one for one in mail}
    assert len(mail) == 5
    assert found[b"X-Unsent: 1\n" + LETTER].flags == {"\\Draft"}
    assert found[LETTER + b"2\n"].received == datetime(2001, 1, 1, tzinfo=UTC)
    flags = [one.flags for one in mail if one.message == LETTER]
    assert sorted(flags, key=len) == [frozenset(), frozenset(), {"\\Seen", "\\Flagged"}]


def test_folders_of_mail_programs(tmp_path: Path) -> None:
    put(tmp_path / "Inbox", MBOX)
    put(tmp_path / "Inbox.msf", b'// <!-- <mdb:mork:z v="1.4"/> -->\n')
    put(tmp_path / "Archives.sbd" / "2019", MBOX)
    put(tmp_path / "Family.mbox" / "mbox", MBOX)
    put(
        tmp_path / "Work.mbox" / "ABC" / "Data" / "Messages" / "1.emlx",
        b"%d\n" % len(LETTER) + LETTER,
    )
    put(tmp_path / "letters" / "1.eml", LETTER)
    found = all_mail(tmp_path)
    assert found.keys() == {
        ("Inbox",),
        ("Archives", "2019"),
        ("Family",),
        ("Work",),
        ("letters",),
    }
    assert all(one.message == LETTER for mail in found.values() for one in mail)


def maildir(top: Path, **names: str) -> None:
    for part in ("cur", "new", "tmp"):
        (top / part).mkdir(parents=True, exist_ok=True)
    for part, name in names.items():
        (top / part / name).write_bytes(LETTER)


def test_maildirs_in_both_layouts(tmp_path: Path) -> None:
    colon = "!" if sys.platform == "win32" else ":"
    maildir(tmp_path, cur=f"978307200.M1.host{colon}2,FRSabP", new="978307201.M2.host")
    (tmp_path / "dovecot-keywords").write_text("0 $Work\n1 later\n")
    maildir(tmp_path / ".Envoy&AOk-s", cur=f"3{colon}2,S")
    maildir(tmp_path / ".Archives.2019", cur="4")
    maildir(tmp_path / "Beside" / "Below", cur=f"5{colon}2,DT")
    put(tmp_path / "tmp" / "half", LETTER)
    found = all_mail(tmp_path)
    assert {path: [one.flags for one in mail] for path, mail in found.items()} == {
        ("INBOX",): [
            frozenset({"\\Flagged", "\\Answered", "\\Seen", "$Work", "later", "$Forwarded"}),
            frozenset(),
        ],
        ("Envoyés",): [frozenset({"\\Seen"})],
        ("Archives", "2019"): [frozenset()],
        ("Beside", "Below"): [frozenset({"\\Draft", "\\Deleted"})],
    }
    with closing(open_mail(tmp_path)) as source:
        roles = {folder.path: folder.role for folder in source.folders()}
    assert roles["INBOX",] is FolderRole.INBOX
    assert roles["Envoyés",] is FolderRole.SENT


def test_a_message_keeps_its_key_when_its_flags_change(tmp_path: Path) -> None:
    maildir(tmp_path, cur="1.host:2,")
    with closing(open_mail(tmp_path)) as source:
        (folder,) = source.folders()
        (window,) = source.refs(folder, None)
        (tmp_path / "cur" / "1.host:2,").rename(tmp_path / "cur" / "1.host:2,S")
        (answer,) = source.fetch(folder, window)
        assert isinstance(answer, Item)
        assert answer.flags == {"\\Seen"}
        (tmp_path / "cur" / "1.host:2,S").unlink()
        (answer,) = source.fetch(folder, window)
        assert isinstance(answer, Refused)
        assert answer.problem.id is ProblemId.ITEM_GONE


def test_dates_of_a_maildir_that_was_copied_are_not_believed(tmp_path: Path) -> None:
    maildir(tmp_path, cur="946684800.M1.host:2,", new="946684801.M1.host")
    stamp = datetime(1999, 5, 5, tzinfo=UTC).timestamp()
    os.utime(tmp_path / "new" / "946684801.M1.host", (stamp, stamp))
    (mail,) = all_mail(tmp_path).values()
    assert [one.received for one in mail] == [
        datetime(2001, 1, 1, tzinfo=UTC),
        datetime(1999, 5, 5, tzinfo=UTC),
    ]


def test_a_file_that_changed_is_read_again_under_another_key(tmp_path: Path) -> None:
    put(tmp_path / "a.eml", LETTER)
    with closing(open_mail(tmp_path)) as source:
        (folder,) = source.folders()
        assert not folder.keys_last
        (before,) = source.refs(folder, None)
        put(tmp_path / "a.eml", LETTER + b"more\n")
        (answer,) = source.fetch(folder, before)
        assert isinstance(answer, Refused)
        (after,) = source.refs(folder, None)
        assert {ref.key for ref in before}.isdisjoint(ref.key for ref in after)


def test_links_devices_and_pipes_are_left_alone(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    put(outside / "a.eml", LETTER)
    top = tmp_path / "top"
    put(top / "b.eml", LETTER)
    (top / "link").symlink_to(outside)
    (top / "c.eml").symlink_to(outside / "a.eml")
    (top / "circle").symlink_to(top)
    os.mkfifo(top / "pipe")
    found = all_mail(top)
    assert {path: len(mail) for path, mail in found.items()} == {("top",): 1}
    with pytest.raises(OwnerNeeded) as caught:
        open_mail(top / "pipe").folders()
    assert caught.value.problem.id is ProblemId.FILE_NOT_UNDERSTOOD


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.pdf", b"%PDF-1.4\n"),
        ("empty", b""),
        ("text", b"Only a text.\n"),
        ("zeros", b"\0" * 9000),
    ],
)
def test_what_holds_no_mail_is_told(tmp_path: Path, name: str, content: bytes) -> None:
    put(tmp_path / name, content)
    with pytest.raises(OwnerNeeded) as caught:
        open_mail(tmp_path / name).folders()
    assert caught.value.problem.id is ProblemId.FILE_NOT_UNDERSTOOD
    assert caught.value.problem.subject == name


def test_what_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(OwnerNeeded) as caught:
        open_mail(tmp_path / "nowhere.mbox").folders()
    assert caught.value.problem.id is ProblemId.FILE_UNREADABLE


def test_names_of_any_bytes(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("other systems take only names of text")
    top = os.fsencode(tmp_path)
    for name in (b"caf\xe9.eml", b"\xff\xfe.eml"):
        with open(os.path.join(top, name), "wb") as file:
            file.write(LETTER)
    with closing(open_mail(tmp_path)) as source:
        (folder,) = source.folders()
        for answer in answers(source, folder):
            assert isinstance(answer, Item)
            answer.ref.key.encode()


def test_more_files_than_a_program_may_open(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    for number in range(300):
        put(tmp_path / "box" / f"{number}.mbox", MBOX)
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = os.dup(0)
    os.close(highest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 100, before[1]))
    try:
        found = all_mail(tmp_path / "box")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert len(found) == 300
    assert all(len(mail) == 1 for mail in found.values())


def test_what_cannot_be_read_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    put(tmp_path / "a.eml", LETTER)
    put(tmp_path / "broken.msg", b"No compound file at all.")
    put(tmp_path / "broken.zip", b"PK\x03\x04 and no more")
    with closing(open_mail(tmp_path)) as source:
        archive, folder = source.folders()
        with pytest.raises(ItemError) as caught:
            list(answers(source, archive))
        found = list(answers(source, folder))
    assert caught.value.problem.id is ProblemId.ARCHIVE_PART_LEFT_OUT
    assert caught.value.problem.subject == "broken.zip"
    assert sum(isinstance(answer, Item) for answer in found) == 1
    (refused,) = (answer for answer in found if isinstance(answer, Refused))
    assert refused.problem.id is ProblemId.FILE_NOT_UNDERSTOOD
    assert refused.problem.subject == "broken.msg"


def test_a_message_that_was_cut_short_is_told(tmp_path: Path) -> None:
    put(tmp_path / "a.emlx", b"%d\n" % (len(LETTER) + 9) + LETTER)
    with closing(open_mail(tmp_path)) as source:
        (folder,) = source.folders()
        (item,) = answers(source, folder)
    assert isinstance(item, Item)
    assert b"".join(item.payload.pieces()) == LETTER
    assert [problem.id for problem in item.remarks] == [ProblemId.ITEM_PARTLY_READ]


def test_a_mailbox_of_apple_mail_chosen_by_itself(tmp_path: Path) -> None:
    put(tmp_path / "Family.mbox" / "mbox", MBOX)
    assert all_mail(tmp_path / "Family.mbox").keys() == {("Family",)}
    assert all_mail(tmp_path / "Family.mbox" / "mbox").keys() == {("Family",)}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_nothing_is_waited_for(tmp_path: Path) -> None:
    maildir(tmp_path, cur="1")
    os.mkfifo(tmp_path / "cur" / "2")
    os.mkfifo(tmp_path / "dovecot-keywords")
    assert [one.message for one in all_mail(tmp_path)["INBOX",]] == [LETTER]


def test_what_nobody_may_open_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    put(tmp_path / "Sent.mbox", MBOX)
    put(tmp_path / "Shut.mbox", MBOX)
    put(tmp_path / "Shut" / "Sent.mbox", MBOX)
    put(tmp_path / "one.eml", LETTER)
    put(tmp_path / "shut.eml", LETTER)
    put(tmp_path / "parent.lock", b"")
    maildir(tmp_path / "Maildir", cur="1:2,S")
    maildir(tmp_path / "Maildir" / ".Shut", cur="2:2,S")
    shut = [
        tmp_path / place
        for place in ("Shut.mbox", "Shut", "shut.eml", "parent.lock", "Maildir/.Shut")
    ]
    for one in shut:
        one.chmod(0)
    with permissions_hold(), closing(open_mail(tmp_path)) as source:
        read, failed = 0, []
        for folder in source.folders():
            try:
                for answer in answers(source, folder):
                    if isinstance(answer, Item):
                        read += 1
                    else:
                        failed.append(answer.problem)
            except ItemError as error:
                failed.append(error.problem)
    for one in shut:
        one.chmod(0o700)
    assert read == 3
    assert {problem.id for problem in failed} == {ProblemId.FILE_UNREADABLE}
    told = sorted(problem.subject for problem in failed)
    assert told == [".Shut", "Shut", "Shut.mbox", "shut.eml"]


def test_two_of_one_name_that_nobody_may_open_are_two(tmp_path: Path) -> None:
    for account in ("a", "b"):
        maildir(tmp_path / account / "Inbox", cur="1:2,S")
        (tmp_path / account / "Inbox" / "cur").chmod(0)
    with permissions_hold(), closing(open_mail(tmp_path)) as source:
        folders = source.folders()
    assert [folder.path for folder in folders] == [("Inbox",), ("Inbox (2)",)]
    assert len({folder.key for folder in folders}) == 2


def test_a_message_whose_file_is_written_to_meanwhile_is_not_taken_for_whole(
    tmp_path: Path,
) -> None:
    put(tmp_path / "one.eml", LETTER)

    def read(content: Content) -> Letter:
        letter = read_eml(content)
        put(tmp_path / "one.eml", LETTER + b"more\r\n")
        return letter

    source = SingleFiles(tmp_path, [("one.eml", read)], ("INBOX",), "", Brake())
    (folder,) = source.folders()
    ((ref,),) = source.refs(folder, None)
    (answer,) = source.fetch(folder, [ref])
    assert isinstance(answer, Refused)
    assert answer.problem.id is ProblemId.ITEM_GONE


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_message_that_a_text_editor_saved(tmp_path: Path, encoding: str) -> None:
    text = "From: a@example.test\r\nSubject: été\r\n\r\nDès Noël 🎄\r\n" + "x" * (3 << 20)
    (tmp_path / "x.eml").write_bytes(text.encode(encoding))
    assert messages_of(tmp_path / "x.eml") == [text.encode()]
