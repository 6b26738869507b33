"""The end of a copy in words, from its report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from omm_desktop.language import translate as _
from omm_desktop.model.items import ItemKind
from omm_desktop.model.problem import ProblemId
from omm_desktop.model.report import FailedItem, Note, Report, Totals
from omm_desktop.report.differences import read
from omm_desktop.report.explained import Explained
from omm_desktop.report.groups import failure_groups, note_groups, setting_groups
from omm_desktop.report.headline import headline
from omm_desktop.report.unlisted import unlisted, unlisted_edited, unlisted_notes
from omm_desktop.support.catalogue import Catalogue
from omm_desktop.wizard.present import person
from omm_desktop.wording import count, duration, items, kind_name, only_mail, size

_LISTED_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Group:
    """Everything that happened for one reason: what, what to do, which messages.

    `undecided` when nobody can tell and the person may decide; `in_manual` when the page on what
    Exchange changes says why.
    """

    title: str
    remedy: str
    code_line: str
    lines: tuple[str, ...]
    undecided: bool = False
    in_manual: bool = False


@dataclass(frozen=True, slots=True)
class ResultText:
    """`good` is False where something is missing; `icon` says the same without colour.

    `unlisted` says how many more failed than `failures` and the saved report name, and likewise the
    others of what stands before them.
    """

    good: bool
    icon: str
    headline: str
    numbers: tuple[tuple[str, str], ...]
    failures: tuple[Group, ...]
    unlisted: str
    edited: tuple[Group, ...]
    unlisted_edited: str
    notes: tuple[Group, ...]
    unlisted_notes: str


def result(report: Report, catalogue: Catalogue) -> ResultText:
    names = person.folders((folder.source, folder.role) for folder in report.folders)
    kinds = {folder.source: folder.kind for folder in report.folders}
    good = report.grade.nothing_missing
    settings = [
        (group.missing, _group(group.reason, [person.setting(one) for one in group.settings]))
        for group in setting_groups(report.settings, catalogue.entry)
    ]
    return ResultText(
        good=good,
        icon="✓" if good else "!",
        headline=headline(report),
        numbers=_numbers(report),
        failures=(
            *(
                replace(
                    _group(group.reason, [_failed(item, names) for item in group.items]),
                    undecided=group.items[0].problem.id is ProblemId.ITEM_UNSURE,
                )
                for group in failure_groups(report.failed, catalogue.entry)
            ),
            *(group for missing, group in settings if missing),
        ),
        unlisted=unlisted(report),
        edited=tuple(
            _group(group.reason, [_failed(item, names) for item in group.items])
            for group in failure_groups(report.edited, catalogue.entry)
        ),
        unlisted_edited=unlisted_edited(report),
        notes=(
            *(
                replace(
                    _group(group.reason, [_note(note, names, kinds) for note in group.notes]),
                    in_manual=any(read(note.problem.detail)[1] for note in group.notes),
                )
                for group in note_groups(report.notes, catalogue.entry)
            ),
            *(group for missing, group in settings if not missing),
        ),
        unlisted_notes=unlisted_notes(report),
    )


def promise(*, from_files: bool) -> str:
    """What holds whatever the outcome."""
    if from_files:
        return _("Your files stayed as they were.")
    return _("Nothing was deleted or changed in the old mailbox.")


def _numbers(report: Report) -> tuple[tuple[str, str], ...]:
    totals = report.totals
    edited = (
        (_("Edited since"), _each_kind(report, lambda kind: kind.edited), totals.edited),
        (_("Updated"), _each_kind(report, lambda kind: kind.updated), totals.updated),
    )
    return (
        (_("Copied"), _each_kind(report, lambda kind: kind.copied)),
        (_("Already there"), _each_kind(report, lambda kind: kind.present)),
        (_("Not copied"), _each_kind(report, lambda kind: kind.not_copied)),
        *((name, told) for name, told, number in edited if number),
        (_("Size copied"), size(report.bytes_copied)),
        (_("Duration"), duration(report.seconds)),
    )


def _each_kind(report: Report, number_of: Callable[[Totals], int]) -> str:
    """ "8,300", or "8,300 messages, 120 contacts" where there is more than mail."""
    if only_mail(report.kinds):
        return count(number_of(report.totals))
    numbers = [(kind, number_of(report.of_kind(kind))) for kind in report.kinds]
    return ", ".join(items({kind}, number) for kind, number in numbers if number) or count(0)


def _group(reason: Explained, lines: list[str]) -> Group:
    """What is about the copy as a whole has no line of its own."""
    lines = [line for line in lines if line]
    more = len(lines) - _LISTED_AT_MOST
    shown = lines[:_LISTED_AT_MOST]
    if more > 0:
        shown.append(_("And {} more, all in the saved report.").format(count(more)))
    return Group(reason.title, reason.remedy, _("Code {}").format(reason.code), tuple(shown))


def _failed(item: FailedItem, names: Mapping[str, str]) -> str:
    folder = _name(item.folder, names)
    return person.in_folder(person.message(item.label), folder) if item.key else folder


def _note(note: Note, names: Mapping[str, str], kinds: Mapping[str, ItemKind]) -> str:
    folder = _name(note.folder, names)
    field, difference = read(note.problem.detail)
    if note.kind is not None:
        return _left_out(note, note.kind, folder)
    if note.label.subject or note.label.sender:
        what = person.in_folder(person.message(note.label), folder)
        return f"{what} – {person.field(field)}" if difference else what
    if note.count > 1:
        kind = kinds.get(note.folder, ItemKind.MAIL)
        return person.in_folder(items({kind}, note.count), folder)
    return person.concerned(note.problem) or folder


def _left_out(note: Note, kind: ItemKind, folder: str) -> str:
    return person.in_folder(items({kind}, note.count), folder) if note.folder else kind_name(kind)


def _name(folder: str, names: Mapping[str, str]) -> str:
    return names.get(folder) or person.folder(folder)
