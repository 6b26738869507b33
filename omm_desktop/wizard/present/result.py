"""The end of a copy in words, from its report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from omm_desktop.language import plural
from omm_desktop.language import translate as _
from omm_desktop.model.problem import ProblemId
from omm_desktop.model.report import FailedItem, Note, Report
from omm_desktop.report.explained import Explained
from omm_desktop.report.groups import failure_groups, note_groups, setting_groups
from omm_desktop.report.headline import headline
from omm_desktop.report.setting_words import setting_line
from omm_desktop.support.catalogue import Catalogue
from omm_desktop.wizard.present import person
from omm_desktop.wording import count, duration, size

_LISTED_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Group:
    """Everything that happened for one reason: what, what to do, which messages.

    `undecided` when nobody can tell and the person may decide.
    """

    title: str
    remedy: str
    code_line: str
    lines: tuple[str, ...]
    undecided: bool = False


@dataclass(frozen=True, slots=True)
class ResultText:
    """`good` is False where something is missing; `icon` says the same without colour."""

    good: bool
    icon: str
    headline: str
    numbers: tuple[tuple[str, str], ...]
    failures: tuple[Group, ...]
    notes: tuple[Group, ...]


def result(report: Report, catalogue: Catalogue) -> ResultText:
    names = person.folders((folder.source, folder.role) for folder in report.folders)
    good = report.grade.nothing_missing
    settings = [
        (group.missing, _group(group.reason, [setting_line(one) for one in group.settings]))
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
        notes=(
            *(
                _group(group.reason, [_note(note, names) for note in group.notes])
                for group in note_groups(report.notes, catalogue.entry)
            ),
            *(group for missing, group in settings if not missing),
        ),
    )


def _numbers(report: Report) -> tuple[tuple[str, str], ...]:
    return (
        (_("Copied"), count(report.copied)),
        (_("Already there"), count(report.present)),
        (_("Not copied"), count(report.not_copied)),
        (_("Size copied"), size(report.bytes_copied)),
        (_("Duration"), duration(report.seconds)),
    )


def _group(reason: Explained, lines: list[str]) -> Group:
    more = len(lines) - _LISTED_AT_MOST
    shown = lines[:_LISTED_AT_MOST]
    if more > 0:
        shown.append(_("And {} more, all in the saved report.").format(count(more)))
    return Group(reason.title, reason.remedy, _("Code {}").format(reason.code), tuple(shown))


def _failed(item: FailedItem, names: Mapping[str, str]) -> str:
    return _in_folder(person.message(item.label), _name(item.folder, names))


def _note(note: Note, names: Mapping[str, str]) -> str:
    folder = _name(note.folder, names)
    if note.label.subject or note.label.sender:
        return _in_folder(person.message(note.label), folder)
    if note.count > 1:
        number = plural("{} message", "{} messages", note.count).format(count(note.count))
        return _in_folder(number, folder)
    return note.problem.subject or folder


def _in_folder(what: str, folder: str) -> str:
    return _("{what} – folder {folder}").format(what=what, folder=folder)


def _name(folder: str, names: Mapping[str, str]) -> str:
    return names.get(folder) or person.folder(folder)
