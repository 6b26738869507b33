"""The report as a few lines of text."""

from __future__ import annotations

from omm_desktop.language import plural
from omm_desktop.language import translate as _
from omm_desktop.model.report import Report
from omm_desktop.report.groups import failure_groups, note_groups, setting_groups
from omm_desktop.report.headline import headline
from omm_desktop.report.setting_words import fate_words, setting_line
from omm_desktop.support.catalogue import catalogue
from omm_desktop.wording import count, duration, size


def summary(report: Report) -> str:
    """Headline, numbers, each reason for which something is missing or was adapted, settings."""
    numbers = _("{copied} copied ({size}), {present} already there, {missing} not copied, {time}")
    lines = [
        headline(report),
        numbers.format(
            copied=count(report.copied),
            size=size(report.bytes_copied),
            present=count(report.present),
            missing=count(report.not_copied),
            time=duration(report.seconds),
        ),
    ]
    explain = catalogue().entry
    for failures in failure_groups(report.failed, explain):
        how_many = plural("{} message", "{} messages", len(failures.items))
        lines.append(f"{failures.reason.code} · {failures.reason.title}")
        lines.append(f"    {how_many.format(count(len(failures.items)))}. {failures.reason.remedy}")
    for notes in note_groups(report.notes, explain):
        lines.append(f"{notes.reason.code} · {notes.reason.title} ({count(notes.count)})")
    for setting in report.settings:
        told = _("{setting}: {fate}")
        lines.append(told.format(setting=setting_line(setting), fate=fate_words(setting.fate)))
    for group in setting_groups(report.settings, explain):
        lines.append(f"{group.reason.code} · {group.reason.title} ({count(len(group.settings))})")
        lines.append(f"    {group.reason.remedy}")
    return "\n".join(lines)
