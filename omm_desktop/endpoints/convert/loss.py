"""What a destination cannot hold of a contact, an event or a task."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

HEADING = "[OMM Desktop]"
"""Begins the part of the notes that keeps what has no place; the same in all languages."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A property without a place of its own.

    `name` is that of the property in vCard or iCalendar, `value` is for people, `rule` names the
    entry of the manual that says what forbids it. `kept`: the value is in the notes.
    """

    name: str
    value: str
    rule: StrEnum
    kept: bool = True

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


def with_losses(notes: str, losses: Iterable[Loss]) -> str:
    """The notes and, below them, what is kept in no other place."""
    lines = [str(loss) for loss in losses if loss.kept]
    if not lines:
        return notes
    return "\n".join(([notes, ""] if notes else []) + [HEADING, *lines])
