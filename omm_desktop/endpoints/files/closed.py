"""What this computer does not let anybody read among what was chosen: a folder that fails.

So the report names it, and the rest is copied.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NoReturn

from ...model.items import Folder, FolderRole, Item, ItemRef
from ...model.ports import Refused
from ...model.problem import ItemError, Problem
from .disk_names import as_key, for_people

# What a program holds for itself while it is open.
_OF_NOBODY = (".lock", "~")


def is_worth_telling(name: str) -> bool:
    """Whether a file of this name, which nobody can look into, may be the person's."""
    return not name.startswith(".") and not name.lower().endswith(_OF_NOBODY)


class Closed:
    """A `Holding` that cannot be read; `place` tells where it is below what was chosen."""

    def __init__(self, place: str, problem: Problem) -> None:
        self._place = place
        self._problem = problem

    def folders(self) -> list[Folder]:
        key = as_key(f"{self._place}//")
        return [Folder((for_people(self._place),), key, FolderRole.INBOX)]

    def refs(self, folder: Folder, since: date | None) -> Iterator[list[ItemRef]]:
        self._fail()

    def fetch(self, folder: Folder, refs: Sequence[ItemRef]) -> Iterator[Item | Refused]:
        self._fail()

    def _fail(self) -> NoReturn:
        raise ItemError(self._problem)

    def rest(self) -> None:
        """Nothing is open."""

    def close(self) -> None:
        """Nothing is open."""
