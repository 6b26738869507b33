"""The figures of a case as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .differences import EQUAL
from .rounds import Figures

HEAD = ("tool", "seconds", "range", "one by one", "interimap", "CPU s", "MB", "differences")
WIDTHS = (22, 8, 15, 11, 10, 7, 6, 0)


def lines(title: str, figures: Sequence[Figures], naive: float | None) -> Iterator[str]:
    """`naive`: seconds the one-by-one copy needs. Both ratios say how many times faster."""
    interimap = seconds_of(figures, "interimap")
    yield f"\n{title}"
    yield _row(HEAD)
    for found in figures:
        low, high = found.range
        yield _row(
            (
                found.tool.name,
                f"{found.seconds:.2f}",
                f"{low:.2f}-{high:.2f}",
                _times(naive, found.seconds),
                _times(interimap, found.seconds),
                f"{found.cpu:.2f}",
                f"{found.memory / 1e6:.0f}",
                "; ".join(sorted(set(found.differences))) or "not looked at",
            )
        )
    if naive is not None:
        yield _row(("one by one", f"{naive:.1f}", "", "1.0", "", "", "", ""))


def seconds_of(figures: Sequence[Figures], name: str) -> float | None:
    return next((found.seconds for found in figures if found.tool.name == name), None)


def all_equal(figures: Sequence[Figures]) -> bool:
    """Whether every copy of ours was."""
    return all(set(found.differences) == {EQUAL} for found in figures if found.tool.ours)


def _times(other: float | None, own: float) -> str:
    return "" if other is None else f"{other / own:.2f}"


def _row(cells: Sequence[str]) -> str:
    return " ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()
