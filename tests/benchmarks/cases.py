"""What is measured: who copies what, over which line, to which server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .tools import INTERIMAP, MBSYNC, OURS, Tool, ours

FIRST = ((0, 5_000), (20, 1_000), (80, 1_000), (80, 5_000))
AGAIN = ((0, 5_000), (80, 1_000))
LIMITED = ((80, 1_000),)
HUGE = "huge"
PIPELINED = ours("us, pipelined")
FOUR = ours("us, 4 connections", connections=4)
SIXTEEN = ours("us, 16 connections", connections=16)
FREE = ours("us, unbound")
KINDS = ("first", "again", "no-multiappend", "no-literal+", "huge")


@dataclass(frozen=True, slots=True)
class Entry:
    """A tool and the kind of destination it copies to."""

    tool: Tool
    destination: str = "full"


@dataclass(frozen=True, slots=True)
class Case:
    """`rtt` in milliseconds; `mailbox` names one at the source; `again`: time the second run."""

    kind: str
    rtt: int
    mailbox: str
    entries: tuple[Entry, ...]
    again: bool = False

    @property
    def title(self) -> str:
        return f"{self.kind}, {self.mailbox} messages, RTT {self.rtt} ms"


def chosen(kinds: Sequence[str], rtts: Sequence[int], sizes: Sequence[int]) -> list[Case]:
    return [
        case
        for case in _all()
        if case.kind in kinds
        and case.rtt in rtts
        and (case.mailbox == HUGE or int(case.mailbox) in sizes)
    ]


def _all() -> Iterator[Case]:
    everybody = tuple(Entry(tool) for tool in (OURS, MBSYNC, INTERIMAP))
    for rtt, size in FIRST:
        yield Case("first", rtt, str(size), everybody)
    for rtt, size in AGAIN:
        yield Case("again", rtt, str(size), everybody, again=True)
    for rtt, size in LIMITED:
        entries = (Entry(OURS), Entry(PIPELINED, "no-multiappend"))
        yield Case("no-multiappend", rtt, str(size), entries)
    for rtt, size in LIMITED:
        entries = tuple(Entry(tool, "no-literal+") for tool in (FOUR, SIXTEEN, FREE))
        yield Case("no-literal+", rtt, str(size), entries)
    yield Case("huge", 0, HUGE, (Entry(OURS),))
