"""What an account check finds out, and the four steps it takes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from omm_desktop.model.account import Server
from omm_desktop.model.items import Folder, ItemKind
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
    """A mailbox as the check found it. `space` is None where the server does not tell.

    `imap` is a server beside that of POP which brings more of the same mailbox.
    """

    folders: tuple[Folder, ...]
    space: Space | None = None
    kinds: frozenset[ItemKind] = frozenset({ItemKind.MAIL})
    imap: Server | None = None

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
