"""Runs the tools of a case in turn (A B C, A B C) and keeps what each needed."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from statistics import median

from tests.servers.mailbox import snapshot

from .cases import Case, Entry
from .differences import differences
from .measuring import Run, measure
from .stage import Stage
from .tools import NAIVE, Tool


@dataclass
class Figures:
    """What a tool needed in one case, a run each round. `differences` were found after it."""

    tool: Tool
    runs: list[Run] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return median(run.seconds for run in self.runs)

    @property
    def range(self) -> tuple[float, float]:
        return min(run.seconds for run in self.runs), max(run.seconds for run in self.runs)

    @property
    def cpu(self) -> float:
        return median(run.cpu for run in self.runs)

    @property
    def memory(self) -> int:
        return max(run.memory for run in self.runs)


@dataclass(frozen=True, slots=True)
class Naive:
    """The one-by-one copy of a mailbox, or of a sample of it."""

    messages: int
    seconds: float
    set_up: float

    def of(self, messages: int) -> float:
        """Seconds it would need for so many messages."""
        return self.set_up + self.seconds * messages / self.messages


def play(case: Case, stage: Stage, rounds: int) -> list[Figures]:
    """All rounds of a case; RuntimeError when a tool fails."""
    figures = {entry: Figures(entry.tool) for entry in case.entries if entry.tool.installed}
    for number in range(rounds):
        for entry, found in figures.items():
            run, unlike = _turn(case, entry, stage, check=entry.tool.ours or number == 0)
            found.runs.append(run)
            found.differences += unlike
            _say(f"  {case.title}: {entry.tool.name} {run.seconds:.2f} s {' '.join(unlike)}")
    return list(figures.values())


def play_naive(stage: Stage, mailbox: str, rtt: int) -> Naive:
    """Copy a mailbox one message at a time."""
    with stage.lines(rtt / 1000, "full") as (near, far), stage.visit("full") as (visitor, folder):
        source = stage.at_source(mailbox).through(near)
        run = measure(NAIVE.command(source, visitor.through(far), folder))
        _demand_success(NAIVE, run)
        unlike = differences(stage.before[mailbox], snapshot(visitor))
    copied, seconds = json.loads(run.output)
    _say(f"  {NAIVE.name}, RTT {rtt} ms: {copied} messages in {seconds:.1f} s ({unlike})")
    return Naive(copied, seconds, run.seconds - seconds)


def _turn(case: Case, entry: Entry, stage: Stage, *, check: bool) -> tuple[Run, list[str]]:
    kind, tool = entry.destination, entry.tool
    with stage.lines(case.rtt / 1000, kind) as (near, far), stage.visit(kind) as (visitor, folder):
        source = stage.at_source(case.mailbox).through(near)
        destination = visitor.through(far)
        run = measure(tool.command(source, destination, folder))
        _demand_success(tool, run)
        if case.again:
            run = measure(tool.command(source, destination, folder))
            _demand_success(tool, run)
        unlike = [differences(stage.before[case.mailbox], snapshot(visitor))] if check else []
        return run, unlike


def _demand_success(tool: Tool, run: Run) -> None:
    if run.status:
        raise RuntimeError(f"{tool.name} ended with {run.status}:\n{run.errors[-3000:]}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
