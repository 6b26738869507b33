"""What of the sources takes no part in a copy, told before anything is copied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from omm_desktop.model.items import Folder, Holds, ItemKind
from omm_desktop.model.plan import Selection
from omm_desktop.model.problem import Place, Problem, ProblemId

from .folder_plan import FolderPlan
from .legs import Leg
from .recorder import Recorder


def tell_folders_left_out(
    selection: Selection,
    listed: Sequence[Sequence[Folder]],
    plans: Sequence[tuple[Leg, FolderPlan]],
    recorder: Recorder,
) -> None:
    """What was named and does not exist, chats, and views whose mail may be nowhere else."""
    for pattern in selection.unmatched([folder for folders in listed for folder in folders]):
        problem = Problem(ProblemId.FOLDER_UNREADABLE, Place.SOURCE, "no such folder", pattern)
        recorder.folder_failure(pattern, problem)
    for leg, plan in plans:
        if not any(route.source.holds is Holds.REST for route in plan.routes):
            for view in plan.views:
                problem = Problem(ProblemId.FOLDER_LEFT_OUT, Place.SOURCE, "", view.name)
                recorder.remark(leg.named(view.name), problem)
        for chats in plan.chats:
            problem = Problem(ProblemId.CHATS_LEFT_OUT, Place.SOURCE, "", chats.name)
            recorder.remark(leg.named(chats.name), problem)


def tell_kinds_left_out(
    selection: Selection,
    listed: Sequence[Sequence[Folder]],
    plans: Sequence[tuple[Leg, FolderPlan]],
    takes: frozenset[ItemKind],
    recorder: Recorder,
    fail: Callable[[Leg, Folder, Problem], None],
) -> list[tuple[ItemKind, Problem]]:
    """What was asked for and cannot be carried; `fail` is called for folders that stay behind.

    What nobody chose to leave out is told alike, without being a failure. `listed` are the folders
    of each source, `takes` what the destination takes.
    """
    left_out: list[tuple[ItemKind, Problem]] = []
    for kind in _not_found(plans):
        problem = Problem(ProblemId.KIND_NOT_FOUND, Place.SOURCE, "", kind)
        recorder.remark("", problem)
        left_out.append((kind, problem))
    not_taken = [(leg, folder) for leg, plan in plans for folder in plan.not_taken]
    not_taken += _useless(listed, plans, takes)
    for kind in dict.fromkeys(folder.kind for _, folder in not_taken):
        problem = Problem(ProblemId.KIND_NOT_ACCEPTED, Place.DESTINATION, "", kind)
        left_out.append((kind, problem))
        filled = [(leg, f) for leg, f in not_taken if f.kind is kind and f.count != 0]
        for leg, folder in filled:
            fail(leg, folder, problem)
        if not filled:
            recorder.remark("", problem)
    for leg, folder in _beyond(selection, listed, plans, takes):
        if (leg, folder) not in not_taken:
            problem = Problem(ProblemId.KIND_NOT_ACCEPTED, Place.DESTINATION, "", folder.kind)
            recorder.remark(leg.named(folder.name), problem, count=folder.count or 1)
            left_out.append((folder.kind, problem))
    return list(dict.fromkeys(left_out))


def _beyond(
    selection: Selection,
    listed: Sequence[Sequence[Folder]],
    plans: Sequence[tuple[Leg, FolderPlan]],
    takes: frozenset[ItemKind],
) -> list[tuple[Leg, Folder]]:
    """Of the kinds to be told: folders with anything in them that the destination does not take."""
    wished = replace(selection, kinds=selection.told - takes)
    return [
        (leg, folder)
        for folders, (leg, _) in zip(listed, plans, strict=True)
        for folder in folders
        if folder.selectable and folder.personal and folder.count != 0 and wished.takes(folder)
    ]


def _useless(
    listed: Sequence[Sequence[Folder]],
    plans: Sequence[tuple[Leg, FolderPlan]],
    takes: frozenset[ItemKind],
) -> list[tuple[Leg, Folder]]:
    """All of files that hold nothing but what the destination does not take: whoever named such a
    file has asked for it.
    """
    return [
        (leg, folder)
        for folders, (leg, plan) in zip(listed, plans, strict=True)
        if leg.account.kind.is_on_disk and not plan.not_taken
        if folders and not any(folder.kind in takes for folder in folders)
        for folder in folders
    ]


def _not_found(plans: Sequence[tuple[Leg, FolderPlan]]) -> list[ItemKind]:
    """Kinds that were asked for and no source has.

    Who brings a file knows what it is of: as long as anything is copied, nothing is said of what
    is not in it.
    """
    if any(leg.account.kind.is_on_disk and plan.routes for leg, plan in plans):
        return []
    return [kind for kind in ItemKind if all(kind in plan.not_found for _, plan in plans)]
