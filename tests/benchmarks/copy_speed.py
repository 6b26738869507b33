"""Measures copies between two real servers: `python -m tests.benchmarks.copy_speed --help`."""

from __future__ import annotations

import argparse
import os
import sys

from tests.servers.mailbox import MailFolder

from .cases import HUGE, KINDS, Case, chosen
from .goals import Goal, goals
from .letters import huge_mailbox, mailbox, messages_and_bytes, sample
from .rounds import Naive, play, play_naive
from .stage import Stage, staged
from .table import lines

SAMPLE = "sample"
SAMPLE_MESSAGES = 200
COMPARED_WITH_NAIVE = ("first", "no-literal+")


def main() -> int:
    """Exit status 1 when something that must be reached is not."""
    asked = _arguments()
    cases = chosen(asked.cases, asked.rtt, asked.messages)
    with staged(_mailboxes(cases)) as stage:
        reached: list[Goal] = []
        naive: dict[tuple[str, int], Naive] = {}
        for case in cases:
            reached += _show(case, stage, asked.rounds, naive)
        changed = [name for name in stage.before if not stage.unchanged(name)]
    print("\nGoals")
    for goal in reached:
        print(f"  {goal}")
    print(f"  source changed: {', '.join(changed) or 'nothing'}")
    return 0 if all(goal.met for goal in reached) and not changed else 1


def _show(case: Case, stage: Stage, rounds: int, naive: dict[tuple[str, int], Naive]) -> list[Goal]:
    slow: float | None = None
    if case.kind in COMPARED_WITH_NAIVE:
        # Only a delay makes all of it too long; without one, a sample ends too soon to be scaled.
        turn = SAMPLE if case.rtt else case.mailbox, case.rtt
        if turn not in naive:
            naive[turn] = play_naive(stage, *turn)
        slow = naive[turn].of(int(case.mailbox))
    figures = play(case, stage, rounds)
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    print("\n".join(lines(f"{case.title} (load {load})", figures, slow)), flush=True)
    return list(goals(case, figures, slow))


def _mailboxes(cases: list[Case]) -> dict[str, list[MailFolder]]:
    made = {
        name: huge_mailbox() if name == HUGE else mailbox(int(name))
        for name in sorted({case.mailbox for case in cases})
    }
    if any(case.kind in COMPARED_WITH_NAIVE and case.rtt for case in cases):
        largest = max((name for name in made if name != HUGE), key=int)
        made[SAMPLE] = sample(made[largest], SAMPLE_MESSAGES)
    for name, folders in made.items():
        number, size = messages_and_bytes(folders)
        print(f"{name}: {number} messages, {size / 1e6:.0f} MB, mean {size / number / 1e3:.0f} kB")
    return made


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.copy_speed")
    parser.add_argument("--rtt", type=int, nargs="+", default=[0, 20, 80], help="milliseconds")
    parser.add_argument("--messages", type=int, nargs="+", default=[1_000, 5_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cases", nargs="+", choices=KINDS, default=list(KINDS))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
