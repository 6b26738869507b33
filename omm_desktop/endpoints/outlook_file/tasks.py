"""Tasks of an Outlook file as tasks of iCalendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from ..convert.calendar.values import AttachedFile, Task
from ..convert.calendar.write import write_task
from ..pst.damage import Damaged
from ..pst.messaging.message import Message
from ..pst.organizer.task import Task as Found
from ..pst.organizer.task import TaskStatus, task
from .attached import files
from .events import IMPORTANCE
from .plain import plain
from .series import Series, series_of
from .unplaced import Unplaced

_STATES = {
    TaskStatus.NOT_STARTED: "needs-action",
    TaskStatus.IN_PROGRESS: "in-process",
    TaskStatus.COMPLETE: "completed",
    TaskStatus.WAITING: "in-process",
    TaskStatus.DEFERRED: "needs-action",
}


def written_task(message: Message, uid: str, unplaced: Unplaced) -> bytes:
    """The task as a calendar; what no task can say is put into `unplaced`."""
    found = task(message)
    for problem in found.problems:
        unplaced.lost("VTODO", problem)
    return write_task(plain(_task(found, uid, files(message, unplaced), unplaced)))


def _task(found: Found, uid: str, files: tuple[AttachedFile, ...], unplaced: Unplaced) -> Task:
    """ICalendar knows no waiting and no deferred tasks, which are kept as text."""
    if found.status in (TaskStatus.WAITING, TaskStatus.DEFERRED):
        unplaced.kept("STATUS", found.status.name)
    series = _series(found, unplaced)
    start = found.start
    if series is not None and start is None:
        start = found.due or series.first.date()
    return Task(
        uid=uid,
        summary=found.subject,
        description=unplaced.below(found.description),
        categories=tuple(found.categories),
        privacy="private" if found.is_private else "",
        importance=IMPORTANCE.get(found.importance, ""),
        rule=series.rule if series else "",
        files=files,
        start=start,
        due=found.due,
        completed=_completed(found.completed),
        percent=found.percent,
        status=_STATES[found.status],
        reminder=found.reminder,
    )


def _series(found: Found, unplaced: Unplaced) -> Series | None:
    if found.series is None:
        return None
    try:
        return series_of(found.series, None, all_day=True)
    except Damaged as damage:
        unplaced.lost("RRULE", str(damage))
        return None


def _completed(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), UTC)
