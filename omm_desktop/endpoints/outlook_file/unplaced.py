"""What of an item has no place in the format it is written in."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...model.problem import Place, Problem, ProblemId
from ..convert.loss import HEADING


@dataclass(slots=True)
class Unplaced:
    """Notes on one item: what is kept in its description, and what is lost."""

    texts: list[str] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)

    def kept(self, name: str, value: str) -> None:
        """Something for the description, under the heading of its kind."""
        line = f"{name}: {value}"
        if line not in self.texts:
            self.texts.append(line)
            self.remarks.append(Problem(ProblemId.ITEM_KEPT_OTHERWISE, Place.SOURCE, line))

    def lost(self, name: str, why: str) -> None:
        """Something that could not be read."""
        self.remarks.append(Problem(ProblemId.ITEM_PARTLY_READ, Place.SOURCE, f"{name}: {why}"))

    def below(self, description: str) -> str:
        """The description with what is kept in it."""
        if not self.texts:
            return description
        return "\n".join(([description, ""] if description else []) + [HEADING, *self.texts])
