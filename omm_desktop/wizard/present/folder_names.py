"""Folders that change their name on the way, and folders that stay behind, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from omm_desktop.engine.mapping import Route
from omm_desktop.language import plural
from omm_desktop.language import translate as _
from omm_desktop.model.items import Folder, FolderPath
from omm_desktop.wizard.present import person
from omm_desktop.wording import count

_NAMED_AT_MOST = 4


@dataclass(frozen=True, slots=True)
class NameChanges:
    """`summary` is empty when every folder keeps its name; a line says what becomes of each."""

    summary: str
    lines: tuple[str, ...]


def name_changes(routes: Sequence[Route], destinations: Sequence[Folder]) -> NameChanges:
    """Folders with another name there, and those that come together in one."""
    into: dict[FolderPath, list[Route]] = defaultdict(list)
    for route in routes:
        into[route.destination].append(route)
    existing = {folder.path for folder in destinations}
    merged = [route for route in routes if len(into[route.destination]) > 1]
    renamed = [
        route for route in routes if route not in merged and route.destination != route.source.path
    ]
    lines = [
        _("{old} → {new}, {why}").format(
            old=_name(route.source.path),
            new=_name(route.destination),
            why=_why(route, into[route.destination], existing),
        )
        for route in (*merged, *renamed)
    ]
    return NameChanges(_summary(len(merged), len(renamed)), tuple(lines))


def listed(folders: Sequence[Folder]) -> str:
    """ "Trash (210 messages), Junk (1 message) and 3 more"."""
    names = person.folders((folder.name, folder.role) for folder in folders)
    told = ", ".join(
        _counted(names[folder.name], folder.count) for folder in folders[:_NAMED_AT_MOST]
    )
    more = len(folders) - _NAMED_AT_MOST
    if more <= 0:
        return told
    return plural("{names} and {number} more", "{names} and {number} more", more).format(
        names=told, number=count(more)
    )


def _counted(name: str, number: int | None) -> str:
    if number is None:
        return name
    messages = plural("{} message", "{} messages", number).format(count(number))
    return _("{folder} ({messages})").format(folder=name, messages=messages)


def _summary(merged: int, renamed: int) -> str:
    told = []
    if renamed:
        told.append(
            plural("{} folder gets another name.", "{} folders get another name.", renamed).format(
                count(renamed)
            )
        )
    if merged:
        told.append(
            plural(
                "{} folder comes together with others.",
                "{} folders come together with others.",
                merged,
            ).format(count(merged))
        )
    return " ".join(told)


def _why(route: Route, beside: Sequence[Route], existing: set[FolderPath]) -> str:
    others = [_name(one.source.path) for one in beside if one is not route]
    if others:
        return _("together with {folders}").format(folders=", ".join(others))
    if route.destination in existing:
        return _("this folder is there already")
    if route.renamed:
        return _("its name is not accepted there")
    return _("as the folder it is in")


def _name(path: FolderPath) -> str:
    return person.folder("/".join(path))
