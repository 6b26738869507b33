"""Which destination folder each source folder leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from omm_desktop.model.items import Folder, FolderPath, FolderRole, Holds
from omm_desktop.model.plan import FolderRule

MAPPED_ROLES = frozenset(
    {
        FolderRole.INBOX,
        FolderRole.SENT,
        FolderRole.DRAFTS,
        FolderRole.JUNK,
        FolderRole.TRASH,
        FolderRole.ARCHIVE,
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

    `acceptable` makes a path fit the destination; when that makes two names one, the later gets a
    number.
    """
    there = list(destinations)
    home = {folder.role: folder.path for folder in there if folder.role in MAPPED_ROLES}
    roles = {folder.path: folder.role for folder in there}
    home[FolderRole.INBOX] = INBOX
    existing = {folder.path for folder in there}
    moved: dict[FolderPath, FolderPath] = {rule.source: rule.destination for rule in rules}
    mapped: list[Route] = []
    used: dict[FolderPath, FolderPath] = {}
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
        renamed = path != wanted
        if renamed:
            path = _unused(path, wanted, used)
            moved[folder.path] = path
        used[path] = wanted
        mapped.append(Route(folder, path, role if role in MAPPED_ROLES else None, renamed))
    return mapped


def _follow(path: FolderPath, moved: Mapping[FolderPath, FolderPath]) -> FolderPath:
    """The path with its longest mapped beginning replaced; INBOX itself carries no children."""
    for length in range(len(path), 0, -1):
        head = path[:length]
        if head in moved and (length == len(path) or head != INBOX):
            return moved[head] + path[length:]
    return path


def _unused(
    path: FolderPath, wanted: FolderPath, used: Mapping[FolderPath, FolderPath]
) -> FolderPath:
    attempt, counter = path, 2
    while used.get(attempt, wanted) != wanted:
        attempt = (*path[:-1], f"{path[-1]} ({counter})")
        counter += 1
    return attempt
