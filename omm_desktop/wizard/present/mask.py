"""The mask over personal data: whether it is on, and what stands for whom while it is.

It is worn where texts are made (`present.person`), never painted over, so that window, title,
notification and screen reader say the same. What stands for somebody stays so until the program
ends: an agent can follow one mailbox from page to page. Host names, ports and services are shown,
since nobody can help without them; a domain by itself is a host name.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass, field

DOTS = "•••"
_ADDRESS = re.compile(r"([^@\s]+)@([^@\s]+)")


@dataclass
class _Numbers:
    """Things by the order in which they were met, from 1."""

    known: dict[Hashable, int] = field(default_factory=dict)

    def of(self, thing: Hashable) -> int:
        return self.known.setdefault(thing, len(self.known) + 1)


class Mask:
    """`on` is what the person chose."""

    def __init__(self) -> None:
        self.on = False
        self._people: dict[str, str] = {}
        self._folders, self._files = _Numbers(), _Numbers()

    def person(self, name: str) -> str:
        """ "c•••@e•••.fr"; one person always the same, two never alike."""
        key = name.strip().casefold()
        if key not in self._people:
            made = _dotted(key)
            alike = sum(known.partition(" ")[0] == made for known in self._people.values())
            self._people[key] = f"{made} ({alike + 1})" if alike else made
        return self._people[key]

    def folder(self, name: str) -> int:
        return self._folders.of(name)

    def file(self, place: Hashable) -> int:
        return self._files.of(place)


_mask = Mask()
"""One for the program, like its language."""


def current() -> Mask:
    return _mask


def is_on() -> bool:
    return _mask.on


def put_on(on: bool) -> None:
    """Every text made from now on is masked, or is not."""
    _mask.on = on


def _dotted(name: str) -> str:
    """First letters and the end of the domain."""
    address = _ADDRESS.fullmatch(name)
    if address is None:
        return name[:1] + DOTS
    user, domain = address.groups()
    head, dot, end = domain.rpartition(".")
    return f"{user[:1]}{DOTS}@{(head or end)[:1]}{DOTS}{dot if head else ''}{end if head else ''}"
