"""Internet addresses of people whom some messages name by an internal address alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from .recipient import Person

_MOST_PEOPLE = 200_000

Everyone = Callable[[], Iterable[Person]]
"""Gives the `people` of every message of a file."""


class AddressBook:
    """What a file tells of its people, by internal address in small letters.

    Everyone is learned when the first address is missing, and not before: most files never need it,
    and the same file gives the same bytes each time, in whatever order its messages are read.
    """

    def __init__(self, everyone: Everyone = tuple) -> None:
        self._known: dict[str, str] = {}
        self._everyone: Everyone | None = everyone

    def learn(self, person: Person) -> None:
        """Keep the first Internet address met beside an internal one."""
        if person.internal and person.address and len(self._known) < _MOST_PEOPLE:
            self._known.setdefault(person.internal.lower(), person.address)

    def completed(self, person: Person) -> Person:
        """The person, with an Internet address where one is known."""
        if person.address or not person.internal:
            return person
        everyone, self._everyone = self._everyone, None
        for one in everyone() if everyone else ():
            self.learn(one)
        return replace(person, address=self._known.get(person.internal.lower(), ""))
