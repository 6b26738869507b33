"""What an account check finds out, and the four steps it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from omm_desktop.model.account import Server
from omm_desktop.model.items import Folder, FolderPath, Holds, ItemKind
from omm_desktop.model.ports import Space


class ProbeStep(StrEnum):
    """In the order they are passed; the first that fails is the diagnosis."""

    SERVER = "server"
    PROTECTION = "protection"
    SIGN_IN = "sign-in"
    FOLDERS = "folders"


PROBE_STEPS = tuple(ProbeStep)


@dataclass(frozen=True)
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
        """Messages in the mailbox; where it is known, one that several folders show counts once."""
        mail = self.folders_of(ItemKind.MAIL)
        return different(mail, mail)[0]

    @property
    def size(self) -> int | None:
        """Bytes of the messages; None where a folder does not tell."""
        return size_of(self.folders_of(ItemKind.MAIL))

    def folders_of(self, kind: ItemKind) -> tuple[Folder, ...]:
        return tuple(folder for folder in self.folders if folder.kind is kind)

    @cached_property
    def personal_folders(self) -> tuple[Folder, ...]:
        """Those that can be copied: selectable, and not shared by somebody else."""
        return tuple(folder for folder in self.folders if folder.selectable and folder.personal)

    @cached_property
    def held(self) -> Mapping[ItemKind, int | None]:
        """Items of each kind in the personal folders; None where a folder does not tell."""
        counts: dict[ItemKind, int | None] = {}
        for folder in self.personal_folders:
            counts[folder.kind] = _sum(counts.get(folder.kind, 0), folder.count)
        return counts


def together(results: Sequence[ProbeResult]) -> ProbeResult:
    """All sources of a copy as one; folders of one name are one, since plans name them so."""
    folders: dict[tuple[ItemKind, Holds, FolderPath], Folder] = {}
    for folder in (folder for result in results for folder in result.folders):
        name = (folder.kind, folder.holds, folder.path)
        known = folders.get(name)
        folders[name] = _joined(known, folder) if known else folder
    return replace(results[0], folders=tuple(folders.values()))


class Together:
    """`together`, made anew only for other results: pages ask often, and folders may be many."""

    def __init__(self) -> None:
        self._results: Sequence[ProbeResult] = ()
        self._joined = ProbeResult(())

    def __call__(self, results: Sequence[ProbeResult]) -> ProbeResult:
        if list(map(id, results)) != list(map(id, self._results)):
            self._results, self._joined = results, together(results)
        return self._joined


def _joined(one: Folder, other: Folder) -> Folder:
    return replace(one, count=_sum(one.count, other.count), size=_sum(one.size, other.size))


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def has_labels(folders: tuple[Folder, ...]) -> bool:
    """Whether the source shows one message in several folders, as Gmail does."""
    return any(folder.holds is Holds.LABEL for folder in folders)


def different(folders: tuple[Folder, ...], chosen: tuple[Folder, ...]) -> tuple[int, bool]:
    """How many messages the chosen folders hold, each counted once, and whether that is exact.

    `folders` are all of them: the one that holds the rest tells how many the labels share.
    """
    if not has_labels(chosen):
        return count_of(chosen), True
    shows = next((folder.shows for folder in folders if folder.holds is Holds.REST), None)
    labels = {folder for folder in chosen if folder.holds in (Holds.LABEL, Holds.REST)}
    apart = count_of(tuple(folder for folder in chosen if folder.holds is Holds.OWN))
    if shows is None:
        return apart + count_of(tuple(labels)), len(labels) == 1
    if labels == {folder for folder in folders if folder.holds in (Holds.LABEL, Holds.REST)}:
        return apart + shows, True
    whole = any(folder.holds is Holds.REST for folder in labels)
    most = shows if whole else min(shows, count_of(tuple(labels)))
    return apart + most, len(labels) == 1 and not whole


def with_repeats(folders: tuple[Folder, ...], chosen: tuple[Folder, ...]) -> tuple[int, bool]:
    """How many copies the chosen folders make when each label gets its own; whether it is exact.

    What has no label is not told by the server, but it is at least what the labels leave over.
    """
    rest = next((folder for folder in chosen if folder.holds is Holds.REST), None)
    if rest is None:
        return count_of(chosen), True
    labels = count_of(tuple(folder for folder in folders if folder.holds is Holds.LABEL))
    return count_of(chosen) + max(0, (rest.shows or 0) - labels), False


def count_of(folders: tuple[Folder, ...]) -> int:
    """Items in all these folders, as far as the server tells."""
    return sum(folder.count or 0 for folder in folders)


def size_of(folders: tuple[Folder, ...]) -> int | None:
    """Bytes in all these folders; None when one of them does not tell."""
    sizes = [folder.size for folder in folders if folder.count != 0]
    return None if None in sizes else sum(size or 0 for size in sizes)
