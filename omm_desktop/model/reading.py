"""How far the reading of a file has come."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that is read to its end before it can be told what is in it. Both in bytes."""

    name: str
    done: int
    size: int
