"""What is left of an addition that was cut short, and what is done about it."""

from __future__ import annotations

import random
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from omm_desktop.endpoints.files import durable
from omm_desktop.endpoints.files.mail_destination import MailFolder
from omm_desktop.model.account import MailFormat
from omm_desktop.model.items import Folder
from omm_desktop.model.ports import FolderWish
from tests.contract.letters import letters, put

from .reading import all_mail

ROOT = Path(__file__).parents[2]
KILLS = 4


def saved(top: Path, count: int) -> tuple[Path, str]:
    """A mailbox with so many mails: its file and its key."""
    with closing(MailFolder(top)) as destination:
        (folder,) = destination.ensure_folders([FolderWish(("INBOX",))])
        assert isinstance(folder, Folder)
        put(destination, folder.key, letters(count))
    return top / folder.key, folder.key


def count_after(top: Path, key: str) -> int:
    with closing(MailFolder(top)) as destination:
        return destination.position(key).count


def cut_short(file: Path, before: bytes, left: bytes, most: int | None = None) -> None:
    """As a power cut leaves it: the note on the disk, and part of the addition."""
    end = len(before) + (len(left) if most is None else most)
    durable.note_of(file).write_bytes(b"%d %d\n" % (len(before), end))
    file.write_bytes(before + left)


def test_any_part_of_an_addition_is_taken_back(tmp_path: Path) -> None:
    file, key = saved(tmp_path, 2)
    before = file.read_bytes()
    with closing(MailFolder(tmp_path)) as destination:
        put(destination, key, letters(4)[2:])
    addition = file.read_bytes()[len(before) :]
    assert not durable.note_of(file).exists()
    for length in range(len(addition) + 1):
        for left in (addition[:length], addition[:length] + b"\0" * (len(addition) - length)):
            cut_short(file, before, left, len(addition))
            assert count_after(tmp_path, key) == 2, length
            assert file.read_bytes() == before
            assert not durable.note_of(file).exists()


def test_what_somebody_else_added_since_is_never_taken_back(tmp_path: Path) -> None:
    file, key = saved(tmp_path, 1)
    before = file.read_bytes()
    theirs = b"From a Mon Jan  1 00:00:00 2001\nSubject: theirs\n\nText\n\n"
    cut_short(file, before, theirs, 1000)
    assert count_after(tmp_path, key) == 2
    cut_short(file, before, before + theirs, len(before))
    assert count_after(tmp_path, key) == 3
    assert file.read_bytes() == before + before + theirs


@pytest.mark.parametrize("note", [b"", b"12", b"12 1", b"x y\n", b"0 \n", b"\0" * 40])
def test_a_note_that_was_cut_short_itself_says_nothing(tmp_path: Path, note: bytes) -> None:
    file, key = saved(tmp_path, 2)
    before = file.read_bytes()
    durable.note_of(file).write_bytes(note)
    assert count_after(tmp_path, key) == 2
    assert file.read_bytes() == before


def test_half_a_message_file_is_never_seen(tmp_path: Path) -> None:
    with closing(MailFolder(tmp_path, MailFormat.EML)) as destination:
        (folder,) = destination.ensure_folders([FolderWish(("INBOX",))])
        assert isinstance(folder, Folder)
        put(destination, folder.key, letters(1))
    half = tmp_path / folder.key / ".00000002.eml.part"
    half.write_bytes(b"Subj")
    with closing(MailFolder(tmp_path, MailFormat.EML)) as destination:
        assert destination.position(folder.key).count == 1
        assert not half.exists()
        assert len(put(destination, folder.key, letters(3)[1:])) == 2
        assert destination.position(folder.key).count == 3


WRITER = """
import sys
from pathlib import Path
from omm_desktop.endpoints.files.mail_destination import MailFolder
from omm_desktop.model.account import MailFormat
from omm_desktop.model.ports import FolderWish
from tests.contract.letters import item

destination = MailFolder(Path(sys.argv[1]), MailFormat(sys.argv[2]))
(folder,) = destination.ensure_folders([FolderWish(("INBOX",))])
for batch in range(10_000):
    sizes = range(batch * 5, batch * 5 + 5)
    items = [item(str(n), b"Subject: %d\\n\\n" % n + b"From x\\n" * (n * 7 % 5000)) for n in sizes]
    for answer in destination.store(folder.key, items):
        print(answer.ref.key, flush=True)
"""


@pytest.mark.parametrize("format", MailFormat)
def test_a_program_killed_while_it_saves(tmp_path: Path, format: MailFormat) -> None:
    chance = random.Random(format)
    for kill in range(KILLS):
        top = tmp_path / str(kill)
        top.mkdir()
        told = _killed(top, format, after=chance.randrange(1, 150))
        back = sorted(one.message for one in all_mail(top)["INBOX",])
        with closing(MailFolder(top, format)) as destination:
            (folder,) = destination.folders()
            there = destination.position(folder.key).count
        whole = [b"Subject: %d\n\n" % n + b"From x\n" * (n * 7 % 5000) for n in range(there)]
        assert there >= len(told)
        assert sorted(one.message for one in all_mail(top)["INBOX",]) == sorted(whole)
        # Read before it was mended, as another program would.
        assert len(back) >= len(told)


def _killed(top: Path, format: MailFormat, after: int) -> list[str]:
    """What a program told as saved that was killed when it had told so much."""
    command = [sys.executable, "-c", WRITER, str(top), format]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [next(process.stdout).strip() for _ in range(after)]
        process.kill()
        told += [line.strip() for line in process.stdout if line.endswith("\n")]
    return told
