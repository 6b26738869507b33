"""Where the words of a report come from: handed in, since the catalogue is another room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from omm_desktop.model.problem import Problem


class Explained(Protocol):
    """A problem in words: its code, what happened, why, what to do."""

    @property
    def code(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def cause(self) -> str: ...

    @property
    def remedy(self) -> str: ...


Explain = Callable[[Problem], Explained]


def details(problem: Problem) -> str:
    """What is concerned and what the server said, for the reader who wants to know."""
    return ": ".join(part for part in (problem.subject, problem.detail) if part)
