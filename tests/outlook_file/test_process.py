"""Whatever goes wrong in the reading process costs the item it was at."""

from __future__ import annotations

import multiprocessing
import os
import re
import select
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from shutil import copyfile

import pytest

from omm_desktop.endpoints.outlook_file.limits import Limits
from omm_desktop.endpoints.outlook_file.running import Work
from omm_desktop.model.problem import OmmError, ProblemId, TryAgain
from tests.pst.outlook import Attached, Box, Letter, Outlook, binary, number, text

from . import faulty
from .everything import opened, read_all, read_file

LETTERS = 4


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with four letters, each with a file of 300 kB."""
    path = tmp_path_factory.mktemp("made") / "letters.pst"
    files = [Attached({0x3705: number(1), 0x3707: text("f"), 0x3701: binary(b"x" * 300_000)})]
    boxes = [
        Box("Inbox", [Letter({0x0037: text(f"Letter {n}")}, (), files) for n in range(LETTERS)])
    ]
    Outlook().save(path, boxes)
    return path


@pytest.mark.parametrize(
    ("work", "limits", "said"),
    [
        (faulty.hanging, Limits(silence=2), "no progress for 2 seconds"),
        (faulty.killed, Limits(), "ended with status -9"),
        (faulty.greedy, Limits(memory=200 << 20), "MemoryError|bytes of memory"),
        (faulty.stubborn, Limits(memory=200 << 20, silence=2), "bytes of memory|no progress"),
        (faulty.faulty, Limits(), "RecursionError: too deep"),
    ],
    ids=["hanging", "killed", "greedy", "stubborn", "faulty"],
)
def test_it_costs_one_item(work: Work, limits: Limits, said: str, letters: Path) -> None:
    sound = read_file(letters).data()
    found = read_file(letters, limits, work)
    assert len(found.items) == len(found.refused) == LETTERS / 2
    assert found.data().items() <= sound.items()
    for refused in found.refused:
        assert refused.problem.id is ProblemId.FILE_DAMAGED
        assert re.search(said, refused.problem.detail)


def test_reading_ends_at_once_when_it_is_ended(letters: Path) -> None:
    with opened(letters, Limits(), faulty.hanging) as source:
        (folder,) = source.folders()
        (refs,) = source.refs(folder, None)
        ending = threading.Timer(0.5, source.abort)
        ending.start()
        with pytest.raises(TryAgain):
            list(source.fetch(folder, refs))
        ending.join()
        with pytest.raises(TryAgain):
            source.folders()


def test_no_process_stays_behind(letters: Path) -> None:
    with opened(letters) as source:
        read_all(source)
        assert len(multiprocessing.active_children()) == 1
    assert multiprocessing.active_children() == []


def test_many_files_do_not_take_a_process_each(letters: Path, tmp_path: Path) -> None:
    with ExitStack() as stack:
        copies = [copyfile(letters, tmp_path / f"{number}.pst") for number in range(5)]
        sources = [stack.enter_context(opened(one)) for one in copies]
        folders = [source.folders()[0] for source in sources]
        assert len(multiprocessing.active_children()) == 2
        for source, folder in zip(sources, folders, strict=True):
            (refs,) = source.refs(folder, None)
            answers = source.fetch(folder, refs)
            next(answers)
            assert [one.folders() for one in sources if one is not source]
            assert len(list(answers)) == LETTERS - 1
            assert len(multiprocessing.active_children()) == 2
    assert multiprocessing.active_children() == []


def test_an_answer_nobody_reads_to_its_end_disturbs_no_other(letters: Path) -> None:
    with opened(letters) as source:
        (folder,) = source.folders()
        (refs,) = source.refs(folder, None)
        answers = source.fetch(folder, refs)
        next(answers)
        answers.close()
        assert len(read_all(source).items) == LETTERS


ORPHAN = """
import multiprocessing, os, signal, sys
from pathlib import Path
from omm_desktop.endpoints.outlook_file.limits import USUAL
from omm_desktop.endpoints.outlook_file.source import OutlookFileSource
from tests.outlook_file.faulty import hanging

if __name__ == "__main__":
    source = OutlookFileSource(Path(sys.argv[1]), USUAL, hanging)
    (folder,) = source.folders()
    (refs,) = source.refs(folder, None)
    answers = source.fetch(folder, refs)
    next(answers)
    print(multiprocessing.active_children()[0].pid, flush=True)
    sys.stdin.read(1)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_it_ends_with_the_program_even_while_it_hangs(letters: Path, tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(ORPHAN)
    with subprocess.Popen(
        [sys.executable, str(script), str(letters)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        reading = os.pidfd_open(int(program.stdout.readline()))
        try:
            program.stdin.close()
            ended, _, _ = select.select([reading], [], [], 20)
        finally:
            os.close(reading)
    assert ended
    assert program.returncode == -signal.SIGKILL


def test_a_fault_before_the_first_item_is_told_and_shows_no_traceback(
    letters: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(OmmError) as raised:
        read_file(letters, Limits(), faulty.closed)
    assert raised.value.problem.id is ProblemId.FILE_DAMAGED
    assert "Traceback" not in "".join(capfd.readouterr())
