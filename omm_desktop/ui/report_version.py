"""While the mask is on, a report is saved as the screen shows it or whole: the person decides."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from omm_desktop.language import translate as _
from omm_desktop.model.report import Report
from omm_desktop.ui.question import Answer, ask
from omm_desktop.wizard.present import mask
from omm_desktop.wizard.present.masked_report import masked


def choose(parent: QWidget, report: Report, then: Callable[[Report], object]) -> None:
    """Calls `then` with the version wanted; not at all when nothing shall be saved."""
    if not mask.is_on():
        then(report)
        return
    ask(
        parent,
        _("Save the report"),
        _("Which report do you want to save?"),
        [
            Answer(_("Without names"), lambda: then(masked(report))),
            Answer(_("With names"), lambda: then(report)),
            Answer(_("Cancel")),
        ],
        explained=_("Without names it can be given to anybody."),
        default=0,
    )
