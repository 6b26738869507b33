"""What a report does not list by name, since its lists have an end: sentences, or nothing."""

from __future__ import annotations

from omm_desktop.language import plural
from omm_desktop.model.report import Report
from omm_desktop.wording import count


def unlisted(report: Report) -> str:
    """How many more failed than are listed; empty when all are listed, as with the others."""
    told = plural(
        "The list ends here: {} more could not be copied.",
        "The list ends here: {} more could not be copied.",
        report.unlisted,
    )
    return _told(told, report.unlisted)


def unlisted_edited(report: Report) -> str:
    """How many more were edited at the source since their copy."""
    told = plural(
        "The list ends here: {} more was edited since.",
        "The list ends here: {} more were edited since.",
        report.unlisted_edited,
    )
    return _told(told, report.unlisted_edited)


def unlisted_notes(report: Report) -> str:
    """How many remarks more there are."""
    told = plural(
        "The list ends here: there is {} more remark.",
        "The list ends here: there are {} more remarks.",
        report.unlisted_notes,
    )
    return _told(told, report.unlisted_notes)


def _told(sentence: str, number: int) -> str:
    return sentence.format(count(number)) if number else ""
