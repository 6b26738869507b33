"""What an account check finds out, and the four steps it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from omm_desktop.model.account import Server
from omm_desktop.model.items import Folder, FolderPath, ItemKind
from omm_desktop.model.ports import Space


class ProbeStep(StrEnum):
    """In the order they are passed; the first that fails is the diagnosis."""

    SERVER = "server"
    PROTECTION = "protection"
    SIGN_IN = "sign-in"
    FOLDERS = "folders"


PROBE_STEPS = tuple(ProbeStep)


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """A mailbox as the check found it; None is what the server does not tell.

    Of a source by POP: `imap`, a server beside it which brings more of the same mailbox. Of a
    destination: `largest_item` in bytes, whether it keeps keywords, and `acceptable`, which makes
    a path fit its names.
    """

    folders: tuple[Folder, ...]
    space: Space | None = None
    kinds: frozenset[ItemKind] = frozenset({ItemKind.MAIL})
    imap: Server | None = None
    largest_item: int | None = None
    keeps_keywords: bool | None = None
    acceptable: Callable[[FolderPath], FolderPath] = lambda path: path

    @property
    def items(self) -> int:
        return count_of(self.folders)

    @property
    def size(self) -> int | None:
        return size_of(self.folders)

    @property
    def personal_folders(self) -> tuple[Folder, ...]:
        """Those that can be copied: selectable, and not shared by somebody else."""
        return tuple(folder for folder in self.folders if folder.selectable and folder.personal)


def count_of(folders: tuple[Folder, ...]) -> int:
    """Messages in all these folders, as far as the server tells."""
    return sum(folder.count or 0 for folder in folders)


def size_of(folders: tuple[Folder, ...]) -> int | None:
    """Bytes in all these folders; None when one of them does not tell."""
    sizes = [folder.size for folder in folders if folder.count != 0]
    return None if None in sizes else sum(size or 0 for size in sizes)
