"""What an undo is about to do, and what it did."""

from __future__ import annotations

from dataclasses import dataclass

from .items import ItemKind
from .problem import Problem
from .report import Grade


@dataclass(frozen=True, slots=True)
class Removable:
    """A folder of the new mailbox, and how many items of the run may be in it."""

    folder: str
    kind: ItemKind
    items: int


@dataclass(frozen=True, slots=True)
class UndoPreview:
    """What the undo of a run would take out of its destination, as far as the ledger knows.

    `on_disk`: it is a folder of this computer, without a password and without a trash. `is_begun`:
    an undo of the run has not come to its end, if only because of folders.
    """

    run: int
    source: str
    destination: str
    on_disk: bool
    folders: tuple[Removable, ...]
    is_begun: bool = False

    @property
    def is_offered(self) -> bool:
        return self.is_begun or self.items > 0

    @property
    def items(self) -> int:
        return sum(folder.items for folder in self.folders)

    @property
    def kinds(self) -> frozenset[ItemKind]:
        return frozenset(folder.kind for folder in self.folders)


@dataclass(frozen=True, slots=True)
class UndoneFolder:
    """`gone` items were no longer where the copy put them; `kept` stay for a reason."""

    folder: str
    kind: ItemKind
    removed: int
    gone: int
    kept: int


@dataclass(frozen=True, slots=True)
class Kept:
    """So many items of a folder stay, all for one reason; or the folder itself does."""

    folder: str
    problem: Problem
    items: int = 1


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What the undo of one run did, counted over all its sessions.

    COMPLETE: all that the run put there is gone. COMPLETE_WITH_NOTES: what stays does so for the
    person's sake, and is told. INCOMPLETE: something could not be removed. `folders_removed` are
    names of empty folders that the copy had made.
    """

    run: int
    grade: Grade
    destination: str
    seconds: float
    folders: tuple[UndoneFolder, ...]
    kept: tuple[Kept, ...]
    folders_removed: tuple[str, ...] = ()
    trash: str | None = None
    stopped_by: Problem | None = None

    @property
    def kinds(self) -> tuple[ItemKind, ...]:
        """Those of the folders, in the order of their names here."""
        return tuple(kind for kind in ItemKind if any(f.kind is kind for f in self.folders))

    @property
    def removed(self) -> int:
        return sum(folder.removed for folder in self.folders)

    @property
    def gone(self) -> int:
        return sum(folder.gone for folder in self.folders)

    @property
    def items_kept(self) -> int:
        return sum(folder.kept for folder in self.folders)
