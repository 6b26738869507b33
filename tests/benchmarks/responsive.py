"""Whether the window answers whatever it does: `python -m tests.benchmarks.responsive --help`.

The real window copies between two real Dovecots, offscreen, as fast as it can. A watchdog measures
how late its thread answers on each page, and prints what it was at when it was late for long.
Judged is what the clock says, as a person would feel it: so let the machine be quiet, or the two
servers and this window be what it serves first. Beside it stands the window's own part, without
the time for which its thread was ready and others had all the processors; on a busy machine
(`--loaded`) that part is judged.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.servers.account import TestAccount
from tests.servers.dovecot import Dovecot, DovecotOptions
from tests.servers.mailbox import MailFolder, Message

from . import window_walk
from .letters import mailbox
from .measuring import Command, Run, measure
from .planting import LAYOUT, plant

LONGEST_START = 2.0
LONGEST_FREEZE = 0.1
MOST_GROWTH = 32_000_000
"""Bytes that a copy may hold at its end beyond what it held after a fifth of its items."""

STARTS = 5
FULL_SPEED, MANY_FOLDERS, MANY_MESSAGES = 3_000, 10_000, 100_000
NEW_FOLDERS = 200
"""Of many folders: those that are missing in the new mailbox."""
SMALL = 2_000
"""Bytes of a small message."""

ROW = "{:<12} {:>8} {:>10} {:>10} {:>10} {:>10}"


def main() -> int:
    """Exit status 1 when something is slower or larger than it may be."""
    cases: dict[str, Callable[[argparse.Namespace], bool]] = {
        "start": _start,
        "speed": lambda asked: _copy(asked, mailbox(asked.letters)),
        "folders": lambda asked: _copy(
            asked, _many_folders(asked.folders), there=_there_already(asked.folders), choosing=True
        ),
        "messages": lambda asked: _copy(asked, _many_messages(asked.messages), alike=True),
    }
    asked = _arguments(list(cases))
    good = []
    for name in asked.cases:
        load_now = " ".join(f"{value:.1f}" for value in os.getloadavg())
        print(f"\n{name} (load {load_now})", flush=True)
        good.append(cases[name](asked))
    return 0 if all(good) else 1


def _start(asked: argparse.Namespace) -> bool:
    """From the command to the first page on the screen."""
    runs: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory(dir=asked.records) as folder:
        home = Path(folder)
        for _turn in range(STARTS):
            program = [sys.executable, "-m", "tests.benchmarks.window_start"]
            found = _answer(measure(Command(program, home)))
            runs.append((found["seconds"], found["cpu"]))
    seconds, cpu = (statistics.median(run[index] for run in runs) for index in (0, 1))
    print(f"window shown after {seconds:.2f} s ({cpu:.2f} s of a processor), median of {STARTS}")
    return (
        _judge("start", cpu, LONGEST_START, "s of a processor")
        if asked.loaded
        else _judge("start", seconds, LONGEST_START, "s")
    )


def _copy(
    asked: argparse.Namespace,
    letters: list[MailFolder],
    *,
    there: Sequence[MailFolder] = (),
    choosing: bool = False,
    alike: bool = False,
) -> bool:
    """`alike`: of letters of one size a copy holds as much at its end as early on."""
    options = DovecotOptions(settings=LAYOUT)
    with Dovecot(options) as old, Dovecot(options) as new:
        source = plant(old, "old@example.test", letters)
        destination = plant(new, "new@example.test", there)
        wanted = [one for one in letters if not choosing or one.path[0] != window_walk.UNTICKED]
        number, chosen = _messages_in(letters), _messages_in(wanted)
        print(f"{number} messages in {len(letters)} folders", flush=True)
        del letters[:], wanted[:]
        with tempfile.TemporaryDirectory(dir=asked.records) as folder:
            run = _walk(source, destination, Path(folder), asked.seconds, choosing=choosing)
        found = _answer(run)
    print(f"copied {found['copied']} in {found['seconds']:.1f} s, {run.cpu:.1f} s of a processor")
    good = [found["complete"] and (found["copied"] == chosen or found["stopped"])]
    if not good[0]:
        print(f"it did not copy all {chosen}: MISSED")
    good += _answers(found, loaded=asked.loaded)
    good.append(_steady(found["memory"], run.memory) or not alike)
    return all(good)


def _messages_in(folders: Sequence[MailFolder]) -> int:
    return sum(len(folder.messages) for folder in folders)


def _walk(
    source: TestAccount, destination: TestAccount, folder: Path, seconds: int, *, choosing: bool
) -> Run:
    asked = {
        "old": [source.host, source.port, source.login, source.password],
        "new": [destination.host, destination.port, destination.login, destination.password],
        "records": str(folder),
        "choosing": choosing,
        "seconds": seconds,
    }
    program = [sys.executable, "-m", "tests.benchmarks.window_walk"]
    return measure(Command(program, folder, json.dumps(asked)))


def _answer(run: Run) -> Any:
    if run.status != 0:
        raise RuntimeError(f"status {run.status}: {run.errors[-2000:]}")
    return json.loads(run.output)


def _answers(found: Any, *, loaded: bool) -> Iterator[bool]:
    print(ROW.format("late, in ms", "answers", "longest", "99.9 %", "own", "own 99.9 %"))
    for place, seen in found["places"].items():
        figures = (seen[name] for name in ("longest", "of_999", "longest_own", "of_999_own"))
        print(ROW.format(place, seen["answers"], *(f"{1000 * one:.0f}" for one in figures)))
    for freeze in found["freezes"]:
        told = f"{1000 * freeze['own']:.0f} ms of {1000 * freeze['seconds']:.0f}"
        print(f"{freeze['place']}, {told}:\n{freeze['stack']}")
    judged = "longest_own" if loaded else "longest"
    longest = max(seen[judged] for seen in found["places"].values())
    yield _judge("freeze", 1000 * longest, 1000 * LONGEST_FREEZE, "ms")


def _steady(memory: list[tuple[int, int]], peak: int) -> bool:
    """Whether the copy takes no more at its end than early on; items done, bytes then."""
    done = max((items for items, _bytes in memory), default=0)
    early = [held for items, held in memory if 0 < items <= done / 5]
    late = [held for items, held in memory if items > done / 5]
    print(f"memory: peak {peak / 1e6:.0f} MB", end="")
    if not early or not late:
        print(", too short a copy to tell whether it grows")
        return True
    print(
        f", {max(early) / 1e6:.0f} MB in the first fifth of the copy, {max(late) / 1e6:.0f} after"
    )
    return _judge("growth", (max(late) - max(early)) / 1e6, MOST_GROWTH / 1e6, "MB")


def _judge(what: str, value: float, most: float, unit: str) -> bool:
    met = value <= most
    print(f"{what}: {value:.2f} {unit}, at most {most:g}: {'met' if met else 'MISSED'}", flush=True)
    return met


def _many_folders(number: int) -> list[MailFolder]:
    """Branches of a hundred folders; every tenth folder holds a letter."""
    made = [MailFolder(("INBOX",), [_small(0)])]
    for index in range(number - 1):
        branch = window_walk.UNTICKED if index < 100 else f"Branch {index // 100}"
        path = (branch, f"Folder {index}") if index % 100 else (branch,)
        held = [_small(index + 1)] if index % 10 == 0 else ()
        made.append(MailFolder(path, held))
    return made


def _there_already(number: int) -> list[MailFolder]:
    """The same folders without letters and without the last: making them takes Dovecot for ever.

    It writes its list of subscriptions anew for each.
    """
    return [MailFolder(folder.path) for folder in _many_folders(number)[:-NEW_FOLDERS]]


def _many_messages(number: int) -> list[MailFolder]:
    fifth = max(1, number // 5)
    return [
        MailFolder(
            ("INBOX",) if first == 0 else (f"Archive {first // fifth}",),
            [_small(index) for index in range(first, min(number, first + fifth))],
        )
        for first in range(0, number, fifth)
    ]


def _small(number: int) -> Message:
    head = (
        "From: Zoe <zoe@example.test>\r\nTo: Bob <bob@example.test>\r\n"
        f"Subject: Letter {number}\r\n"
        f"Message-ID: <{number}@example.test>\r\nDate: Mon, 6 May 2019 07:08:09 +0000\r\n\r\n"
    ).encode()
    line = b"A letter of many that all say the same, and little at that.\r\n"
    return Message(head + line * ((SMALL - len(head)) // len(line)))


def _arguments(cases: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.responsive")
    parser.add_argument("--cases", nargs="+", choices=cases, default=cases)
    parser.add_argument("--letters", type=int, default=FULL_SPEED)
    parser.add_argument("--folders", type=int, default=MANY_FOLDERS)
    parser.add_argument("--messages", type=int, default=MANY_MESSAGES)
    parser.add_argument("--seconds", type=int, default=1_800, help="a longer copy is stopped then")
    parser.add_argument("--records", help="folder in which the records are kept, on a real disk")
    parser.add_argument(
        "--loaded", action="store_true", help="the machine is busy: judge the window's own part"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
