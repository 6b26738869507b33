"""Appointments of Exchange to events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from exchangelib import CalendarItem, FileAttachment
from exchangelib.recurrence import EndDatePattern, NumberedPattern, Recurrence

from ...convert.calendar.moments import read_duration
from ...convert.calendar.values import AttachedFile, Event, Moment, Participant, Role
from . import events, tolerant_dates
from .bodies import from_body
from .patterns import as_rule

tolerant_dates.put_in_place()

FIELDS = (
    *("uid", "start", "end", "duration", "is_all_day", "subject", "body", "text_body", "location"),
    *("legacy_free_busy_status", "reminder_is_set", "reminder_minutes_before_start", "categories"),
    *("sensitivity", "importance", "organizer", "recurrence", "modified_occurrences"),
    *("deleted_occurrences", "attachments", "original_start", "recurrence_id", "_start_timezone"),
    *("_end_timezone", *events.PEOPLE.values()),
)
"""What has to be asked for to read an appointment."""

_BUSY = {held: busy for busy, held in events.BUSY.items()}
PRIVACY = {"Private": "private", "Personal": "private", "Confidential": "confidential"}
IMPORTANCE = {"High": "high", "Low": "low"}
_ANSWERS = {"Accept": "ACCEPTED", "Tentative": "TENTATIVE", "Decline": "DECLINED"}


def to_event(item: CalendarItem, changed: Sequence[CalendarItem], owner: str) -> Event:
    """The event of an appointment, or of a series with its changed occurrences.

    `owner` is the address of the mailbox: an appointment of its own without guests needs no
    organiser. Attachments are read from the server.
    """
    zone = zone_of(item)
    start, end = _times(item, zone)
    description, html = from_body(item)
    participants = tuple(_participants(item))
    return Event(
        uid=item.uid or "",
        summary=item.subject or "",
        description=description,
        html=html,
        start=start,
        end=end,
        location=item.location or "",
        busy=_BUSY.get(item.legacy_free_busy_status, "busy"),
        reminder=item.reminder_minutes_before_start if item.reminder_is_set else None,
        categories=tuple(item.categories or ()),
        privacy=PRIVACY.get(item.sensitivity, ""),
        importance=IMPORTANCE.get(item.importance, ""),
        organizer=_organizer(item, owner, invited=bool(participants)),
        participants=participants,
        files=read_files(item.attachments or ()),
        rule=rule_of(item.recurrence, start) if item.recurrence else "",
        left_out=tuple(_left_out(item, zone, whole_days=item.is_all_day)),
        changed=tuple(_occurrence(one, item, zone, owner) for one in changed),
    )


def rule_of(recurrence: Recurrence, start: Moment) -> str:
    """The RRULE of a recurrence; its end is a moment in UTC where occurrences have an hour."""
    frequency, *rest = as_rule(recurrence.pattern).split(";")
    boundary = recurrence.boundary
    if isinstance(boundary, NumberedPattern):
        rest.insert(0, f"COUNT={boundary.number}")
    elif isinstance(boundary, EndDatePattern) and boundary.end is not None:
        rest.insert(0, f"UNTIL={_until(_date(boundary.end), start)}")
    return ";".join([frequency, *rest])


def _until(end: date, start: Moment) -> str:
    if not isinstance(start, datetime):
        return f"{end:%Y%m%d}"
    last = datetime.combine(end, start.time(), start.tzinfo)
    return f"{last.astimezone(UTC):%Y%m%dT%H%M%SZ}" if last.tzinfo else f"{last:%Y%m%dT%H%M%S}"


def zone_of(item: CalendarItem) -> ZoneInfo:
    """The zone that an appointment keeps its hours in."""
    zone = item._start_timezone
    return ZoneInfo(zone.key) if zone is not None else ZoneInfo("UTC")


def _times(item: CalendarItem, zone: ZoneInfo) -> tuple[Moment, Moment]:
    if not item.is_all_day:
        return _moment(item.start, zone), _moment(item.end, zone)
    first = _date(item.start)
    length = read_duration(item.duration or "")
    if length is None:
        return first, max(first, _date(item.end)) + timedelta(days=1)
    # exchangelib gives a last day that is one too early where clocks go forward on it.
    end = datetime.combine(first, time(), zone).astimezone(UTC) + length
    return first, (end.astimezone(zone) + timedelta(hours=12)).date()


def _date(value: date) -> date:
    return date(value.year, value.month, value.day)


def _moment(value: datetime, zone: ZoneInfo) -> datetime:
    """A plain datetime: those of exchangelib do not compare well with others."""
    plain = datetime.fromtimestamp(int(value.timestamp()), UTC)
    return plain if zone.key == "UTC" else plain.astimezone(zone)


def _participants(item: CalendarItem) -> Iterable[Participant]:
    for role in Role:
        for attendee in getattr(item, events.PEOPLE[role]) or ():
            address = attendee.mailbox.email_address or ""
            name = attendee.mailbox.name or ""
            answer = _ANSWERS.get(attendee.response_type, "")
            yield Participant(address, "" if name == address else name, role, answer)


def _organizer(item: CalendarItem, owner: str, *, invited: bool) -> Participant | None:
    mailbox = item.organizer
    if mailbox is None or not mailbox.email_address:
        return None
    if not invited and mailbox.email_address.lower() == owner.lower():
        return None
    name = mailbox.name or ""
    return Participant(mailbox.email_address, "" if name == mailbox.email_address else name)


def read_files(attachments: Iterable[Any]) -> tuple[AttachedFile, ...]:
    """The files attached to an item; items within items are none."""
    return tuple(
        AttachedFile(one.name or "", one.content or b"", one.content_type or "")
        for one in attachments
        if isinstance(one, FileAttachment)
    )


def _left_out(item: CalendarItem, zone: ZoneInfo, *, whole_days: bool) -> Iterable[Moment]:
    for one in item.deleted_occurrences or ():
        if one.start is not None:
            moment = _moment(one.start, zone)
            yield moment.date() if whole_days else moment


def _occurrence(item: CalendarItem, series: CalendarItem, zone: ZoneInfo, owner: str) -> Event:
    """A changed occurrence; `series` tells whether its original was a whole day."""
    original = item.original_start or item.recurrence_id
    moment: Moment | None = None
    if original is not None:
        moment = _moment(original, zone)
        moment = moment.date() if series.is_all_day else moment
    return replace(to_event(item, (), owner), original=moment, rule="", uid=series.uid or "")
