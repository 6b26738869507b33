"""What an undo would do and did, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from omm_desktop.language import plural
from omm_desktop.language import translate as _
from omm_desktop.model.items import ItemKind
from omm_desktop.model.problem import ProblemId
from omm_desktop.model.report import Grade
from omm_desktop.model.undoing import Kept, Removable, UndoReport
from omm_desktop.report.explained import Explain, Explained
from omm_desktop.wording import count, items, only_mail

ABOUT_FOLDERS = frozenset({ProblemId.FOLDER_STAYS, ProblemId.FOLDER_IN_A_RULE})


@dataclass(frozen=True, slots=True)
class KeptGroup:
    """What stays for one reason; `items` of it, or so many folders where it is about these."""

    id: ProblemId
    reason: Explained
    items: int
    folders: tuple[str, ...]


def folder_line(folder: Removable) -> str:
    """ "Archives: 120 messages"."""
    return _("{folder}: {items}").format(
        folder=folder.folder, items=items({folder.kind}, folder.items)
    )


def promise(*, on_disk: bool) -> str:
    """What becomes of what is removed, and what stays."""
    if on_disk:
        return _("What is removed from these files is gone for good. What others put there stays.")
    return _(
        "What is removed goes to the trash of the new mailbox. The old mailbox is not touched."
        " What you changed or answered since stays, and so does what was there before."
    )


def headline(report: UndoReport) -> str:
    """The outcome in one sentence."""
    kinds, removed = report.kinds, report.removed
    match report.grade:
        case Grade.NOT_STARTED:
            return _("Nothing was removed.")
        case Grade.INTERRUPTED:
            return _("Removing is stopped. You can go on with it.")
        case Grade.COMPLETE:
            return _("Everything the copy brought is removed.")
    if only_mail(kinds):
        told = plural("{} message is removed.", "{} messages are removed.", removed)
    else:
        told = plural("{} item is removed.", "{} items are removed.", removed)
    stay = plural("{} stays.", "{} stay.", report.items_kept)
    return f"{told.format(count(removed))} {stay.format(count(report.items_kept))}"


def numbers(report: UndoReport) -> str:
    """ "12 removed, 1 was gone already, 2 kept"."""
    told = _("{removed} removed, {gone} no longer there, {kept} kept")
    return told.format(
        removed=count(report.removed), gone=count(report.gone), kept=count(report.items_kept)
    )


def kept_groups(kept: Sequence[Kept], explain: Explain) -> list[KeptGroup]:
    """By reason, in the order in which they came up."""
    by_reason: dict[ProblemId, list[Kept]] = {}
    for one in kept:
        by_reason.setdefault(one.problem.id, []).append(one)
    return [
        KeptGroup(
            id,
            explain(some[0].problem),
            sum(one.items for one in some),
            tuple(dict.fromkeys(one.folder for one in some if one.folder)),
        )
        for id, some in by_reason.items()
    ]


def how_many(group: KeptGroup, kinds: Sequence[ItemKind]) -> str:
    """Folders or items."""
    if group.id in ABOUT_FOLDERS:
        return plural("{} folder", "{} folders", group.items).format(count(group.items))
    return items(kinds, group.items)


def folders_removed(report: UndoReport) -> str:
    """Empty when there were none."""
    names = report.folders_removed
    if not names:
        return ""
    return plural(
        "{} empty folder of the copy is removed: {names}",
        "{} empty folders of the copy are removed: {names}",
        len(names),
    ).format(count(len(names)), names=", ".join(names))


def summary(report: UndoReport, explain: Explain) -> str:
    """Headline, numbers, each reason for which something stays, folders."""
    lines = [headline(report), numbers(report)]
    for group in kept_groups(report.kept, explain):
        where = ", ".join(group.folders)
        lines.append(f"{group.reason.code} · {group.reason.title}")
        told = how_many(group, report.kinds)
        lines.append("    " + ". ".join(filter(None, (told, where, group.reason.remedy))))
    lines.append(folders_removed(report))
    return "\n".join(filter(None, lines))
