"""What must be reached and what would be fine, as ratios within one run of the benchmark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .cases import FOUR, FREE, HUGE, PIPELINED, SIXTEEN, Case
from .rounds import Figures
from .table import all_equal, seconds_of

MEGABYTE = 1_000_000
# The one-by-one copy copies all again; imapsync looks first. Its seconds were measured once, on
# two cores: 5,000 messages without delay, 1,000 at 80 ms.
IMAPSYNC_AGAIN = {(0, 5_000): 2.77, (80, 1_000): 12.6}


@dataclass(frozen=True, slots=True)
class Goal:
    """`value` is compared with both bounds; a ratio to be reached, or one not to be exceeded."""

    text: str
    value: float
    must: float
    stretch: float
    at_least: bool = False

    def __str__(self) -> str:
        return (
            f"{self.text}: {self.value:.2f}   must {self._word} {self.must:g}: "
            f"{self._verdict(self.must)}   stretch {self.stretch:g}: {self._verdict(self.stretch)}"
        )

    @property
    def met(self) -> bool:
        return self._reaches(self.must)

    @property
    def _word(self) -> str:
        return "at least" if self.at_least else "at most"

    def _reaches(self, bound: float) -> bool:
        return self.value >= bound if self.at_least else self.value <= bound

    def _verdict(self, bound: float) -> str:
        return "met" if self._reaches(bound) else "NOT MET"


def goals(case: Case, figures: Sequence[Figures], naive: float | None) -> Iterator[Goal]:
    """The goals this case can show. `naive`: seconds the one-by-one copy needs."""
    yield from _speed(case, figures, naive)
    most = max(found.memory for found in figures if found.tool.ours) / MEGABYTE
    bounds = (250, 150) if case.mailbox == HUGE else (150, 80)
    yield Goal(f"{case.title}: peak memory in MB", most, *bounds)
    unequal = 0 if all_equal(figures) else 1
    yield Goal(f"{case.title}: copies of ours that differ", unequal, 0, 0)


def _speed(case: Case, figures: Sequence[Figures], naive: float | None) -> Iterator[Goal]:
    us, interimap = seconds_of(figures, "us"), seconds_of(figures, "interimap")
    place = (case.rtt, int(case.mailbox) if case.mailbox != HUGE else 0)
    title = case.title
    if case.kind == "first" and us:
        bounds = {(80, 1_000): (30, 60), (20, 1_000): (20, 40), (0, 5_000): (5, 5)}
        if naive and place in bounds:
            text = f"{title}: times the speed of one by one"
            yield Goal(text, naive / us, *bounds[place], at_least=True)
        bounds = {(80, 1_000): (1, 0.5), (80, 5_000): (0.5, 0.25), (0, 5_000): (1.5, 1)}
        if interimap and place in bounds:
            yield Goal(f"{title}: share of interimap's time", us / interimap, *bounds[place])
    if case.kind == "again" and us and place in IMAPSYNC_AGAIN:
        share = 1 / 3 if case.rtt == 0 else 1 / 8
        most = round(IMAPSYNC_AGAIN[place] * share, 2)
        yield Goal(f"{title}: seconds (share of imapsync's)", us, most, interimap or most)
    pipelined = seconds_of(figures, PIPELINED.name)
    if pipelined and us:
        yield Goal(f"{title}: share of our time with it", pipelined / us, 1.5, 1.2)
    yield from _without_literals(title, figures, naive)


def _without_literals(
    title: str, figures: Sequence[Figures], naive: float | None
) -> Iterator[Goal]:
    if naive is None:
        return
    for tool, must, stretch in ((FOUR, 5, 5), (SIXTEEN, 5, 15), (FREE, 5, 15)):
        if seconds := seconds_of(figures, tool.name):
            text = f"{title}: {tool.name}, times the speed of one by one"
            yield Goal(text, naive / seconds, must, stretch, at_least=True)
