"""What is in the support file, part by part, and what each part is in plain words."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from omm_desktop import __version__, language
from omm_desktop.language import in_context
from omm_desktop.language import translate as _
from omm_desktop.model.account import Account
from omm_desktop.model.report import Report
from omm_desktop.report.as_json import as_json
from omm_desktop.report.groups import failure_groups, note_groups, setting_groups
from omm_desktop.report.headline import headline
from omm_desktop.report.nameless import nameless
from omm_desktop.report.unlisted import unlisted, unlisted_edited, unlisted_notes
from omm_desktop.support import bundle, logs
from omm_desktop.support.bundle import Part, PartName
from omm_desktop.support.catalogue import Catalogue
from omm_desktop.support.environment import system_name
from omm_desktop.support.redact import Redactor
from omm_desktop.wizard.present import help_desk
from omm_desktop.wording import count


@dataclass(frozen=True, slots=True)
class Facts:
    """What the window knows. `screen` holds its scale, text size, theme, and the like."""

    standing: help_desk.Standing
    source: Account | None
    destination: Account | None
    report: Report | None
    screen: dict[str, Any]


def parts(
    facts: Facts, catalogue: Catalogue, redactor: Redactor, log_folder: Path
) -> tuple[Part, ...]:
    """All of it; a part about which there is nothing to tell is left out. Reads the log."""
    names = bundle.Pseudonyms(redactor)
    report = nameless(facts.report, names) if facts.report else None
    log = redactor.clean(logs.tail(log_folder))
    texts = {
        PartName.SUMMARY: _summary(facts, report, catalogue),
        PartName.REPORT: as_json(report, catalogue.entry) if report else "",
        PartName.LOG: log,
        PartName.ENVIRONMENT: bundle.as_json(_environment(facts)),
        PartName.SETTINGS: bundle.as_json(bundle.settings(facts.source, facts.destination)),
    }
    return tuple(Part(name, text) for name, text in texts.items() if text)


def title(name: PartName) -> str:
    return {
        PartName.SUMMARY: _("In short"),
        PartName.REPORT: _("Report of the last copy"),
        PartName.LOG: _("Log of the program"),
        PartName.ENVIRONMENT: _("This computer"),
        PartName.SETTINGS: _("Servers"),
    }[name]


def explanation(name: PartName) -> str:
    return {
        PartName.SUMMARY: _("What you would read out by phone: where you are, codes, numbers."),
        PartName.REPORT: _("Numbers and codes. Folders have their usual role or a number."),
        PartName.LOG: _("What the program noted while it worked."),
        PartName.ENVIRONMENT: _("System, versions, screen, language."),
        PartName.SETTINGS: _("Servers and ports of both mailboxes, without address or login."),
    }[name]


def not_inside() -> tuple[str, ...]:
    """What a person may fear to give away."""
    return (
        _("Not in it: passwords, addresses, names, messages, names of folders or files."),
        _("Server names are in it: they may hold the name of your domain."),
        _("Nothing is sent. You save the file, and give it to whom you want."),
    )


def suggested_name(day: date, copy: int | None) -> str:
    return bundle.suggested_name(in_context("file name", "support"), day, copy)


def _summary(facts: Facts, report: Report | None, catalogue: Catalogue) -> str:
    lines = [help_desk.as_text(help_desk.card(facts.standing, system_name(), catalogue))]
    if report is not None:
        lines += ["", _("Copy no. {}").format(report.run), headline(report)]
        ends = unlisted(report), unlisted_edited(report), unlisted_notes(report)
        lines += [*_codes(report, catalogue), *filter(None, ends)]
    return "\n".join((*lines, "", *not_inside(), ""))


def _codes(report: Report, catalogue: Catalogue) -> Sequence[str]:
    """ "25-03 · This message is larger than accepted. (6)"."""
    told = [(group.reason, len(group.items)) for group in _failures(report, catalogue)]
    told += [(one.reason, one.count) for one in note_groups(report.notes, catalogue.entry)]
    told += [
        (one.reason, len(one.settings)) for one in setting_groups(report.settings, catalogue.entry)
    ]
    if report.stopped_by is not None:
        told.insert(0, (catalogue.entry(report.stopped_by), 1))
    return [f"{reason.code} · {reason.title} ({count(number)})" for reason, number in told]


def _failures(report: Report, catalogue: Catalogue) -> list[Any]:
    return [
        *failure_groups(report.failed, catalogue.entry),
        *failure_groups(report.edited, catalogue.entry),
    ]


def _environment(facts: Facts) -> dict[str, Any]:
    return {
        "program": f"omm-desktop {__version__}",
        "system": system_name(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "language": language.current(),
        **facts.screen,
    }
