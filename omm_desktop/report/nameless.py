"""A report without the names in it: for a screen that others see, for a help desk."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from omm_desktop.model.items import ItemLabel
from omm_desktop.model.problem import Problem
from omm_desktop.model.report import FailedItem, FolderResult, Note, Report, SettingResult


class Names(Protocol):
    """What stands for each kind of name."""

    def person(self, name: str) -> str:
        """For an end of the copy: an address, a login, a file."""
        ...

    def folder(self, name: str, role: str | None) -> str: ...

    def rule(self, name: str) -> str: ...

    def problem(self, problem: Problem) -> Problem:
        """The same without what it concerns and what was said of it."""
        ...


def nameless(report: Report, names: Names) -> Report:
    """The same outcome in the same numbers. Of items their dates stay, nothing else."""
    roles = {folder.source: folder.role for folder in report.folders}

    def item(one: FailedItem) -> FailedItem:
        return replace(
            one,
            folder=names.folder(one.folder, roles.get(one.folder)),
            key="",
            problem=names.problem(one.problem),
            label=ItemLabel(date=one.label.date),
        )

    def note(one: Note) -> Note:
        return replace(
            one,
            folder=names.folder(one.folder, roles.get(one.folder)),
            problem=names.problem(one.problem),
            label=ItemLabel(date=one.label.date),
        )

    def setting(one: SettingResult) -> SettingResult:
        problem = names.problem(one.problem) if one.problem else None
        return replace(one, name=names.rule(one.name) if one.name else "", problem=problem)

    def folder(one: FolderResult) -> FolderResult:
        return replace(
            one,
            source=names.folder(one.source, one.role),
            destination=names.folder(one.destination, one.role),
        )

    stopped_by = names.problem(report.stopped_by) if report.stopped_by else None
    return replace(
        report,
        source=", ".join(map(names.person, report.source.split(", "))),
        destination=names.person(report.destination),
        folders=tuple(map(folder, report.folders)),
        failed=tuple(map(item, report.failed)),
        edited=tuple(map(item, report.edited)),
        notes=tuple(map(note, report.notes)),
        settings=tuple(map(setting, report.settings)),
        stopped_by=stopped_by,
    )
