"""Failures and notes of a report, grouped by what happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from omm_desktop.model.report import FailedItem, Fate, Note, SettingResult
from omm_desktop.report.explained import Explain, Explained


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """All items that failed for one reason; the largest group comes first."""

    reason: Explained
    items: tuple[FailedItem, ...]


@dataclass(frozen=True, slots=True)
class NoteGroup:
    """All notes of one kind."""

    reason: Explained
    notes: tuple[Note, ...]

    @property
    def count(self) -> int:
        return sum(note.count for note in self.notes)


@dataclass(frozen=True, slots=True)
class SettingGroup:
    """All settings about which the same has to be said; `missing` when they did not arrive."""

    reason: Explained
    settings: tuple[SettingResult, ...]
    missing: bool


def failure_groups(failed: Iterable[FailedItem], explain: Explain) -> list[FailureGroup]:
    by_code: dict[str, tuple[Explained, list[FailedItem]]] = {}
    for item in failed:
        reason = explain(item.problem)
        by_code.setdefault(reason.code, (reason, []))[1].append(item)
    groups = [FailureGroup(reason, tuple(items)) for reason, items in by_code.values()]
    return sorted(groups, key=lambda group: (-len(group.items), group.reason.code))


def note_groups(notes: Iterable[Note], explain: Explain) -> list[NoteGroup]:
    by_code: dict[str, tuple[Explained, list[Note]]] = {}
    for note in notes:
        reason = explain(note.problem)
        by_code.setdefault(reason.code, (reason, []))[1].append(note)
    groups = [NoteGroup(reason, tuple(ones)) for reason, ones in by_code.values()]
    return sorted(groups, key=lambda group: (-group.count, group.reason.code))


def setting_groups(settings: Iterable[SettingResult], explain: Explain) -> list[SettingGroup]:
    """Those that did not arrive first."""
    groups: dict[tuple[str, bool], tuple[Explained, list[SettingResult]]] = {}
    for setting in settings:
        if setting.problem is not None:
            reason = explain(setting.problem)
            key = (reason.code, setting.fate is Fate.MISSING)
            groups.setdefault(key, (reason, []))[1].append(setting)
    made = [
        SettingGroup(reason, tuple(held), missing)
        for (_, missing), (reason, held) in groups.items()
    ]
    return sorted(made, key=lambda group: (not group.missing, group.reason.code))
