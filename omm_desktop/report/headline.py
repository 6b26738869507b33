"""The outcome of a run in one sentence."""

from __future__ import annotations

from omm_desktop.language import plural
from omm_desktop.language import translate as _
from omm_desktop.model.report import Grade, Report
from omm_desktop.wording import count, only_mail


def headline(report: Report) -> str:
    match report.grade:
        case Grade.COMPLETE:
            return _("Everything is copied.")
        case Grade.COMPLETE_WITH_NOTES:
            remarks = sum(note.count for note in report.notes)
            remarks += sum(setting.problem is not None for setting in report.settings)
            return plural(
                "Everything is copied, with {} remark.",
                "Everything is copied, with {} remarks.",
                remarks,
            ).format(count(remarks))
        case Grade.INCOMPLETE:
            return _incomplete(report)
        case Grade.INTERRUPTED:
            return _("The copy is stopped. You can resume it.")
        case Grade.NOT_STARTED:
            return _("The copy could not start.")


def _incomplete(report: Report) -> str:
    if report.settings_missing and not report.failed:
        return plural(
            "Everything is copied but {} setting of the mailbox.",
            "Everything is copied but {} settings of the mailbox.",
            report.settings_missing,
        ).format(count(report.settings_missing))
    if report.failed and not report.not_copied:
        # Folders, or parts of a damaged file: nobody knows how much was in them.
        return plural(
            "Everything is copied but {} part that could not be.",
            "Everything is copied but {} parts that could not be.",
            len(report.failed),
        ).format(count(len(report.failed)))
    taken = report.copied + report.present + report.not_copied
    messages = plural(
        "{done} of {total} message is copied.", "{done} of {total} messages are copied.", taken
    )
    items = plural(
        "{done} of {total} item is copied.", "{done} of {total} items are copied.", taken
    )
    form = messages if only_mail(report.kinds) else items
    arrived = form.format(done=count(taken - report.not_copied), total=count(taken))
    missing = plural("{} is not.", "{} are not.", report.not_copied)
    return f"{arrived} {missing.format(count(report.not_copied))}"
