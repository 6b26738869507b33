"""Measures readings of Outlook files: `python -m tests.benchmarks.pst_speed --help`.

The largest file of the collection, by our source, libpff and readpst; and a larger one that is made
here, which has no maps of free space: libpff and readpst refuse it.
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
LARGEST = "enron.pst"
MOST_MEMORY = 300_000_000
MOST_SECONDS_TO_FIRST = 1.0
ROW = "{:<12} {:>8} {:>7} {:>5} {:>7} {:>7}  {}"


def main() -> int:
    """Exit status 1 when ours takes too much memory or time, or gives less than it should."""
    asked = _arguments()
    print(f"load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        largest = unpacked_files(folder)[LARGEST]
        good = _play(largest, folder, asked)
        if asked.megabytes:
            made = folder / "made.pst"
            arguments = [sys.executable, "-m", "tests.benchmarks.made_outlook"]
            run = measure(Command([*arguments, str(made), str(asked.megabytes)], folder))
            if run.status:
                raise RuntimeError(run.errors)
            good = _play(made, folder, asked) and good
    return 0 if good else 1


def _play(path: Path, folder: Path, asked: argparse.Namespace) -> bool:
    """Each reader as often as asked, the best of it shown; whether ours kept its promises."""
    print(f"\n{path.name}, {path.stat().st_size / 1e6:.0f} MB")
    print(ROW.format("", "seconds", "CPU s", "MB", "items", "first s", ""))
    good = True
    for name, command in _readers(path, folder, asked).items():
        runs = [measure(command) for _ in range(asked.rounds)]
        best = min(runs, key=lambda run: (run.status, run.seconds))
        told = json.loads(best.output) if best.status == 0 and best.output else {}
        _show(name, best, told)
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


def _show(name: str, run: Run, told: dict[str, float]) -> None:
    figures = f"{run.seconds:.2f}", f"{run.cpu:.2f}", f"{run.memory / 1e6:.0f}"
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
