"""Where the words of a report come from: handed in, since the catalogue is another room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from omm_desktop.model.problem import Problem
from omm_desktop.report.differences import read
from omm_desktop.report.field_words import is_about_field, named_field


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
    """What is concerned and what the server said, for the reader who wants to know.

    Of what Exchange does not hold, the sentence of the manual that says why.
    """
    said, difference = read(problem.detail)
    said = named_field(problem, said)
    if difference is not None:
        return f"{said} – {difference.text()}"
    if is_about_field(problem):
        return said or problem.subject
    return ": ".join(part for part in (problem.subject, said) if part)
