"""Rules and the out-of-office reply in the words of every report."""

from __future__ import annotations

from omm_desktop.language import in_context
from omm_desktop.language import translate as _
from omm_desktop.model.report import Fate, SettingResult
from omm_desktop.model.settings import SettingKind


def setting_name(result: SettingResult) -> str:
    """The rule by its name, or what is meant as a whole."""
    if result.kind is SettingKind.OUT_OF_OFFICE:
        return _("Out-of-office reply")
    if not result.name:
        return _("The list of rules")
    return _("Rule “{}”").format(result.name)


def setting_line(result: SettingResult) -> str:
    """The setting, and what a person has to know to mend it: a folder, somebody."""
    subject = result.problem.subject if result.problem else ""
    return " – ".join(filter(None, (setting_name(result), subject)))


def fate_words(fate: Fate) -> str:
    return {
        Fate.COPIED: in_context("setting", "copied"),
        Fate.SWITCHED_OFF: _("copied, switched off"),
        Fate.PRESENT: in_context("setting", "already there"),
        Fate.LEFT: _("left as it is"),
        Fate.MISSING: in_context("setting", "not copied"),
        Fate.UNSEEN: _("perhaps incomplete"),
    }[fate]
