"""What a report does not list by name, since its lists have an end."""

from __future__ import annotations

from omm_desktop.language import plural
from omm_desktop.model.report import Report
from omm_desktop.wording import count


def unlisted(report: Report) -> str:
    """How many more failed than are listed, in a sentence; empty when all are listed."""
    if not report.unlisted:
        return ""
    return plural(
        "The list ends here: {} more could not be copied.",
        "The list ends here: {} more could not be copied.",
        report.unlisted,
    ).format(count(report.unlisted))
