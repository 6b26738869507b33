"""Tasks to tasks of Exchange and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from exchangelib import EWSDateTime, EWSTimeZone, FileAttachment
from exchangelib import Task as Item
from exchangelib.recurrence import TaskRecurrence

from ...convert.calendar.values import Moment, Task
from ...convert.loss import Loss
from ..differences import Difference
from ..items import uids
from . import event_reading, task_properties
from .bodies import from_body, to_body
from .clock import Clock, day
from .event_reading import read_files, rule_of
from .events import IMPORTANCE, LONGEST_SUBJECT, SENSITIVITY, attachments, rest_of
from .recurrence import hold

FIELDS = (
    *("subject", "body", "text_body", "start_date", "due_date", "complete_date", "status"),
    *("percent_complete", "recurrence", "categories", "sensitivity", "importance"),
    *("reminder_is_set", "reminder_due_by", "attachments", uids.FIELD),
)
"""What has to be asked for to read a task."""

_STATUS = {
    "": "NotStarted",
    "needs-action": "NotStarted",
    "in-process": "InProgress",
    "completed": "Completed",
    "cancelled": "Deferred",
}
_READ_STATUS = {
    "NotStarted": "",
    "InProgress": "in-process",
    "WaitingOnOthers": "in-process",
    "Completed": "completed",
    "Deferred": "",
}
UNKNOWN_TO_CALENDARS = frozenset({"WaitingOnOthers", "Deferred"})
"""What a task may be for Outlook and not for iCalendar (RFC 5545, section 3.8.1.11)."""


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task ready to be saved. Attachments can be added only once it is saved."""

    item: Item
    attachments: tuple[FileAttachment, ...]
    losses: tuple[Loss, ...]


def to_task(task: Task, home: EWSTimeZone) -> NewTask:
    """The task of Exchange that stands for one; floating times are those of `home`."""
    losses = rest_of(task)
    clock = Clock(home)
    fields = {
        "subject": task.summary[:LONGEST_SUBJECT],
        "categories": list(task.categories),
        "start_date": _day("DTSTART", task.start, losses),
        "due_date": _due(task, losses),
        "recurrence": _recurrence(task, losses),
        uids.FIELD: task.uid,
        **_progress(task, clock, losses),
    }
    if task.reminder is not None:
        fields["reminder_due_by"] = clock.instant(task.reminder)
    item = Item(
        body=to_body(task.description, task.html, losses),
        sensitivity=SENSITIVITY[task.privacy],
        importance=IMPORTANCE[task.importance],
        reminder_is_set=task.reminder is not None,
        **{name: value for name, value in fields.items() if value},
    )
    return NewTask(item, attachments(task), tuple(losses))


def _day(name: str, moment: Moment | None, losses: list[Loss]) -> Any:
    """Exchange keeps the days of a task without their hours."""
    if moment is None:
        return None
    if isinstance(moment, datetime) and moment.time() != time():
        losses.append(Loss(name, moment.isoformat(" ", "minutes"), Difference.TASK_HOURS))
    return day(moment)


def _due(task: Task, losses: list[Loss]) -> Any:
    due = _day("DUE", task.due, losses)
    if due is not None and task.start is not None and due < day(task.start):
        losses.append(Loss("DUE", due.isoformat(), Difference.ENDS_BEFORE_START))
        return None
    return due


def _is_done(task: Task) -> bool:
    return task.status == "completed" or task.completed is not None or task.percent == 100


def _progress(task: Task, clock: Clock, losses: list[Loss]) -> dict[str, Any]:
    """Status, percentage and day of completion as Exchange keeps them together."""
    if _is_done(task):
        fields: dict[str, Any] = {"status": "Completed", "percent_complete": Decimal(100)}
        if task.completed is not None:
            done = clock.at(task.completed)
            if done.time() != time():
                told = task.completed.isoformat(" ", "minutes")
                losses.append(Loss("COMPLETED", told, Difference.TASK_COMPLETED))
            fields[task_properties.COMPLETED] = EWSDateTime(
                done.year, done.month, done.day, tzinfo=EWSTimeZone("UTC")
            )
        return fields
    status = _STATUS.get(task.status, "NotStarted")
    if task.status == "cancelled":
        losses.append(Loss("STATUS", "CANCELLED", Difference.NO_FIELD))
    if task.percent and status == "NotStarted":
        status = "InProgress"
    return {"status": status, "percent_complete": Decimal(task.percent)}


def _recurrence(task: Task, losses: list[Loss]) -> TaskRecurrence | None:
    """One series without gaps or nothing: a task has no occurrences to change or delete."""
    if not task.rule:
        return None
    anchor = task.start or task.due
    if anchor is not None and not _is_done(task):
        start = datetime.combine(day(anchor), time())
        zone = anchor.tzinfo if isinstance(anchor, datetime) else None
        held = hold(task.rule, start, zone)
        if len(held.series) == 1 and not held.singles and not held.series[0].gaps:
            (series,) = held.series
            return TaskRecurrence(
                pattern=series.pattern,
                start=day(series.first),
                number=series.number,
                end=None if series.until is None else day(series.until),
            )
    losses.append(Loss("RRULE", task.rule, Difference.TASK_SERIES))
    return None


def read_task_item(item: Item, home: ZoneInfo) -> Task:
    """The task that an item stands for, reminders in the zone `home`; attachments are read."""
    description, html = from_body(item)
    start, due = _plain(item.start_date), _plain(item.due_date)
    anchor = start or due
    reminder = item.reminder_due_by if item.reminder_is_set else None
    percent = int(item.percent_complete or 0)
    return Task(
        uid=getattr(item, uids.FIELD) or "",
        summary=item.subject or "",
        description=description,
        html=html,
        categories=tuple(item.categories or ()),
        privacy=event_reading.PRIVACY.get(item.sensitivity, ""),
        importance=event_reading.IMPORTANCE.get(item.importance, ""),
        start=start,
        due=due,
        completed=None if item.complete_date is None else _instant(item.complete_date, None),
        percent=percent,
        status=_READ_STATUS.get(item.status, ""),
        reminder=None if reminder is None else _instant(reminder, home),
        rule=rule_of(item.recurrence, anchor) if item.recurrence and anchor else "",
        files=read_files(item.attachments or ()),
    )


def _plain(value: date | None) -> date | None:
    return None if value is None else date(value.year, value.month, value.day)


def _instant(value: datetime, zone: ZoneInfo | None) -> datetime:
    plain = datetime.fromtimestamp(int(value.timestamp()), UTC)
    return plain if zone is None else plain.astimezone(zone)
