"""Which destination folder each source folder leads to."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from omm_desktop.model.items import Folder, FolderPath, FolderRole, Holds, ItemKind
from omm_desktop.model.plan import FolderRule

MAPPED_ROLES = frozenset(
    {
        FolderRole.INBOX,
        FolderRole.SENT,
        FolderRole.DRAFTS,
        FolderRole.JUNK,
        FolderRole.TRASH,
        FolderRole.ARCHIVE,
        FolderRole.CONTACTS,
        FolderRole.CALENDAR,
        FolderRole.TASKS,
    }
)

INBOX: FolderPath = ("INBOX",)
ARCHIVES: FolderPath = ("Archives",)


@dataclass(frozen=True, slots=True)
class Route:
    """One source folder and where it leads. `renamed`: its own name was not acceptable there."""

    source: Folder
    destination: FolderPath
    role: FolderRole | None
    renamed: bool = False


def routes(
    sources: Iterable[Folder],
    destinations: Iterable[Folder],
    rules: Sequence[FolderRule],
    acceptable: Callable[[FolderPath], FolderPath],
) -> list[Route]:
    """Map by the rules, then by role, then by name; a folder of the same name and role is first.

    So two folders of one role that were both created by an earlier run are each found again. The
    subfolders of a folder follow it. What is in no other folder goes to the archive.

    `acceptable` makes a path fit the destination. When that makes two names one, or when a folder
    of another kind of items has the name, the later gets a number.
    """
    there = list(destinations)
    home = {folder.role: folder.path for folder in there if folder.role in MAPPED_ROLES}
    roles = {folder.path: folder.role for folder in there}
    home[FolderRole.INBOX] = INBOX
    existing = {folder.path for folder in there}
    moved: dict[FolderPath, FolderPath] = {rule.source: rule.destination for rule in rules}
    mapped: list[Route] = []
    names = _Names({folded(folder.path): folder.kind for folder in there})
    # Parents before children, and names that may stay as they are before those to be mended.
    for folder in sorted(sources, key=lambda f: (len(f.path), acceptable(f.path) != f.path)):
        role = FolderRole.ARCHIVE if folder.holds is Holds.REST else folder.role
        same = roles.get(folder.path) is role
        if folder.holds is Holds.REST:
            moved.setdefault(folder.path, home.get(FolderRole.ARCHIVE, ARCHIVES))
        elif folder.path not in moved and folder.role in home and not same:
            moved[folder.path] = home[folder.role]
        wanted = _follow(folder.path, moved)
        path = wanted if wanted in existing else acceptable(wanted)
        renamed = path != wanted or not names.suits(path, folder.kind)
        if renamed:
            path = names.unused(path, wanted, folder.kind)
            moved[folder.path] = path
        names.take(path, wanted, folder.kind)
        mapped.append(Route(folder, path, role if role in MAPPED_ROLES else None, renamed))
    return mapped


def _follow(path: FolderPath, moved: Mapping[FolderPath, FolderPath]) -> FolderPath:
    """The path with its longest mapped beginning replaced; INBOX itself carries no children."""
    for length in range(len(path), 0, -1):
        head = path[:length]
        if head in moved and (length == len(path) or head != INBOX):
            return moved[head] + path[length:]
    return path


@dataclass(slots=True)
class _Names:
    """The names of the destination: `kinds` of what each holds, and what each of ours was before
    it was mended.
    """

    kinds: dict[FolderPath, ItemKind]
    _wanted: dict[FolderPath, FolderPath] = field(default_factory=dict)

    def suits(self, path: FolderPath, kind: ItemKind) -> bool:
        """Whether nothing but items of that kind is, or will be, in a folder of that name."""
        return self.kinds.get(folded(path), kind) is kind

    def take(self, path: FolderPath, wanted: FolderPath, kind: ItemKind) -> None:
        self._wanted[path] = wanted
        self.kinds[folded(path)] = kind

    def unused(self, path: FolderPath, wanted: FolderPath, kind: ItemKind) -> FolderPath:
        attempt, counter = path, 2
        while self._wanted.get(attempt, wanted) != wanted or not self.suits(attempt, kind):
            attempt = (*path[:-1], f"{path[-1]} ({counter})")
            counter += 1
        return attempt


def folded(path: FolderPath) -> FolderPath:
    """The path without what a server may not tell apart: case, and how accents are composed."""
    if all(map(str.isascii, path)):
        return tuple(map(str.lower, path))
    return tuple(unicodedata.normalize("NFC", part).casefold() for part in path)
