"""Taking a copy back, in words."""

from __future__ import annotations

from dataclasses import dataclass

from omm_desktop.language import plural
from omm_desktop.language import translate as _
from omm_desktop.model.problem import ProblemId
from omm_desktop.model.progress import Phase, Snapshot
from omm_desktop.model.report import Grade
from omm_desktop.model.undoing import UndoPreview, UndoReport
from omm_desktop.report import undo_words
from omm_desktop.support.catalogue import Catalogue
from omm_desktop.wizard.present import person, under_way
from omm_desktop.wizard.present.progress import number_column
from omm_desktop.wizard.present.result import Group
from omm_desktop.wording import count, done_of, items, only_mail


@dataclass(frozen=True, slots=True)
class PreviewText:
    """`rows` are folder and number."""

    promise: str
    number_column: str
    rows: tuple[tuple[str, str], ...]
    type_number: str
    wrong_number: str
    password: str
    main: str


@dataclass(frozen=True, slots=True)
class UndoProgressText:
    """`permille` is None while the total is not known. `waiting` is empty unless it waits."""

    headline: str
    permille: int | None
    numbers: str
    waiting: str


@dataclass(frozen=True, slots=True)
class UndoResultText:
    """`good` is False where something stays that should have gone."""

    good: bool
    headline: str
    numbers: tuple[str, ...]
    groups: tuple[Group, ...]
    folders_removed: str


def preview(found: UndoPreview) -> PreviewText:
    told = items(found.kinds, found.items)
    mail = only_mail(found.kinds)
    return PreviewText(
        promise=undo_words.promise(on_disk=found.on_disk),
        number_column=number_column(found.kinds),
        rows=tuple((person.folder(one.folder), count(one.items)) for one in found.folders),
        type_number=(
            _("To confirm, type the &number of messages: {}")
            if mail
            else _("To confirm, type the &number of items: {}")
        ).format(count(found.items)),
        wrong_number=_("Type {} here.").format(count(found.items)),
        password=_("&Password of the new mailbox"),
        main=_("Re&move {items}").format(items=told),
    )


def is_confirmed(found: UndoPreview, typed: str) -> bool:
    """Whether the number is the right one, with or without what groups its digits."""
    digits = "".join(sign for sign in typed if not sign.isspace() and sign not in ".,'’")
    return digits.isdecimal() and int(digits) == found.items


def when_stopped(*, on_disk: bool) -> str:
    """What becomes of what was removed until then."""
    if on_disk:
        return _("What is removed is gone for good. You can go on later.")
    return _("What is removed stays in the trash. You can go on later.")


def progress(snapshot: Snapshot, catalogue: Catalogue) -> UndoProgressText:
    known = snapshot.phase is not Phase.CONNECTING
    done, total = snapshot.items_done, snapshot.items_total
    return UndoProgressText(
        headline=under_way.headline(snapshot),
        permille=(1000 * min(done, total) // total if total else 1000) if known else None,
        numbers=done_of(snapshot.kinds, done, total) if known else "",
        waiting=under_way.waiting(snapshot, catalogue),
    )


def result(report: UndoReport, catalogue: Catalogue) -> UndoResultText:
    numbers = (
        _told(plural("{} removed", "{} removed", report.removed), report.removed),
        _told(plural("{} no longer there", "{} no longer there", report.gone), report.gone),
        _told(plural("{} kept", "{} kept", report.items_kept), report.items_kept),
    )
    return UndoResultText(
        good=report.grade.nothing_missing,
        headline=undo_words.headline(report),
        numbers=() if report.grade is Grade.NOT_STARTED else numbers,
        groups=_groups(report, catalogue),
        folders_removed=_folders_removed(report),
    )


def _told(form: str, number: int) -> str:
    return form.format(count(number))


def _groups(report: UndoReport, catalogue: Catalogue) -> tuple[Group, ...]:
    kinds = {folder.folder: folder.kind for folder in report.folders}
    lines: dict[ProblemId, list[str]] = {}
    for one in report.kept:
        line = person.folder(one.folder)
        if one.folder in kinds and one.problem.id not in undo_words.ABOUT_FOLDERS:
            told = _("{folder}: {items}")
            line = told.format(folder=line, items=items({kinds[one.folder]}, one.items))
        lines.setdefault(one.problem.id, []).extend([line] if line else [])
    return tuple(
        Group(
            group.reason.title,
            f"{group.reason.cause} {group.reason.remedy}",
            _("Code {}").format(group.reason.code),
            tuple(lines[group.id]),
        )
        for group in undo_words.kept_groups(report.kept, catalogue.entry)
    )


def _folders_removed(report: UndoReport) -> str:
    number = len(report.folders_removed)
    if not number:
        return ""
    told = plural(
        "{} empty folder of the copy is removed as well.",
        "{} empty folders of the copy are removed as well.",
        number,
    )
    return told.format(count(number))
