"""Which folders take part in a plan and where they lead: the review and the run both ask here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from omm_desktop.model.items import Folder, FolderPath, FolderRole, Holds, ItemKind
from omm_desktop.model.plan import FolderRule, MigrationPlan, Selection

from .mapping import Route, routes

_FIRST: dict[FolderRole | None, int] = {
    FolderRole.INBOX: 0,
    FolderRole.SENT: 1,
    FolderRole.DRAFTS: 2,
}
_OTHERS, _LAST = 3, 4


@dataclass(frozen=True, slots=True)
class FolderPlan:
    """`left_out` by the plan; `views` because they only show mail that another folder gives;
    `chats` because they hold no mail; `not_taken` hold what was asked for and the destination does
    not take. Of `not_found` kinds, asked for as well, the source has no folder.
    """

    routes: tuple[Route, ...]
    left_out: tuple[Folder, ...]
    views: tuple[Folder, ...]
    chats: tuple[Folder, ...]
    not_taken: tuple[Folder, ...] = ()
    not_found: tuple[ItemKind, ...] = ()


def folder_plan(
    plan: MigrationPlan,
    sources: Sequence[Folder],
    destinations: Sequence[Folder],
    acceptable: Callable[[FolderPath], FolderPath],
    led_to: Mapping[str, str],
    takes: frozenset[ItemKind],
) -> FolderPlan:
    """`acceptable` makes a path fit the destination; see `mapping.routes`.

    `led_to` tells, by folder keys, where earlier runs brought each folder. `takes` are the kinds
    that the destination takes.
    """
    own = [folder for folder in sources if folder.selectable and folder.personal]
    asked = [folder for folder in own if folder.kind in plan.selection.kinds]
    chats = [folder for folder in asked if folder.holds is Holds.CHATS]
    items = [folder for folder in asked if folder.holds is not Holds.CHATS]
    wanted, left_out, views = _taken(plan.selection, items)
    taken = [folder for folder in wanted if folder.kind in takes]
    rules = (*_remembered(taken, destinations, led_to), *plan.rules)
    return FolderPlan(
        tuple(routes(taken, destinations, rules, acceptable)),
        tuple(left_out),
        tuple(views),
        tuple(chats),
        tuple(folder for folder in wanted if folder.kind not in takes),
        _not_found(plan.selection, own),
    )


def folder_plans(
    plan: MigrationPlan,
    sources: Sequence[Sequence[Folder]],
    destinations: Sequence[Folder],
    acceptable: Callable[[FolderPath], FolderPath],
    led_to: Sequence[Mapping[str, str]],
    takes: frozenset[ItemKind],
) -> list[FolderPlan]:
    """One for each source of a plan; what those before will make counts as being there."""
    there = list(destinations)
    plans = []
    for folders, led in zip(sources, led_to, strict=True):
        found = folder_plan(plan, folders, there, acceptable, led, takes)
        plans.append(found)
        paths = {folder.path for folder in there}
        there += [
            Folder(route.destination, "", route.role, kind=route.source.kind)
            for route in found.routes
            if route.destination not in paths
        ]
    return plans


def turn(folder: Folder, leg: int) -> tuple[int, int, int, int, FolderPath]:
    """The order of the folders, and which of several that show one item it is copied from.

    Mail, then the other kinds; source by source. Inbox, sent mail, drafts; then labels, the deepest
    first because it says most, by name; what is in no other folder last.
    """
    kind = list(ItemKind).index(folder.kind)
    if folder.holds is Holds.REST:
        return kind, leg, _LAST, 0, folder.path
    depth = len(folder.path) if folder.holds is Holds.LABEL else 0
    return kind, leg, _FIRST.get(folder.role, _OTHERS), -depth, folder.path


def _not_found(selection: Selection, own: Sequence[Folder]) -> tuple[ItemKind, ...]:
    there = {folder.kind for folder in own}
    return tuple(kind for kind in ItemKind if kind in selection.kinds and kind not in there)


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
    mail = [folder for folder in taken if folder.kind is ItemKind.MAIL]
    if len(mail) == 1 and mail[0].holds is not Holds.LABEL:
        # Alone, a folder that shows everything is wanted whole.
        taken[taken.index(mail[0])] = replace(mail[0], holds=Holds.OWN)
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
