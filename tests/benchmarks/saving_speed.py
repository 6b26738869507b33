"""Measures savings of a mailbox in a folder: `python -m tests.benchmarks.saving_speed --help`.

Ours is the whole program: it counts, identifies each message, keeps records that outlive a power
cut, and checks what it saved. Python's mailbox module copies, and syncs once at the end.
"""

from __future__ import annotations

import argparse
import mailbox
import os
import shutil
import sys
import tempfile
from pathlib import Path

from .mbox_speed import made
from .measuring import Command, measure

MOST_MEMORY = 300_000_000
ROW = "{:<8} {:>8} {:>7} {:>5}  {}"
PLAIN = """
import mailbox, sys
saved = mailbox.mbox(sys.argv[2])
for message in mailbox.mbox(sys.argv[1], create=False):
    saved.add(message)
saved.close()
"""
PLAN = """
[source]
kind = "mbox"
path = '{source}'
[destination]
kind = "files"
path = '{saved}'
mail_format = "{format}"
"""
LETTER = (
    "From zoe@example.test Mon May  6 07:08:09 2019\nFrom: Zoe <zoe@example.test>\n"
    "To: Bob <bob@example.test>\nSubject: Letter {0}\nMessage-ID: <{0}@example.test>\n"
    "Date: Mon, 6 May 2019 07:08:09 +0000\n\nLetter {0} says little.\n\n"
)


def main() -> int:
    """Exit status 1 when something is missing, or ours takes too much memory."""
    asked = _arguments()
    good = True
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        folder = Path(name)
        small, large = folder / "small.mbox", folder / "large.mbox"
        with small.open("w") as file:
            file.writelines(LETTER.format(number) for number in range(asked.messages))
        good = _play(small, asked.messages)
        if asked.megabytes:
            good = _play(large, made(large, asked.megabytes * 1_000_000)) and good
    return 0 if good else 1


def _play(source: Path, count: int) -> bool:
    size = source.stat().st_size / 1e6
    print(f"\n{count} messages, {size:.0f} MB, load {os.getloadavg()[0]:.1f}")
    print(ROW.format("", "seconds", "CPU s", "MB", ""))
    plain = source.with_name("plain.mbox")
    _show("mailbox", Command([sys.executable, "-c", PLAIN, str(source), str(plain)], source.parent))
    plain.unlink()
    as_mbox, as_eml = (_ours(source, count, format) for format in ("mbox", "eml"))
    return as_mbox and as_eml


def _ours(source: Path, count: int, format: str) -> bool:
    saved, plan, state = (source.with_name(name) for name in ("saved", "plan.toml", "state"))
    plan.write_text(PLAN.format(source=source, saved=saved, format=format))
    program = [sys.executable, "-m", "omm_desktop", "migrate", str(plan), "--state", str(state)]
    memory = _show(format, Command(program, source.parent))
    boxes = [mailbox.mbox(path, create=False) for path in saved.rglob("*.mbox")]
    found = sum(map(len, boxes)) + len(list(saved.rglob("*.eml")))
    for box in boxes:
        box.close()
    shutil.rmtree(saved)
    shutil.rmtree(state)
    if found != count:
        print(f"NOT all was saved: {found} of {count}")
    return found == count and memory <= MOST_MEMORY


def _show(name: str, command: Command) -> int:
    """The memory it took."""
    run = measure(command)
    figures = f"{run.seconds:.1f}", f"{run.cpu:.1f}", f"{run.memory / 1e6:.0f}"
    ended = "" if run.status == 0 else f"status {run.status}: {run.errors.strip()[-100:]}"
    print(ROW.format(name, *figures, ended), flush=True)
    return run.memory


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.saving_speed")
    parser.add_argument("--messages", type=int, default=100_000, help="small ones")
    parser.add_argument("--megabytes", type=int, default=2000, help="of real mail; 0: none")
    parser.add_argument("--folder", help="where the files are made")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
