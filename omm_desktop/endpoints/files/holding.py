"""What a source of mail is made of: files and folders of one format each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Protocol

from ...model.items import Folder, Item, ItemRef
from ...model.ports import Refused

WINDOW = 5000
"""References listed at once."""


class Holding(Protocol):
    """One file, or one folder of files; asked as a `Source` is, of its own folders alone."""

    def folders(self) -> list[Folder]: ...

    def refs(self, folder: Folder, since: date | None) -> Iterator[list[ItemRef]]: ...

    def fetch(self, folder: Folder, refs: Sequence[ItemRef]) -> Iterator[Item | Refused]: ...

    def rest(self) -> None:
        """Another one is asked now: nothing need stay open until this one is asked again."""
        ...

    def close(self) -> None: ...
