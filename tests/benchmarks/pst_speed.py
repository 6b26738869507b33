"""Measures readings of Outlook files: `python -m tests.benchmarks.pst_speed --help`.

The largest file of the collection, by our source, libpff and readpst; and a larger one that is made
here, which has no maps of free space: libpff and readpst refuse it. What a reader takes for an
empty file is its start, which counts for nothing where a file is large: ours starts two processes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from tests.pst.collection import unpacked_files

from .measuring import Command, Run, measure

OURS = "ours"
LARGEST, EMPTY = "enron.pst", "outlook-pst-rs__Empty.pst"
MOST_MEMORY = 300_000_000
MOST_SECONDS_TO_FIRST = 1.0
ROW = "{:<12} {:>8} {:>8} {:>7} {:>5} {:>7} {:>7}  {}"


def main() -> int:
    """Exit status 1 when ours takes too much memory or time, or gives less than it should."""
    asked = _arguments()
    print(f"load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = unpacked_files(folder)
        starts = _starts(files[EMPTY], folder, asked)
        good = _play(files[LARGEST], folder, asked, starts)
        if asked.megabytes:
            made = folder / "made.pst"
            arguments = [sys.executable, "-m", "tests.benchmarks.made_outlook"]
            run = measure(Command([*arguments, str(made), str(asked.megabytes)], folder))
            if run.status:
                raise RuntimeError(run.errors)
            good = _play(made, folder, asked, starts) and good
    return 0 if good else 1


def _starts(empty: Path, folder: Path, asked: argparse.Namespace) -> dict[str, float]:
    """Seconds that each reader takes for nothing."""
    return {
        name: min(measure(command).seconds for _ in range(asked.rounds))
        for name, command in _readers(empty, folder, asked).items()
    }


def _play(path: Path, folder: Path, asked: argparse.Namespace, starts: dict[str, float]) -> bool:
    """Each reader as often as asked, the best of it shown; whether ours kept its promises."""
    print(f"\n{path.name}, {path.stat().st_size / 1e6:.0f} MB")
    print(ROW.format("", "seconds", "to start", "CPU s", "MB", "items", "first s", ""))
    good = True
    for name, command in _readers(path, folder, asked).items():
        runs = [measure(command) for _ in range(asked.rounds)]
        best = min(runs, key=lambda run: (run.status, run.seconds))
        told = json.loads(best.output) if best.status == 0 and best.output else {}
        _show(name, best, told, starts[name])
        if name == OURS:
            soon = told.get("first", MOST_SECONDS_TO_FIRST + 1) <= MOST_SECONDS_TO_FIRST
            good = best.status == 0 and best.memory <= MOST_MEMORY and soon
    return good


def _readers(path: Path, folder: Path, asked: argparse.Namespace) -> dict[str, Command]:
    plain = str(Path(__file__).with_name("plain_outlook.py"))
    module = [sys.executable, "-m", "tests.benchmarks.plain_outlook"]
    readers = {OURS: Command([*module, "ours", str(path)], folder)}
    if asked.libpff:
        readers["libpff"] = Command([asked.libpff, plain, "libpff", str(path)], folder)
    if readpst := shutil.which(asked.readpst):
        output = folder / "readpst"
        output.mkdir(exist_ok=True)
        readers["readpst"] = Command([readpst, "-q", "-e", "-o", str(output), str(path)], folder)
    return readers


def _show(name: str, run: Run, told: dict[str, float], start: float) -> None:
    figures = f"{run.seconds:.2f}", f"{start:.2f}", f"{run.cpu:.2f}", f"{run.memory / 1e6:.0f}"
    counted = str(told.get("items", "")), f"{told['first']:.2f}" if told else ""
    ended = "" if run.status == 0 else f"status {run.status}: {run.errors.strip()[-100:]}"
    print(ROW.format(name, *figures, *counted, ended), flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.pst_speed")
    parser.add_argument("--megabytes", type=int, default=500, help="of the made file; 0: none")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--libpff", help="a Python that has libpff-python")
    parser.add_argument("--readpst", default="readpst")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
