"""Appointments of an Outlook file as events, series with every change of an occurrence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo

from ..convert.calendar.values import AttachedFile, Event, Moment, Participant, Role
from ..convert.calendar.write import write_event
from ..pst.damage import Damaged
from ..pst.messaging.message import Message
from ..pst.messaging.recipient import NOBODY, Person
from ..pst.organizer.appointment import Appointment, Attendee, DifferingOccurrence, appointment
from ..pst.organizer.recurrence import Recurrence
from .attached import files
from .plain import plain
from .series import Series, series_of
from .unplaced import Unplaced
from .zones import RuleZone, python_zone

_BUSY = ("free", "tentative", "busy", "oof", "elsewhere")
_ROLES = {2: Role.OPTIONAL, 3: Role.RESOURCE}
_ANSWERS = {2: "TENTATIVE", 3: "ACCEPTED", 4: "DECLINED"}
IMPORTANCE = {0: "low", 2: "high"}
_DAY = timedelta(days=1)
_BEGINNING = b"BEGIN:VEVENT\r\n"


def written_event(message: Message, uid: str, unplaced: Unplaced) -> bytes:
    """The event as a calendar; raises `Damaged` when nothing tells when it is.

    What no event can say is put into `unplaced`.
    """
    found = appointment(message)
    for problem in found.problems:
        unplaced.lost("VEVENT", problem)
    return calendar_of(found, uid, files(message, unplaced), unplaced)


def calendar_of(
    found: Appointment, uid: str, files: tuple[AttachedFile, ...], unplaced: Unplaced
) -> bytes:
    """The same of an appointment and its files."""
    event = plain(_Conversion(found, unplaced).event(uid, files))
    data = write_event(event)
    zone = event.start.tzinfo if isinstance(event.start, datetime) else None
    if isinstance(zone, RuleZone):
        # The library knows the zones of the world alone.
        data = data.replace(_BEGINNING, zone.definition() + _BEGINNING, 1)
    return data


@dataclass(slots=True)
class _Conversion:
    """An appointment on its way; `zone` is None where times are those of wherever one is."""

    found: Appointment
    unplaced: Unplaced
    zone: tzinfo | None = UTC

    def event(self, uid: str, files: tuple[AttachedFile, ...]) -> Event:
        """The whole of it."""
        found = self.found
        if found.start is None:
            raise Damaged("an appointment does not tell when it is")
        told = found.zone
        self.zone = python_zone(told, found.start) if told else UTC
        start, end = self._times(found.start, found.end or found.start)
        if found.series and not told and not found.all_day:
            # Files of before 2007 tell no zone: the series was where its owner was.
            self.zone = None
        series = self._series(found.series) if found.series else None
        event = Event(
            uid=uid,
            summary=found.subject,
            start=start,
            end=end,
            location=found.location,
            busy=_busy(found.busy),
            reminder=found.reminder_minutes,
            categories=tuple(found.categories),
            privacy="private" if found.is_private else "",
            importance=IMPORTANCE.get(found.importance, ""),
            organizer=self._organizer(),
            participants=self._participants(found.attendees),
            files=files,
        )
        if series is not None:
            event = self._repeated(event, series)
        return replace(event, description=self.unplaced.below(found.description))

    def _series(self, told: Recurrence) -> Series | None:
        try:
            return series_of(told, self.zone, all_day=self.found.all_day)
        except Damaged as damage:
            self.unplaced.lost("RRULE", str(damage))
            return None

    def _repeated(self, event: Event, series: Series) -> Event:
        start, end = self._span(series.first, series.first + series.length, self.found.all_day)
        event = replace(event, start=start, end=end, rule=series.rule)
        left_out = tuple(self._local(one, self.found.all_day) for one in series.deleted)
        changed = tuple(self._changed(event, one) for one in self.found.exceptions)
        return replace(event, left_out=left_out, changed=changed)

    def _changed(self, series: Event, differing: DifferingOccurrence) -> Event:
        """An occurrence: what the series says of it, and what its own appointment adds."""
        told, whole = differing.occurrence, differing.appointment
        all_day = self.found.all_day if told.all_day is None else told.all_day
        start, end = self._span(told.start, told.end, all_day)
        return replace(
            series,
            start=start,
            end=end,
            original=self._local(told.original_start, self.found.all_day),
            summary=series.summary if told.subject is None else told.subject,
            location=series.location if told.location is None else told.location,
            busy=series.busy if told.busy is None else _busy(told.busy),
            reminder=_reminder(series.reminder, told.reminder, told.reminder_minutes),
            description=(whole.description if whole else "") or self.found.description,
            categories=tuple(whole.categories if whole else ()) or series.categories,
            participants=(self._participants(whole.attendees) if whole else ())
            or series.participants,
            rule="",
            left_out=(),
            changed=(),
            files=(),
        )

    def _times(self, start: datetime, end: datetime) -> tuple[Moment, Moment]:
        """Of an appointment that does not repeat, whose times are instants."""
        if self.found.all_day:
            first, last = self._day(start), self._day(end)
            return first, max(last, first + _DAY)
        return self._at(start), self._at(max(start, end))

    def _at(self, instant: datetime) -> datetime:
        """In the zone where that has a name in the world; an instant needs no rules."""
        try:
            return instant.astimezone(UTC if isinstance(self.zone, RuleZone) else self.zone)
        except OverflowError:
            return instant

    def _day(self, instant: datetime) -> date:
        """The day whose midnight it is; files are an hour wrong when a law has changed since."""
        try:
            return (instant.astimezone(self.zone).replace(tzinfo=None) + _DAY / 2).date()
        except OverflowError:
            return instant.date()

    def _span(self, start: datetime, end: datetime, all_day: bool) -> tuple[Moment, Moment]:
        """Of an occurrence, whose times are those of a clock on the wall."""
        first = self._local(start, all_day)
        last = self._local(max(start, end), all_day)
        if all_day:
            last = max(last, first + _DAY)
        return first, last

    def _local(self, moment: datetime, all_day: bool) -> Moment:
        return moment.date() if all_day else moment.replace(tzinfo=self.zone)

    def _organizer(self) -> Participant | None:
        person = self.found.organizer
        if not self.found.is_meeting or person is None:
            return None
        return self._participant("ORGANIZER", person)

    def _participants(self, people: list[Attendee]) -> tuple[Participant, ...]:
        found: dict[str, Participant] = {}
        for one in people:
            person = self._participant("ATTENDEE", one.person)
            if person is not None:
                role, answer = _ROLES.get(one.kind, Role.REQUIRED), _ANSWERS.get(one.response, "")
                found.setdefault(person.address.lower(), replace(person, role=role, answer=answer))
        return tuple(found.values())

    def _participant(self, what: str, person: Person) -> Participant | None:
        if person.address:
            return Participant(person.address, person.name)
        if person != NOBODY:
            self.unplaced.kept(what, person.name)
        return None


def _busy(number: int) -> str:
    return _BUSY[number] if 0 <= number < len(_BUSY) else "busy"


def _reminder(of_series: int | None, is_set: bool | None, minutes: int | None) -> int | None:
    if is_set is False:
        return None
    return minutes if minutes is not None and (is_set or of_series is not None) else of_series
