"""The report as a few lines of text."""

from __future__ import annotations

from omm_desktop.language import translate as _
from omm_desktop.model.items import ItemKind
from omm_desktop.model.report import Report, Totals
from omm_desktop.report.groups import failure_groups, note_groups, setting_groups
from omm_desktop.report.headline import headline
from omm_desktop.report.setting_words import fate_words, setting_line
from omm_desktop.report.unlisted import unlisted, unlisted_notes
from omm_desktop.support.catalogue import catalogue
from omm_desktop.wording import count, duration, items, kind_name, only_mail, size


def kind_line(totals: Totals, kind: ItemKind) -> str:
    numbers = _("{copied} copied, {present} already there, {missing} not copied")
    if totals.edited or totals.updated:
        numbers = _(
            "{copied} copied, {present} already there ({updated} updated, {edited} edited since),"
            " {missing} not copied"
        )
    told = numbers.format(
        copied=count(totals.copied),
        present=count(totals.present),
        missing=count(totals.not_copied),
        updated=count(totals.updated),
        edited=count(totals.edited),
    )
    return f"    {kind_name(kind)} · {told}"


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
    if not only_mail(report.kinds):
        lines += [kind_line(report.of_kind(kind), kind) for kind in report.kinds]
    explain = catalogue().entry
    for failures in failure_groups(report.failed, explain):
        how_many = items(report.kinds, len(failures.items))
        lines.append(f"{failures.reason.code} · {failures.reason.title}")
        lines.append(f"    {how_many}. {failures.reason.remedy}")
    lines += filter(None, [unlisted(report)])
    for notes in note_groups(report.notes, explain):
        lines.append(f"{notes.reason.code} · {notes.reason.title} ({count(notes.count)})")
    lines += filter(None, [unlisted_notes(report)])
    for setting in report.settings:
        told = _("{setting}: {fate}")
        lines.append(told.format(setting=setting_line(setting), fate=fate_words(setting.fate)))
    for group in setting_groups(report.settings, explain):
        lines.append(f"{group.reason.code} · {group.reason.title} ({count(len(group.settings))})")
        lines.append(f"    {group.reason.remedy}")
    return "\n".join(lines)
