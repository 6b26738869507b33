"""Tasks ([MS-OXOTASK])."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum

from ..damage import Damaged
from ..messaging.message import Message
from ..messaging.tags import Tag
from .item import NamedQuestions, description
from .names import common
from .names import task as _named
from .recurrence import Recurrence, recurrence_pattern

_STATUS, _DONE_PART, _START, _DUE = map(_named, (0x8101, 0x8102, 0x8104, 0x8105))
_DONE_ON, _IS_DONE, _RECURRENCE, _OWNER = map(_named, (0x810F, 0x811C, 0x8116, 0x811F))
_REMINDER_SET, _REMINDER_AT, _PRIVATE = common(0x8503), common(0x8502), common(0x8506)


class TaskStatus(IntEnum):
    """PidLidTaskStatus."""

    NOT_STARTED = 0
    IN_PROGRESS = 1
    COMPLETE = 2
    WAITING = 3
    DEFERRED = 4


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do; days are the person's own, `reminder` is an instant in UTC."""

    subject: str
    description: str
    status: TaskStatus
    percent: int
    start: date | None
    due: date | None
    completed: date | None
    importance: int
    is_private: bool
    owner: str
    reminder: datetime | None
    categories: list[str]
    series: Recurrence | None
    problems: list[str]


def task(message: Message) -> Task:
    """The task that a message of class IPM.Task is; raises `Damaged`."""
    named = NamedQuestions(message)
    problems: list[str] = []
    told = named.integer(_STATUS) or 0
    status = TaskStatus(told) if told in tuple(TaskStatus) else TaskStatus.NOT_STARTED
    if named.flag(_IS_DONE):
        status = TaskStatus.COMPLETE
    part = min(max(named.real(_DONE_PART) or 0.0, 0.0), 1.0)
    importance = message.properties.integer(Tag.IMPORTANCE)
    return Task(
        subject=message.subject,
        description=description(message),
        status=status,
        percent=100 if status is TaskStatus.COMPLETE else round(100 * part),
        start=_day(named.time(_START)),
        due=_day(named.time(_DUE)),
        completed=_day(named.time(_DONE_ON)),
        importance=1 if importance is None else importance,
        is_private=named.flag(_PRIVATE),
        owner=named.text(_OWNER),
        reminder=named.time(_REMINDER_AT) if named.flag(_REMINDER_SET) else None,
        categories=message.categories,
        series=_series(named.binary(_RECURRENCE), problems),
        problems=problems,
    )


def _series(data: bytes, problems: list[str]) -> Recurrence | None:
    try:
        return recurrence_pattern(data) if data else None
    except Damaged as damage:
        problems.append(str(damage))
        return None


def _day(moment: datetime | None) -> date | None:
    """Tasks keep local days as midnight in UTC (2.2.2.2.4)."""
    return None if moment is None else moment.date()
