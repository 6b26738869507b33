"""A folder on the disk as a destination of mail, in both formats."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from omm_desktop.endpoints.convert.payload import FilePayload
from omm_desktop.endpoints.files.mail_destination import MailFolder
from omm_desktop.model.account import MailFormat
from omm_desktop.model.items import Folder, FolderRole, ItemKind
from omm_desktop.model.ports import Fidelity, FolderWish, Stored
from omm_desktop.model.problem import OwnerNeeded, Place, Problem, ProblemId

from .letters import item, letters, put

NESTED = ("Clients", "Été 2023", "Réunions")
Open = Callable[[], MailFolder]


@pytest.fixture(params=MailFormat)
def format(request: pytest.FixtureRequest) -> MailFormat:
    return MailFormat(request.param)


@pytest.fixture
def opened(tmp_path: Path, format: MailFormat) -> Iterator[Open]:
    """`opened()`: the destination, as if the program had been started anew."""
    with ExitStack() as stack:

        def open_() -> MailFolder:
            destination = MailFolder(tmp_path, format)
            stack.callback(destination.close)
            return destination

        yield open_


@contextmanager
def no_room() -> Iterator[None]:
    """Files of this process may have a megabyte, so that the disk seems full."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def made(destination: MailFolder, *path: str) -> Folder:
    (folder,) = destination.ensure_folders([FolderWish(path or ("INBOX",))])
    assert isinstance(folder, Folder)
    return folder


def test_folders_are_made_once(opened: Open) -> None:
    destination = opened()
    wishes = [
        FolderWish(NESTED),
        FolderWish(("Brouillons",), FolderRole.DRAFTS),
        FolderWish(("INBOX",)),
        FolderWish(NESTED[:1]),
    ]
    answers = destination.ensure_folders(wishes)
    assert [one.path for one in answers if isinstance(one, Folder)] == [w.path for w in wishes]
    assert destination.ensure_folders(wishes) == answers
    again = opened()
    assert again.ensure_folders(wishes) == answers
    listed = {folder.path: folder for folder in again.folders()}
    assert {folder.path: folder for folder in answers if isinstance(folder, Folder)}.items() <= (
        listed.items()
    )
    assert listed["Brouillons",].role is FolderRole.DRAFTS


def test_what_is_no_mail_is_not_taken(opened: Open) -> None:
    (answer,) = opened().ensure_folders([FolderWish(("People",), kind=ItemKind.CONTACTS)])
    assert isinstance(answer, Problem)
    assert answer.id is ProblemId.KIND_NOT_ACCEPTED


@pytest.mark.parametrize(
    "path",
    [
        ("a.b/c\\d",),
        ("50% * 2!?",),
        ("  x  y ",),
        ("..",),
        (".hidden", "con", "aux.txt", "LPT1"),
        ("Œuvres & naïveté", "v1.2", "été.mbox"),
        ("x" * 3000,),
        ("é" * 200 + "…",),
        ("\ud800",),
        ("",),
        ("COM¹.old",),
    ],
)
def test_any_name_is_made_one_that_can_be(opened: Open, path: tuple[str, ...]) -> None:
    destination = opened()
    acceptable = destination.delimiter_free(path)
    assert len(acceptable) == len(path)
    assert destination.delimiter_free(acceptable) == acceptable
    folder = made(destination, *acceptable)
    assert folder.path == acceptable
    assert [one.path for one in opened().folders() if one.path == acceptable] == [acceptable]


def test_no_name_is_that_of_a_device(opened: Open) -> None:
    names = ("con", "COM1", "COM¹", "lpt³.txt", "nul .x")
    assert opened().delimiter_free(names) == tuple(f"_{name}" for name in names)


def test_messages_that_others_call_by_a_number_stay_and_are_none_of_ours(
    tmp_path: Path,
) -> None:
    destination = MailFolder(tmp_path, MailFormat.EML)
    folder = made(destination)
    first, second = letters(2)
    put(destination, folder.key, [first])
    other = tmp_path / "mail" / "INBOX" / "7.eml"
    other.write_bytes(b"Subject: somebody else's\r\n\r\n")
    again = MailFolder(tmp_path, MailFormat.EML)
    assert [one.count for one in again.folders()] == [1]
    put(again, folder.key, [second])
    assert sorted(os.listdir(other.parent)) == [
        ".omm-desktop",
        "00000001.eml",
        "00000002.eml",
        "7.eml",
    ]


def test_nothing_leaves_the_folder(opened: Open, tmp_path: Path) -> None:
    made(opened(), "..", "..", "outside")
    assert sorted(os.listdir(tmp_path)) == ["mail"]


def test_a_batch_is_stored_as_it_is(opened: Open, format: MailFormat) -> None:
    destination = opened()
    folder = made(destination)
    moment = datetime(1999, 12, 31, 23, 59, 58, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    flags = frozenset({"\\Seen", "$Label1", "caf&AOk-"})
    small = [*letters(50), item("dated", b"Subject: d\r\n\r\n.\r\n", flags, moment)]
    large = item("large", b"Subject: l\r\n\r\nFrom x\r\n" + b"y" * 3_000_000)
    before = destination.position(folder.key)
    answers = put(destination, folder.key, [*small, large])
    assert len(answers) == 52
    dropped = {name: answer.adapted for name, (answer, _) in answers.items()}  # type: ignore[union-attr]
    assert bool(dropped.pop("dated")) is (format is MailFormat.EML)
    assert not any(dropped.values())
    assert destination.keeps_keywords() is (format is MailFormat.MBOX)
    after = destination.position(folder.key)
    assert (before.count, after.count) == (0, 52)
    assert before.validity == after.validity == folder.validity
    assert destination.position(folder.key) == after
    for reader in (destination, opened()):
        assert reader.position(folder.key) == after
        seen = {one.key: one for window in reader.existing(folder.key, None) for one in window}
        contents = dict(reader.contents(folder.key, list(seen)))
        listed = [key for window in reader.keys(folder.key) for key in window]
        assert sorted(listed, key=int) == listed
        assert set(listed) == set(seen)
        for answer, sent in answers.values():
            assert isinstance(answer, Stored)
            assert answer.key is not None
            assert seen[answer.key].fingerprint == sent.fingerprint
            assert contents[answer.key] == sent.content
            assert seen[answer.key].size in (sent.payload.size, None)
            assert reader.fidelity(folder.key, answer.key, sent) is Fidelity.EXACT
        dated = answers["dated"][0]
        assert isinstance(dated, Stored)
        assert seen[dated.key or ""].received == moment


def test_keys_grow_and_later_mail_is_found_from_a_position(opened: Open) -> None:
    destination = opened()
    folder = made(destination)
    put(destination, folder.key, letters(3))
    quiet = destination.position(folder.key).next_key
    assert quiet is not None
    (answer, _) = put(destination, folder.key, [item("new", b"Subject: n\r\n\r\n")])["new"]
    assert isinstance(answer, Stored)
    assert int(answer.key or 0) >= quiet
    found = [one.key for window in destination.existing(folder.key, quiet) for one in window]
    assert found == [answer.key]
    assert dict(destination.contents(folder.key, ["999999999"])) == {}
    assert destination.fidelity(folder.key, "999999999", letters(1)[0]) is Fidelity.UNKNOWN


def test_duplicates_stay_duplicates(opened: Open) -> None:
    destination = opened()
    folder = made(destination)
    (one,) = letters(1)
    twins = [replace(one, ref=replace(one.ref, key=key)) for key in "ab"]
    put(destination, folder.key, twins)
    seen = [one for window in destination.existing(folder.key, None) for one in window]
    assert len(seen) == 2
    assert len({one.fingerprint for one in seen}) == 1


def test_large_mail_is_read_in_pieces(opened: Open) -> None:
    destination = opened()
    folder = made(destination)
    payload = FilePayload([b"Subject: l\r\n\r\n", *[b">From x\r\n" * 100_000] * 20])
    plain = item("large", b"Subject: l\r\n\r\n")
    ((answer, sent),) = put(destination, folder.key, [replace(plain, payload=payload)]).values()
    assert isinstance(answer, Stored)
    assert destination.fidelity(folder.key, answer.key or "", sent) is Fidelity.EXACT
    payload.close()


def test_files_are_their_owners_alone(opened: Open, tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has other rights")
    destination = opened()
    put(destination, made(destination, *NESTED).key, letters(1))
    destination.close()
    for path in (tmp_path / "mail").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.mbox"
    outside.write_bytes(b"")
    top = tmp_path / "top"
    (top / "mail").mkdir(parents=True)
    (top / "mail" / "INBOX.mbox").symlink_to(outside)
    destination = MailFolder(top)
    assert destination.folders() == []
    folder = made(destination)
    with pytest.raises(OwnerNeeded):
        put(destination, folder.key, letters(1))
    assert outside.read_bytes() == b""
    destination.close()


SOMEBODY_ELSES = b"From a Mon Jan  1 00:00:00 2001\nSubject: theirs\n\nText"


@pytest.mark.parametrize("ending", [b"", b"\n", b"\n\n", b"\r\n", b"\r\n\r\n"])
def test_a_file_of_somebody_else_is_only_added_to(tmp_path: Path, ending: bytes) -> None:
    file = tmp_path / "mail" / "INBOX.mbox"
    file.parent.mkdir()
    file.write_bytes(SOMEBODY_ELSES + ending)
    destination = MailFolder(tmp_path)
    (folder,) = destination.folders()
    assert folder.count == 1
    answers = put(destination, folder.key, letters(2))
    assert destination.position(folder.key).count == 3
    assert destination.position(folder.key).validity == folder.validity
    assert file.read_bytes().startswith(SOMEBODY_ELSES + ending)
    for answer, sent in answers.values():
        assert isinstance(answer, Stored)
        assert destination.fidelity(folder.key, answer.key or "", sent) is Fidelity.EXACT
    destination.close()


def test_what_somebody_else_added_meanwhile_is_seen(opened: Open, tmp_path: Path) -> None:
    destination = opened()
    folder = made(destination)
    put(destination, folder.key, letters(2))
    before = destination.position(folder.key)
    if destination.keeps_keywords():
        with (tmp_path / folder.key).open("ab") as file:
            file.write(b"From b Mon Jan  1 00:00:00 2001\nSubject: theirs\n\nText\n\n")
    else:
        (tmp_path / folder.key / "00000077.eml").write_bytes(b"Subject: theirs\n\nText\n")
    after = destination.position(folder.key)
    assert (before.count, after.count) == (2, 3)
    assert after.next_key != before.next_key


def test_room_is_that_of_the_disk(opened: Open) -> None:
    free = opened().space().free_bytes
    assert free is not None
    assert free > 0


def test_a_refusal_of_the_disk_is_its_own(opened: Open) -> None:
    destination = opened()
    folder = made(destination)
    put(destination, folder.key, letters(2))
    limit = destination.position(folder.key)
    with pytest.raises(OwnerNeeded) as caught, no_room():
        put(destination, folder.key, [item("big", b"Subject: b\r\n\r\n" + b"x" * 3_000_000)])
    assert caught.value.problem.id is ProblemId.SAVING_DISK_FULL
    assert caught.value.problem.place is Place.DESTINATION
    assert destination.position(folder.key) == limit
    assert len(put(destination, folder.key, letters(3))) == 3
    assert opened().position(folder.key).count == 5


def test_many_folders_and_nothing_left_beside_them(tmp_path: Path, opened: Open) -> None:
    destination = opened()
    folders = destination.ensure_folders([FolderWish(("many", str(n))) for n in range(60)])
    for folder in folders:
        assert isinstance(folder, Folder)
        put(destination, folder.key, letters(1))
    assert sum(folder.count or 0 for folder in opened().folders()) == 60
    assert all(
        destination.position(folder.key).validity == folder.validity
        for folder in folders
        if isinstance(folder, Folder)
    )
    destination.close()
    left = {path.name for path in (tmp_path / "mail").rglob("*") if path.is_file()}
    assert not any(name.endswith((".adding", ".part")) for name in left)
