"""Files that were made to do harm, or that chance has made: bounded, told, and the rest is read."""

from __future__ import annotations

import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from omm_desktop.endpoints.files.mail_source import open_mail
from omm_desktop.endpoints.files.mbox import index
from omm_desktop.endpoints.files.survey import DEEPEST
from omm_desktop.model.items import Item
from omm_desktop.model.problem import ProblemId, TryAgain

from .reading import all_mail, answers, messages_of

DATED = b"From a Mon Jan  1 00:00:00 2001\n"
LETTER = b"Subject: x\n\nText\n"
MEMORY = 48 << 20


@contextmanager
def little_memory() -> Iterator[None]:
    """What Python holds within it stays below a bound."""
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MEMORY, peak


@pytest.mark.parametrize("filling", [b"x", b">", b"\0", b">From ", b"From "])
def test_a_line_without_end(tmp_path: Path, filling: bytes) -> None:
    count = (96 << 20) // len(filling)
    with (tmp_path / "box").open("wb") as file:
        file.write(DATED + LETTER + b"\n" + DATED + b"Subject: y\n\n")
        for _ in range(count // 65_536):
            file.write(filling * 65_536)
        file.write(b"\n\n" + DATED + LETTER)
    with little_memory(), closing(open_mail(tmp_path / "box")) as source:
        (folder,) = source.folders()
        sizes = []
        for answer in answers(source, folder):
            assert isinstance(answer, Item)
            sizes.append(answer.payload.size)
            answer.payload.close()
    assert (sizes[0], sizes[2]) == (len(LETTER), len(LETTER))
    assert sizes[1] > 90 << 20


def test_a_header_without_end(tmp_path: Path) -> None:
    header = b"X-Gmail-Labels: " + b'a,b,"c\n d' * 400_000
    (tmp_path / "box").write_bytes(DATED + header + b"\n\nText\n\n" + DATED + LETTER)
    with little_memory(), closing(open_mail(tmp_path / "box")) as source:
        count = sum(folder.count or 0 for folder in source.folders()[-1:])
    assert count == 1


def test_more_labels_than_anybody_has(tmp_path: Path) -> None:
    entries = [
        DATED
        + b"X-Gmail-Labels: "
        + b",".join(b"l%d" % (n * 40 + i) for i in range(40))
        + b"\n\nx\n"
        for n in range(60)
    ]
    (tmp_path / "box").write_bytes(b"\n".join(entries))
    with closing(open_mail(tmp_path / "box")) as source:
        folders = source.folders()
        found = {answer.ref.key for folder in folders for answer in answers(source, folder)}
    assert len(folders) == 1001
    assert len(found) == 60


def test_more_messages_than_are_read_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "MOST_MESSAGES", 5)
    (tmp_path / "box").write_bytes((DATED + LETTER + b"\n") * 9)
    with closing(open_mail(tmp_path / "box")) as source:
        (folder,) = source.folders()
    assert folder.count == 5
    assert [problem.id for problem in folder.remarks] == [ProblemId.FILE_READ_IN_PART]
    assert messages_of(tmp_path / "box") == [LETTER] * 5


def test_lengths_that_lie(tmp_path: Path) -> None:
    lies = [b"999999999999999", b"0", b"-1", b"4294967296", b"1" * 40, b"7"]
    entries = [
        DATED + b"Content-Length: " + lie + b"\n\nText %d\n" % n for n, lie in enumerate(lies)
    ]
    (tmp_path / "box").write_bytes(b"\n".join(entries))
    assert [message.rpartition(b"\n\n")[2] for message in messages_of(tmp_path / "box")] == [
        b"Text %d\n" % n for n in range(len(lies))
    ]


def test_folders_within_folders_without_end(tmp_path: Path) -> None:
    place = tmp_path
    for _ in range(DEEPEST + 5):
        place = place / "d"
    place.mkdir(parents=True)
    (place / "deep.eml").write_bytes(LETTER)
    (tmp_path / "d" / "d" / "near.eml").write_bytes(b"From: a@example.test\n" + LETTER)
    assert all_mail(tmp_path).keys() == {("d", "d")}


def test_reading_ends_when_told_from_outside(tmp_path: Path) -> None:
    with (tmp_path / "box").open("wb") as file:
        file.write(DATED + LETTER)
        file.truncate(1 << 30)
    with closing(open_mail(tmp_path / "box")) as source:
        teller = threading.Timer(0.05, source.abort)
        teller.start()
        with pytest.raises(TryAgain):
            source.folders()
        teller.join()
        with pytest.raises(TryAgain):
            source.folders()
