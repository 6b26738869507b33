"""Events and tasks, as iCalendar and Exchange both map to them; texts may be empty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ..content_lines import Line

Moment = date | datetime
"""A date is a whole day; a datetime without a zone is local time wherever one is (floating)."""


class Role(StrEnum):
    """What a person is invited as."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    RESOURCE = "resource"


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody invited, or the organiser. `answer` is PARTSTAT, empty where none is known."""

    address: str
    name: str = ""
    role: Role = Role.REQUIRED
    answer: str = ""


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file within an event or a task."""

    name: str
    content: bytes
    media: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What events and tasks have in common.

    `privacy` is private, confidential or empty; `importance` high, low or empty. `rule` is the
    value of RRULE. `rest` are properties that no field stands for, each shown as it is.
    """

    uid: str = ""
    summary: str = ""
    description: str = ""
    html: str = ""
    categories: tuple[str, ...] = ()
    privacy: str = ""
    importance: str = ""
    rule: str = ""
    files: tuple[AttachedFile, ...] = ()
    rest: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Entry):
    """An appointment or a series of them.

    `busy` is free, tentative, busy, oof or elsewhere. `reminder` is in minutes before the start.
    `added` and `left_out` are RDATE and EXDATE. `changed` are occurrences that differ, each with
    the moment it was to begin as its `original`; also where the series itself is not there.
    """

    start: Moment
    end: Moment
    location: str = ""
    busy: str = "busy"
    reminder: int | None = None
    organizer: Participant | None = None
    participants: tuple[Participant, ...] = ()
    added: tuple[Moment, ...] = ()
    left_out: tuple[Moment, ...] = ()
    changed: tuple[Event, ...] = ()
    original: Moment | None = None

    @property
    def all_day(self) -> bool:
        return not isinstance(self.start, datetime)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Entry):
    """Something to do. `percent` is 0 to 100; `status` is that of VTODO, in lower case."""

    start: Moment | None = None
    due: Moment | None = None
    completed: datetime | None = None
    percent: int = 0
    status: str = ""
    reminder: datetime | None = None
