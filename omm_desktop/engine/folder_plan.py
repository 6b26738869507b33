"""Which folders take part in a plan and where they lead: the review and the run both ask here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from omm_desktop.model.items import Folder, FolderPath, Holds
from omm_desktop.model.plan import FolderRule, MigrationPlan, Selection

from .mapping import Route, routes


@dataclass(frozen=True, slots=True)
class FolderPlan:
    """`left_out` by the plan; `views` because they only show mail that another folder gives;
    `chats` because they hold no mail.
    """

    routes: tuple[Route, ...]
    left_out: tuple[Folder, ...]
    views: tuple[Folder, ...]
    chats: tuple[Folder, ...]


def folder_plan(
    plan: MigrationPlan,
    sources: Sequence[Folder],
    destinations: Sequence[Folder],
    acceptable: Callable[[FolderPath], FolderPath],
    led_to: Mapping[str, str],
) -> FolderPlan:
    """`acceptable` makes a path fit the destination; see `mapping.routes`.

    `led_to` tells, by folder keys, where earlier runs brought each folder.
    """
    own = [folder for folder in sources if folder.selectable and folder.personal]
    chats = [folder for folder in own if folder.holds is Holds.CHATS]
    mail = [folder for folder in own if folder.holds is not Holds.CHATS]
    taken, left_out, views = _taken(plan.selection, mail)
    rules = (*_remembered(taken, destinations, led_to), *plan.rules)
    mapped = routes(taken, destinations, rules, acceptable)
    return FolderPlan(tuple(mapped), tuple(left_out), tuple(views), tuple(chats))


def _taken(
    selection: Selection, folders: Sequence[Folder]
) -> tuple[list[Folder], list[Folder], list[Folder]]:
    """Those that take part, those left out, and views: these only when they are named."""
    taken = [folder for folder in folders if selection.takes(folder)]
    left_out = [folder for folder in folders if not selection.takes(folder)]
    views: list[Folder] = []
    if selection.include is None:
        views = [folder for folder in taken if folder.holds is Holds.VIEW]
        taken = [folder for folder in taken if folder.holds is not Holds.VIEW]
    if len(taken) == 1 and taken[0].holds is not Holds.LABEL:
        # Alone, a folder that shows everything is wanted whole.
        taken = [replace(taken[0], holds=Holds.OWN)]
    return taken, left_out, views


def _remembered(
    taken: Sequence[Folder], destinations: Sequence[Folder], led_to: Mapping[str, str]
) -> list[FolderRule]:
    """Where earlier runs brought each folder: names that appeared since change nothing."""
    paths = {folder.key: folder.path for folder in destinations}
    return [
        FolderRule(folder.path, paths[led_to[folder.key]])
        for folder in taken
        if led_to.get(folder.key) in paths
    ]
