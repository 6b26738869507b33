"""Past copies in words."""

from __future__ import annotations

from datetime import datetime

from omm_desktop.language import in_context
from omm_desktop.language import translate as _
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.report import Grade
from omm_desktop.wizard.present import person
from omm_desktop.wording import count, date


def interrupted(began: float, done: int, total: int) -> str:
    """ "The copy of March 12, 2026 stopped at 3,214 messages of 8,300."""
    if not total:
        return _("The copy of {day} stopped before the first message.").format(day=_day(began))
    return _("The copy of {day} stopped at {done} messages of {total}.").format(
        day=_day(began), done=count(done), total=count(total)
    )


def way(plan: MigrationPlan) -> str:
    return _("{source} → {destination}").format(
        source=person.address(plan.source), destination=person.address(plan.destination)
    )


def outcome(began: float, grade: Grade | None) -> str:
    words = {
        Grade.COMPLETE: _("everything copied"),
        Grade.COMPLETE_WITH_NOTES: _("everything copied, with remarks"),
        Grade.INCOMPLETE: _("some messages missing"),
        Grade.NOT_STARTED: in_context("copy", "could not start"),
    }
    return f"{_day(began)} · {words.get(grade, _('stopped'))}" if grade else _day(began)


def _day(unix: float) -> str:
    return date(datetime.fromtimestamp(unix).astimezone())
