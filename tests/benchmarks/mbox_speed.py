"""Measures readings of a large mbox: `python -m tests.benchmarks.mbox_speed --help`.

Ours identifies each message and hashes all of the file beside reading it. Python's mailbox module
gives messages, or the bytes of each, which tells nothing of them.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
import tempfile
from pathlib import Path

from tests.servers.corpus import corpus_folder, corpus_messages

from .measuring import Command, Run, measure

OURS, PYTHON, BYTES = "ours", "mailbox", "bytes"
MOST_MEMORY = 300_000_000
MOST_SECONDS_TO_TELL = 1.0
ROW = "{:<8} {:>8} {:>7} {:>5} {:>8} {:>7} {:>7}  {}"
SEPARATOR = b"From someone@example.test Fri Aug 05 10:57:20 2016\n"


def main() -> int:
    """Exit status 1 when ours is slower than Python, takes too much memory, or tells too late."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        path = Path(name) / "large.mbox"
        count = made(path, asked.megabytes * 1_000_000)
        print(
            f"{path.stat().st_size / 1e6:.0f} MB, {count} messages, load {os.getloadavg()[0]:.1f}"
        )
        print(ROW.format("", "seconds", "CPU s", "MB", "items", "told s", "first s", ""))
        best = {name: _best(name, path, asked.rounds) for name in (OURS, PYTHON, BYTES)}
    ours, told = best[OURS]
    good = (
        ours.status == 0
        and told.get("items") == count
        and ours.memory <= MOST_MEMORY
        and told["told"] <= MOST_SECONDS_TO_TELL
        and ours.seconds <= best[PYTHON][0].seconds
    )
    print("as promised" if good else "NOT as promised")
    return 0 if good else 1


def made(path: Path, size: int) -> int:
    """A file of so many bytes, of the mail of the collection; the number of messages."""
    chance = random.Random(1)
    mail = [one.body for one in corpus_messages(corpus_folder()) if one.body.endswith(b"\n")]
    quoted = [re.sub(rb"(?m)^(>*From )", rb">\1", body) for body in mail]
    # A length that a message brings along would count in one of the dialects.
    plain = [re.sub(rb"(?mi)^content-length:.*\n|^x-gmail-labels:.*\n", b"", one) for one in quoted]
    count = 0
    with path.open("wb") as file:
        while file.tell() < size:
            file.write(SEPARATOR + chance.choice(plain) + b"\n")
            count += 1
    return count


def _best(name: str, path: Path, rounds: int) -> tuple[Run, dict[str, float]]:
    command = [sys.executable, "-m", "tests.benchmarks.plain_mbox", name, str(path)]
    runs = [measure(Command(command, path.parent)) for _ in range(rounds)]
    run = min(runs, key=lambda run: (run.status, run.seconds))
    told = json.loads(run.output) if run.status == 0 else {}
    figures = f"{run.seconds:.2f}", f"{run.cpu:.2f}", f"{run.memory / 1e6:.0f}"
    counted = str(told.get("items", "")), *(f"{told.get(key, 0):.2f}" for key in ("told", "first"))
    ended = "" if run.status == 0 else f"status {run.status}: {run.errors.strip()[-100:]}"
    print(ROW.format(name, *figures, *counted, ended), flush=True)
    return run, told


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.mbox_speed")
    parser.add_argument("--megabytes", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--folder", help="where the file is made")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
