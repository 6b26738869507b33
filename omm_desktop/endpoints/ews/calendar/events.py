"""Events to appointments of Exchange."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from exchangelib import Attendee, CalendarItem, EWSTimeZone, FileAttachment, Mailbox
from exchangelib.recurrence import Recurrence

from ...convert.calendar.values import Entry, Event, Moment, Participant, Role
from ...convert.content_lines import Line
from ...convert.loss import Loss
from ..differences import Difference
from .bodies import to_body
from .clock import Clock, day
from .event_properties import PROPERTIES
from .recurrence import Held, Series, hold

BUSY = {
    "free": "Free",
    "tentative": "Tentative",
    "busy": "Busy",
    "oof": "OOF",
    "elsewhere": "WorkingElsewhere",
}
SENSITIVITY = {"": "Normal", "private": "Private", "confidential": "Confidential"}
IMPORTANCE = {"": "Normal", "high": "High", "low": "Low"}
PEOPLE = {
    Role.REQUIRED: "required_attendees",
    Role.OPTIONAL: "optional_attendees",
    Role.RESOURCE: "resources",
}
OF_AN_OCCURRENCE = (
    *("subject", "body", "start", "end", "location", "is_all_day", "legacy_free_busy_status"),
    *("reminder_is_set", "reminder_minutes_before_start", *PEOPLE.values()),
)
"""What an occurrence can have otherwise than its series."""

_LONGEST = timedelta(days=5 * 365)
LONGEST_SUBJECT = 255


@dataclass(slots=True)
class Part:
    """One appointment or series, ready to be saved.

    `changed` are the numbers of occurrences, from 1, with the fields they get; `deleted` those
    that go. They are numbered with the deleted ones, so change first. Attachments can be added
    only once the item is saved. `organizer` are fields to be set last: what somebody else
    organises cannot be moved any more.
    """

    item: CalendarItem
    attachments: tuple[FileAttachment, ...] = ()
    changed: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    deleted: list[int] = field(default_factory=list)
    organizer: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event as Exchange holds it: in one part, in several where it has no such recurrence."""

    parts: tuple[Part, ...]
    losses: tuple[Loss, ...]


def to_items(event: Event, home: EWSTimeZone) -> NewEvent:
    """The appointments that stand for an event; floating times are those of `home`."""
    writing = _Writing(event, home)
    writing.write()
    return NewEvent(tuple(writing.parts), tuple(dict.fromkeys(writing.losses)))


class _Writing:
    """An event on its way into parts."""

    def __init__(self, event: Event, home: EWSTimeZone) -> None:
        self._event = event
        self._clock = Clock(home)
        self._clock.set_by(event.start, recurs=bool(event.rule))
        self._beyond: set[datetime] = set()
        self.parts: list[Part] = []
        self.losses: list[Loss] = [*self._clock.losses, *rest_of(event)]
        self._shown = [loss for loss in self.losses if loss.kept]
        self._changed = {self._meant(one.original or one.start): one for one in event.changed}
        self._left_out = {self._meant(moment) for moment in event.left_out} - set(self._changed)

    def _meant(self, moment: Moment) -> datetime:
        """The occurrence: some programs write times for whole days, or days for times."""
        start = self._event.start
        if not isinstance(start, datetime):
            return datetime.combine(day(moment), time())
        if not isinstance(moment, datetime):
            return datetime.combine(moment, self._clock.local(start).time())
        return self._clock.local(moment)

    def write(self) -> None:
        event, clock = self._event, self._clock
        start = clock.local(event.start)
        held = Held(singles=(start,))
        if event.rule:
            held = hold(event.rule, start, clock.zone)
            self._tell(held)
        for series in held.series:
            self._write_series(series)
        singles = dict.fromkeys((*held.singles, *map(clock.local, event.added)))
        known = {moment for one in held.series for moment in self._occurrences(one)}
        for moment in sorted(set(singles) - known):
            if moment not in self._left_out:
                self._write_single(moment)
        for added in event.added:
            self._tell_apart("RDATE", added, Difference.RECURRENCE_PARTS)
        for moment in sorted(self._changed):
            # A change of an occurrence that is none is an appointment of its own.
            self._write_alone(self._changed[moment])
            if moment not in self._beyond:
                self._tell_apart("RECURRENCE-ID", moment, Difference.RECURRENCE_PARTS)
        if not self.parts:
            self._add(event)
            self.losses.append(Loss("EXDATE", str(start), Difference.LAST_OCCURRENCE, kept=False))

    def _tell_apart(self, name: str, moment: Moment, rule: Difference) -> None:
        self.losses.append(Loss(name, str(moment), rule, kept=False))

    def _tell(self, held: Held) -> None:
        loss = None
        if held.lost:
            loss = Loss("RRULE", self._event.rule, Difference.RECURRENCE)
            self._shown.append(loss)
        elif len(held.series) + len(held.singles) > 1:
            loss = Loss("RRULE", self._event.rule, Difference.RECURRENCE_PARTS, kept=False)
        if loss is not None:
            self.losses.append(loss)

    def _occurrences(self, series: Series) -> list[datetime]:
        """All of a series that ends, else up to the one after the last that is of interest."""
        if series.until is not None or series.number is not None:
            return list(series.occurrences(datetime.max))
        moments = [*self._left_out, *self._changed, *map(self._clock.local, self._event.added)]
        last = max([*moments, *series.gaps, series.first])
        found: list[datetime] = []
        for moment in series.occurrences(datetime.max):
            found.append(moment)
            if moment > last:
                break
        return found

    def _write_series(self, series: Series) -> None:
        part = self._add(self._moved(series.first))
        part.item.recurrence = Recurrence(
            pattern=series.pattern,
            start=day(series.first),
            number=series.number,
            end=None if series.until is None else day(series.until),
        )
        every = self._occurrences(series)
        gaps = set(series.gaps)
        for number, moment in enumerate(every, start=1):
            if moment in gaps or moment in self._left_out:
                part.deleted.append(number)
            elif (changed := self._changed.get(moment)) is not None:
                self._change(part, number, every, changed)
        ends = series.until is not None or series.number is not None
        if ends and len(part.deleted) == len(every):
            # Without any occurrence Exchange would delete the series itself.
            part.deleted.pop()
            last = str(every[-1])
            self.losses.append(Loss("EXDATE", last, Difference.LAST_OCCURRENCE, kept=False))

    def _change(self, part: Part, number: int, every: list[datetime], changed: Event) -> None:
        start = self._clock.local(changed.start)
        before = every[number - 2].date() if number > 1 else date.min
        after = every[number].date() if number < len(every) else date.max
        if not before < start.date() < after:
            self._tell_apart("RECURRENCE-ID", start, Difference.OCCURRENCE_MOVED)
            self._beyond.add(every[number - 1])
            part.deleted.append(number)
            return
        self._changed.pop(every[number - 1])
        losses = [*rest_of(changed), *self._otherwise(changed)]
        self.losses += losses
        fields = self._fields(changed, losses)
        same = {name: getattr(part.item, name) for name in OF_AN_OCCURRENCE}
        different = {
            name: fields.get(name)
            for name in OF_AN_OCCURRENCE
            if (fields.get(name) or None) != (same[name] or None) or name in ("start", "end")
        }
        part.changed.append((number, different))

    def _otherwise(self, changed: Event) -> list[Loss]:
        """What an occurrence has otherwise than its series, and Exchange only has of the series."""
        names = {"categories": "CATEGORIES", "privacy": "CLASS", "importance": "PRIORITY"}
        found = []
        for name, shown in names.items():
            value = getattr(changed, name)
            if value and value != getattr(self._event, name):
                text = value if isinstance(value, str) else ", ".join(value)
                found.append(Loss(shown, text, Difference.OCCURRENCE_FIELD))
        files = (file for file in changed.files if file not in self._event.files)
        return found + [
            Loss("ATTACH", file.name, Difference.OCCURRENCE_FIELD, kept=False) for file in files
        ]

    def _write_single(self, moment: datetime) -> None:
        changed = self._changed.pop(moment, None)
        if changed is None:
            self._add(self._moved(moment))
        else:
            self._write_alone(changed)

    def _write_alone(self, changed: Event) -> None:
        losses = rest_of(changed)
        self.losses += losses
        self._add(replace(changed, uid=self._event.uid), losses)

    def _moved(self, moment: datetime) -> Event:
        """The event where its occurrence of that moment is."""
        event, local = self._event, self._clock.local
        if moment == local(event.start):
            return event
        length = local(event.end) - local(event.start)
        if event.all_day:
            return replace(event, start=moment.date(), end=(moment + length).date())
        start = self._clock.at(moment)
        return replace(event, start=start, end=self._clock.at(moment + length))

    def _add(self, event: Event, losses: list[Loss] | None = None) -> Part:
        """A part with the UID of the event, all after the first with a number behind it."""
        uid = event.uid if not self.parts or not event.uid else f"{event.uid}-{len(self.parts) + 1}"
        fields = self._fields(event, self._shown if losses is None else losses)
        item = CalendarItem(
            uid=uid or None,
            categories=list(event.categories) or None,
            sensitivity=SENSITIVITY[event.privacy],
            importance=IMPORTANCE[event.importance],
            _start_timezone=self._clock.zone,
            _end_timezone=self._clock.zone,
            **fields,
        )
        part = Part(item, attachments(event), organizer=_organizer(event.organizer))
        self.parts.append(part)
        return part

    def _fields(self, event: Event, losses: Iterable[Loss]) -> dict[str, Any]:
        """The fields that occurrences have of their own."""
        people: dict[str, list[Attendee]] = {}
        for person in event.participants:
            people.setdefault(PEOPLE[person.role], []).append(_attendee(person))
        start, end = self._times(event)
        return {
            "subject": event.summary[:LONGEST_SUBJECT] or None,
            "body": to_body(event.description, event.html, losses),
            "start": start,
            "end": end,
            "is_all_day": event.all_day,
            "location": event.location or None,
            "legacy_free_busy_status": BUSY[event.busy],
            "reminder_is_set": event.reminder is not None,
            "reminder_minutes_before_start": event.reminder or 0,
            **people,
        }

    def _times(self, event: Event) -> tuple[Any, Any]:
        """Start and end; of whole days exchangelib wants the last one."""
        start, end = event.start, self._lawful_end(event)
        if isinstance(start, datetime) and isinstance(end, datetime):
            return self._clock.instant(start), self._clock.instant(end)
        last = max(day(start), day(end - timedelta(days=1)))
        return day(start), last

    def _lawful_end(self, event: Event) -> Moment:
        length = self._instant(event.end) - self._instant(event.start)
        if length < timedelta():
            self._lose_end(event.end, Difference.ENDS_BEFORE_START)
            return event.start
        if length > _LONGEST:
            self._lose_end(event.end, Difference.TOO_LONG)
            return event.start + _LONGEST
        return event.end

    def _instant(self, moment: Moment) -> datetime:
        return self._clock.at(_timed(moment)).astimezone(UTC)

    def _lose_end(self, end: Moment, rule: Difference) -> None:
        self.losses.append(Loss("DTEND", str(end), rule, kept=False))


def _timed(moment: Moment) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time())


def rest_of(entry: Entry) -> list[Loss]:
    """What of an event or a task no field stands for."""
    lost = [Loss(line.name, shown(line), Difference.NO_FIELD) for line in entry.rest]
    if len(entry.summary) > LONGEST_SUBJECT:
        lost.append(Loss("SUMMARY", entry.summary, Difference.LONG_SUBJECT))
    if isinstance(entry, Event):
        lost += [
            Loss("ATTENDEE", f"{one.name or one.address}: {one.answer}", Difference.ANSWERS)
            for one in entry.participants
            if one.answer
        ]
    return lost


def shown(line: Line) -> str:
    return " ".join(line.text.split())


def attachments(entry: Entry) -> tuple[FileAttachment, ...]:
    """The files of an event or a task."""
    return tuple(
        FileAttachment(name=one.name, content=one.content, content_type=one.media or None)
        for one in entry.files
    )


def _attendee(person: Participant) -> Attendee:
    mailbox = Mailbox(name=person.name or None, email_address=person.address, routing_type="SMTP")
    return Attendee(mailbox=mailbox, response_type="Unknown")


def _organizer(person: Participant | None) -> dict[str, str]:
    if person is None:
        return {}
    values = (person.name or person.address, "SMTP", person.address, person.address)
    return dict(zip(PROPERTIES, values, strict=True))
