"""Folders that change their name on the way, and folders that stay behind, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from omm_desktop.engine.mapping import Route
from omm_desktop.language import plural
from omm_desktop.language import translate as _
from omm_desktop.model.items import Folder, FolderPath
from omm_desktop.wizard.present import person
from omm_desktop.wording import count, items, renamed_folders

_NAMED_AT_MOST = 4


@dataclass(frozen=True, slots=True)
class NameChanges:
    """`summary` is empty when every folder surely keeps its name; a line says what becomes of
    each that does not.
    """

    summary: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """A route; `source` names where its folder is, when there are several sources."""

    route: Route
    source: str = ""

    @property
    def old(self) -> str:
        name = _name(self.route.source.path)
        return f"{self.source} › {name}" if self.source else name


def name_changes(ways: Sequence[Way], destinations: Sequence[Folder]) -> NameChanges:
    """Folders with another name there, those that come together, and those that may clash."""
    routes = [way.route for way in ways]
    into: dict[FolderPath, list[Way]] = defaultdict(list)
    for way in ways:
        into[way.route.destination].append(way)
    existing = {folder.path for folder in destinations}
    merged = [way for way in ways if len(into[way.route.destination]) > 1]
    renamed = [
        way
        for way in ways
        if len(into[way.route.destination]) == 1 and way.route.destination != way.route.source.path
    ]
    lines = [
        _("{old} → {new}, {why}").format(
            old=way.old,
            new=_name(way.route.destination),
            why=_why(way, into[way.route.destination], existing),
        )
        for way in (*merged, *renamed)
    ]
    alike = _alike_but_for_capitals(routes, destinations)
    lines += [
        _(
            "{folders}: where capitals are not told apart, they become one, or one gets a number"
        ).format(folders=", ".join(map(_name, paths)))
        for paths in alike
    ]
    return NameChanges(_summary(len(merged), len(renamed), len(alike)), tuple(lines))


def _alike_but_for_capitals(
    routes: Sequence[Route], destinations: Sequence[Folder]
) -> list[list[FolderPath]]:
    """Names that some servers take for one, unless the new mailbox shows that its own does not."""
    existing = _by_name_without_capitals(folder.path for folder in destinations)
    if any(len(paths) > 1 for paths in existing.values()):
        return []
    everything = [*(route.destination for route in routes), *(f.path for f in destinations)]
    named = _by_name_without_capitals(everything).values()
    return [sorted(paths) for paths in named if len(paths) > 1]


def _by_name_without_capitals(
    paths: Iterable[FolderPath],
) -> dict[FolderPath, list[FolderPath]]:
    found: dict[FolderPath, list[FolderPath]] = defaultdict(list)
    for path in dict.fromkeys(paths):
        found[tuple(part.casefold() for part in path)].append(path)
    return found


def listed(folders: Sequence[Folder]) -> str:
    """ "Trash (210 messages), Junk (1 message) and 3 more"."""
    names = person.folders((folder.name, folder.role) for folder in folders)
    told = ", ".join(_counted(names[folder.name], folder) for folder in folders[:_NAMED_AT_MOST])
    more = len(folders) - _NAMED_AT_MOST
    if more <= 0:
        return told
    return plural("{names} and {number} more", "{names} and {number} more", more).format(
        names=told, number=count(more)
    )


def _counted(name: str, folder: Folder) -> str:
    if folder.count is None:
        return name
    held = items({folder.kind}, folder.count)
    return _("{folder} ({messages})").format(folder=name, messages=held)


def _summary(merged: int, renamed: int, alike: int) -> str:
    told = []
    if renamed:
        told.append(renamed_folders(renamed))
    if merged:
        told.append(
            plural(
                "{} folder comes together with others.",
                "{} folders come together with others.",
                merged,
            ).format(count(merged))
        )
    if alike:
        told.append(_("Some names differ in capitals alone."))
    return " ".join(told)


def _why(way: Way, beside: Sequence[Way], existing: set[FolderPath]) -> str:
    others = [one.old for one in beside if one is not way]
    if others:
        return _("together with {folders}").format(folders=", ".join(others))
    if way.route.destination in existing:
        return _("this folder is there already")
    if way.route.renamed:
        return _("its name is not accepted there")
    return _("as the folder it is in")


def _name(path: FolderPath) -> str:
    return person.folder("/".join(path))
