"""Measures readings of Outlook files: `python -m tests.benchmarks.pst_speed --help`.

Each reader is measured as a program would use it, on the same files and in the same run:

- ours within a running program, from opening a file until its last message is at hand: the list of
  folders, the number that tells one file from another (a hash of all of it) and what identifies
  each message are part of it. The reading process waits for the file, as in the program; `cold`
  has its start in it as well, which is shown and not compared;
- libpff within a running program likewise, which gives properties and makes no messages of them: it
  is asked for bodies, header, sender, times, recipients and attachments, those within as well;
- readpst as a whole process, since there is no other way: it writes messages into files.

What Python takes to start, and to load the library, counts for neither of the first two; `whole` is
the process from its start to its end. The best of the rounds is shown and compared. Measured are
the largest file of the collection, all of it one file after the other (a process of readpst for
each), and a larger one made here, whose maps of free space are missing, so
that libpff and readpst refuse it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.pst.collection import SOUND, unpacked_files

from .measuring import Command, Run, measure

OURS, COLD, LIBPFF, READPST = "ours", "cold", "libpff", "readpst"
LARGEST = "enron.pst"
MOST_MEMORY = 300_000_000
MOST_SECONDS_TO_FIRST = 1.0
LEVEL = 1.05
"""Seconds of ours to those of another, up to which both count as level."""

ROW = "{:<8} {:>8} {:>8} {:>7} {:>5} {:>7} {:>8}  {}"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a reader took for some files; times in seconds, memory in bytes."""

    seconds: float
    whole: float
    cpu: float
    memory: int
    items: int | None = None
    first: float = 0.0
    fault: str = ""


def main() -> int:
    """Exit status 1 when ours is behind another, takes too much memory, or begins too late."""
    asked = _arguments()
    print(f"load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = unpacked_files(folder)
        good = _play(LARGEST, [files[LARGEST]], folder, asked)
        sound = [files[name] for name in SOUND]
        good = _play(f"{len(sound)} files", sound, folder, asked) and good
        if asked.megabytes:
            made = folder / "made.pst"
            arguments = [sys.executable, "-m", "tests.benchmarks.made_outlook"]
            _demand_success(measure(Command([*arguments, str(made), str(asked.megabytes)], folder)))
            good = _play(made.name, [made], folder, asked) and good
    print("\nas promised" if good else "\nNOT as promised")
    return 0 if good else 1


def _play(title: str, paths: Sequence[Path], folder: Path, asked: argparse.Namespace) -> bool:
    """Each reader in turn as often as asked, the best of each shown; whether ours is good."""
    size = sum(path.stat().st_size for path in paths)
    print(f"\n{title}, {size / 1e6:.0f} MB")
    print(ROW.format("", "seconds", "whole s", "CPU s", "MB", "items", "first s", ""))
    commands = _commands(paths, folder, asked)
    found: dict[str, list[Figures]] = {name: [] for name in commands}
    for _ in range(asked.rounds):
        for name, each in commands.items():
            found[name].append(_measured(name, each))
    best = {
        name: min(rounds, key=lambda figures: (figures.fault, figures.seconds))
        for name, rounds in found.items()
    }
    for name, figures in best.items():
        _show(name, figures)
    return _is_good(best)


def _is_good(best: dict[str, Figures]) -> bool:
    ours = best[OURS]
    good = not ours.fault and ours.memory <= MOST_MEMORY and ours.first <= MOST_SECONDS_TO_FIRST
    for name, other in best.items():
        if name in (OURS, COLD) or other.fault or ours.fault:
            continue
        share = ours.seconds / other.seconds
        good = good and share <= LEVEL
        cpu = ours.cpu / other.cpu
        print(f"  ours: {share:.2f} times the seconds of {name}, {cpu:.2f} times its CPU")
    return good


def _commands(
    paths: Sequence[Path], folder: Path, asked: argparse.Namespace
) -> dict[str, list[Command]]:
    """What to start, one after the other, for each reader there is."""
    named = [str(path) for path in paths]
    module = [sys.executable, "-m", "tests.benchmarks.plain_outlook"]
    commands = {name: [Command([*module, name, *named], folder)] for name in (OURS, COLD)}
    if asked.libpff:
        plain = str(Path(__file__).with_name("plain_outlook.py"))
        commands[LIBPFF] = [Command([asked.libpff, plain, LIBPFF, *named], folder)]
    if readpst := shutil.which(asked.readpst):
        output = folder / READPST
        output.mkdir(exist_ok=True)
        start = [readpst, "-q", "-e", "-o", str(output)]
        commands[READPST] = [Command([*start, name], folder) for name in named]
    return commands


def _measured(name: str, commands: Sequence[Command]) -> Figures:
    runs = [measure(command) for command in commands]
    whole = sum(run.seconds for run in runs)
    cpu, memory = sum(run.cpu for run in runs), max(run.memory for run in runs)
    failed = next((run for run in runs if run.status), None)
    if failed is not None:
        fault = f"status {failed.status}: {failed.errors.strip()[-100:]}"
        return Figures(whole, whole, cpu, memory, fault=fault)
    if name == READPST:
        return Figures(whole, whole, cpu, memory)
    told = json.loads(runs[0].output)
    return Figures(
        told["seconds"], whole, told["cpu"], told["memory"], told["items"], told["first"]
    )


def _show(name: str, figures: Figures) -> None:
    times = f"{figures.seconds:.2f}", f"{figures.whole:.2f}", f"{figures.cpu:.2f}"
    items = "" if figures.items is None else str(figures.items)
    first = f"{figures.first:.2f}" if figures.first else ""
    memory = f"{figures.memory / 1e6:.0f}"
    print(ROW.format(name, *times, memory, items, first, figures.fault), flush=True)


def _demand_success(run: Run) -> None:
    if run.status:
        raise RuntimeError(run.errors)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.pst_speed")
    parser.add_argument("--megabytes", type=int, default=500, help="of the made file; 0: none")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--libpff", help="a Python that has libpff-python")
    parser.add_argument("--readpst", default="readpst")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
