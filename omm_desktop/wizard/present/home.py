"""Past copies in words."""

from __future__ import annotations

import time
from datetime import datetime

from omm_desktop.language import in_context, plural
from omm_desktop.language import translate as _
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.report import Grade
from omm_desktop.store.history import PastRun
from omm_desktop.wizard.present import person
from omm_desktop.wording import count, date, date_time, only_mail


def interrupted(run: PastRun) -> str:
    """ "The copy of 12 March 2026 stopped at 3,214 messages of 8,300", once these are counted."""
    planned = run.plan.options.start_at
    if planned is not None and run.waits(time.time()):
        return _("Planned: {when}").format(when=date_time(planned.astimezone()))
    day, mail = _day(run.began), only_mail(run.plan.selection.kinds)
    if run.done is None or run.total is None:
        return _("The copy of {day} is not finished.").format(day=day)
    if not run.total:
        nothing = _("The copy of {day} stopped before the first message.")
        return (nothing if mail else _("The copy of {day} stopped at its beginning.")).format(
            day=day
        )
    messages = plural(
        "The copy of {day} stopped at {done} message of {total}.",
        "The copy of {day} stopped at {done} messages of {total}.",
        run.done,
    )
    others = plural(
        "The copy of {day} stopped at {done} item of {total}.",
        "The copy of {day} stopped at {done} items of {total}.",
        run.done,
    )
    told = messages if mail else others
    return told.format(day=day, done=count(run.done), total=count(run.total))


def again(run: PastRun) -> str:
    """What the button of a past copy does."""
    if run.interrupted:
        return _("Resume")
    mail = only_mail(run.plan.selection.kinds)
    return _("Copy the new messages") if mail else _("Copy what is new")


def way(plan: MigrationPlan) -> str:
    return _("{source} → {destination}").format(
        source=person.origin(plan), destination=person.address(plan.destination)
    )


def outcome(run: PastRun) -> str:
    """The day, how it ended, and whether it was taken back."""
    began, grade = run.began, run.grade
    words = {
        Grade.COMPLETE: _("everything copied"),
        Grade.COMPLETE_WITH_NOTES: _("everything copied, with remarks"),
        Grade.INCOMPLETE: _("something is missing"),
        Grade.NOT_STARTED: in_context("copy", "could not start"),
    }
    ended = words.get(grade, _("stopped")) if grade else ""
    return " · ".join(filter(None, (_day(began), ended, _taken_back(run))))


def _taken_back(run: PastRun) -> str:
    if run.undoing:
        return _("removal not finished")
    return _("removed again on {}").format(_day(run.undone)) if run.undone else ""


def _day(unix: float) -> str:
    return date(datetime.fromtimestamp(unix).astimezone())
