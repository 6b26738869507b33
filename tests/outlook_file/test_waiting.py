"""A process waits for the next file and reads one after the other, as long as nothing is wrong."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from shutil import copyfile

import pytest

from omm_desktop.endpoints import registry
from omm_desktop.endpoints.outlook_file.at_hand import at_hand, one_waiting
from omm_desktop.model.account import EndpointKind, on_disk
from omm_desktop.model.problem import OwnerNeeded, TryAgain
from tests.pst.collection import SOUND
from tests.pst.outlook import Box, Letter, Outlook, text

from .everything import opened, read_all, read_file

LARGE = 65 << 20


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "letters.pst"
    Outlook().save(path, [Box("Inbox", [Letter({0x0037: text(f"Letter {n}")}) for n in range(3)])])
    return path


@pytest.fixture
def waiting() -> Iterator[int]:
    """The process that waits."""
    with one_waiting():
        yield _only_process()
    assert multiprocessing.active_children() == []


def _only_process() -> int:
    (process,) = multiprocessing.active_children()
    assert process.pid is not None
    return process.pid


def test_it_loads_all_beforehand(waiting: int) -> None:
    assert at_hand.is_prepared(60)
    assert _only_process() == waiting


def test_it_reads_file_after_file(waiting: int, letters: Path) -> None:
    for _ in range(3):
        with opened(letters) as source:
            assert len(read_all(source).items) == 3
            assert _only_process() == waiting
        assert _only_process() == waiting


def test_files_read_one_after_the_other_are_as_if_each_were_alone(
    waiting: int, pst_files: dict[str, Path]
) -> None:
    one_after_the_other = {name: read_file(pst_files[name]).data() for name in SOUND}
    assert _only_process() == waiting
    for name in reversed(SOUND):
        assert read_file(pst_files[name]).data() == one_after_the_other[name]
    assert _only_process() == waiting


def test_the_file_is_given_back_before_the_next(waiting: int, letters: Path) -> None:
    with opened(letters) as source:
        read_all(source)
    with opened(letters) as source:
        source.summary()
        open_files = Path(f"/proc/{waiting}/fd").iterdir()
        assert sum(os.path.realpath(one) == str(letters) for one in open_files) == 1


def test_one_with_a_damaged_file_reads_no_other(
    waiting: int, letters: Path, tmp_path: Path
) -> None:
    outlook = Outlook()
    outlook.save(tmp_path / "whole.pst", [Box("Inbox", [Letter({0x0037: text("One")})])])
    outlook.writer.node(0x200024, 0, 0)
    outlook.writer.save(tmp_path / "damaged.pst")
    assert read_file(tmp_path / "damaged.pst").refused
    assert _only_process() != waiting
    assert len(read_file(letters).items) == 3


def test_one_with_what_is_no_outlook_file_reads_no_other(waiting: int, tmp_path: Path) -> None:
    (tmp_path / "no.pst").write_bytes(b"!BDN and nothing else")
    with pytest.raises(OwnerNeeded):
        read_file(tmp_path / "no.pst")
    assert _only_process() != waiting


def test_one_with_a_large_file_reads_no_other(waiting: int, letters: Path, tmp_path: Path) -> None:
    large = copyfile(letters, tmp_path / "large.pst")
    os.truncate(large, LARGE)
    with opened(large) as source:
        source.summary()
        assert _only_process() == waiting
    assert _only_process() != waiting


def test_one_that_died_while_it_waited_costs_nothing(waiting: int, letters: Path) -> None:
    os.kill(waiting, signal.SIGKILL)
    os.waitid(os.P_PID, waiting, os.WEXITED | os.WNOWAIT)
    assert len(read_file(letters).items) == 3


def test_one_that_was_ended_waits_for_nothing(waiting: int, letters: Path) -> None:
    with opened(letters) as source:
        source.folders()
        source.abort()
    assert len(read_file(letters).items) == 3
    assert _only_process() != waiting


def test_whose_process_reads_another_file_cannot_end_it(letters: Path, tmp_path: Path) -> None:
    with ExitStack() as stack:
        sources = [
            stack.enter_context(opened(copyfile(letters, tmp_path / f"{number}.pst")))
            for number in range(3)
        ]
        for source in sources:
            source.folders()
        first, _, last = sources
        first.abort()
        assert len(read_all(last).items) == 3
        with pytest.raises(TryAgain):
            first.folders()


@pytest.mark.parametrize(
    ("kind", "name", "processes"),
    [
        (EndpointKind.PST, "letters.pst", 1),
        (EndpointKind.FILE, "letters.pst", 1),
        (EndpointKind.FILE, "nothing.pst", 0),
        (EndpointKind.ICS, "letters.pst", 0),
    ],
)
def test_it_waits_where_an_outlook_file_will_be_read(
    kind: EndpointKind, name: str, processes: int, letters: Path
) -> None:
    account = on_disk(kind, letters.with_name(name))
    with registry.prepared_for([account]):
        assert len(multiprocessing.active_children()) == processes
    assert multiprocessing.active_children() == []
