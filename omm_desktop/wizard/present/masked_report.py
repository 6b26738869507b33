"""The report as the masked screen shows it, for a file that others will read."""

from __future__ import annotations

from omm_desktop.language import translate as _
from omm_desktop.model.items import FolderRole
from omm_desktop.model.problem import Problem
from omm_desktop.model.report import Report
from omm_desktop.report.nameless import nameless
from omm_desktop.support.public import public
from omm_desktop.wizard.present import mask, person


def masked(report: Report) -> Report:
    """With what stands for each name on the screen, in the current language."""
    return nameless(report, _Screen())


class _Screen:
    def person(self, name: str) -> str:
        return mask.current().person(name) if name else ""

    def folder(self, name: str, role: str | None) -> str:
        if role:
            return person.role_name(FolderRole(role))
        if name.upper() == "INBOX":
            return person.role_name(FolderRole.INBOX)
        return _("Folder {number}").format(number=mask.current().folder(name))

    def rule(self, name: str) -> str:
        return mask.DOTS

    def problem(self, problem: Problem) -> Problem:
        return public(problem)
