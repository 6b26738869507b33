"""Appointments and meetings ([MS-OXOCAL])."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..damage import Damaged
from ..ltp.named_properties import PropertyName
from ..messaging.attachment import Attachment, AttachMethod
from ..messaging.message import Message
from ..messaging.recipient import NOBODY, Person
from ..messaging.tags import Tag
from .item import NamedQuestions, description
from .names import appointment as _named
from .names import common, meeting
from .recurrence import ChangedOccurrence, Recurrence, appointment_recurrence
from .time_zone import TimeZone, zone_of_definition, zone_of_struct

_START, _END = _named(0x820D), _named(0x820E)
_COMMON_START, _COMMON_END = common(0x8516), common(0x8517)
_LOCATION, _BUSY, _ALL_DAY = _named(0x8208), _named(0x8205), _named(0x8215)
_STATE, _RESPONSE = _named(0x8217), _named(0x8218)
_RECURRENCE = _named(0x8216)
_ZONE_STRUCT, _ZONE_NAME = _named(0x8233), _named(0x8234)
_ZONE_OF_SERIES, _ZONE_OF_START, _ZONE_OF_END = _named(0x8260), _named(0x825E), _named(0x825F)
_REMINDER_SET, _REMINDER_MINUTES, _PRIVATE = common(0x8503), common(0x8501), common(0x8506)
_GLOBAL_ID, _CLEAN_GLOBAL_ID = meeting(0x0003), meeting(0x0023)
_SEQUENCE = _named(0x8201)
_EXCEPTION_CLASS = "ipm.ole.class.{00061055-0000-0000-c000-000000000046}"
_FOREIGN_ID = b"vCal-Uid\x01\0\0\0"
_ID_HEAD = bytes.fromhex("040000008200e00074c5b7101a82e008")
_MEETING, _CANCELLED = 0x1, 0x4
_NO_REMINDER = 0x5AE980E1


@dataclass(frozen=True, slots=True)
class Attendee:
    """Someone invited. `kind` is 1 required, 2 optional, 3 a resource; `response` as Outlook's.

    Responses are 0 none, 2 tentative, 3 accepted, 4 declined, 5 not yet.
    """

    person: Person
    kind: int
    response: int


@dataclass(frozen=True, slots=True)
class DifferingOccurrence:
    """An occurrence that differs: what the series says of it, and the whole of it where kept."""

    occurrence: ChangedOccurrence
    appointment: Appointment | None


@dataclass(frozen=True, slots=True)
class Appointment:
    """An appointment, or a series of them; `start` and `end` are instants in UTC.

    `busy` is 0 free, 1 tentative, 2 busy, 3 away, 4 elsewhere. `zone` is where it was made.
    `problems` are parts that could not be read; the rest stands.
    """

    uid: str
    subject: str
    location: str
    description: str
    start: datetime | None
    end: datetime | None
    all_day: bool
    busy: int
    is_meeting: bool
    is_cancelled: bool
    is_private: bool
    importance: int
    sequence: int
    response: int
    reminder_minutes: int | None
    categories: list[str]
    organizer: Person | None
    attendees: list[Attendee]
    zone: TimeZone | None
    end_zone: TimeZone | None
    series: Recurrence | None
    exceptions: list[DifferingOccurrence]
    problems: list[str]


def appointment(message: Message) -> Appointment:
    """The appointment that a message of class IPM.Appointment is; raises `Damaged`."""
    return _Reader(message).appointment(whole=True)


class _Reader:
    def __init__(self, message: Message) -> None:
        self._message = message
        self._named = NamedQuestions(message)
        self._problems: list[str] = []

    def appointment(self, *, whole: bool) -> Appointment:
        named, properties = self._named, self._message.properties
        state = named.integer(_STATE) or 0
        series = self._series() if whole else None
        sensitivity = properties.integer(Tag.SENSITIVITY) or 0
        importance = properties.integer(Tag.IMPORTANCE)
        attendees = self._attendees()
        return Appointment(
            uid=uid_of(self._message),
            subject=self._message.subject,
            location=named.text(_LOCATION),
            description=description(self._message),
            start=named.time(_START) or named.time(_COMMON_START),
            end=named.time(_END) or named.time(_COMMON_END),
            all_day=named.flag(_ALL_DAY),
            busy=2 if (busy := named.integer(_BUSY)) is None else busy,
            is_meeting=bool(state & _MEETING) or bool(attendees),
            is_cancelled=bool(state & _CANCELLED),
            is_private=named.flag(_PRIVATE) or sensitivity == 2,
            importance=1 if importance is None else importance,
            sequence=named.integer(_SEQUENCE) or 0,
            response=named.integer(_RESPONSE) or 0,
            reminder_minutes=self._reminder(),
            categories=self._message.categories,
            organizer=self._organizer(),
            attendees=attendees,
            zone=self._zone(series is not None),
            end_zone=self._defined_zone(_ZONE_OF_END),
            series=series,
            exceptions=self._exceptions(series) if series else [],
            problems=self._problems,
        )

    def _series(self) -> Recurrence | None:
        data = self._named.binary(_RECURRENCE)
        if not data:
            return None
        try:
            return appointment_recurrence(data, self._message.charset.codec)
        except Damaged as damage:
            self._problems.append(str(damage))
            return None

    def _exceptions(self, series: Recurrence) -> list[DifferingOccurrence]:
        whole: dict[datetime, Appointment] = {}
        for attachment in self._message.attachments():
            if isinstance(attachment, Damaged):
                self._problems.append(str(attachment))
            elif attachment.method == AttachMethod.EMBEDDED_MESSAGE:
                self._take_exception(attachment, whole)
        return [
            DifferingOccurrence(occurrence, whole.get(occurrence.start))
            for occurrence in series.changed
        ]

    def _take_exception(self, attachment: Attachment, whole: dict[datetime, Appointment]) -> None:
        """Keep an embedded appointment by its local start, which the series tells as well."""
        try:
            message = self._message.embedded(attachment)
            if message.message_class.lower() != _EXCEPTION_CLASS:
                return
            found = _Reader(message).appointment(whole=False)
            start = attachment.properties.time(Tag.EXCEPTION_START_TIME)
        except Damaged as damage:
            self._problems.append(str(damage))
            return
        if start is not None:
            whole[start.replace(tzinfo=None)] = found

    def _zone(self, is_series: bool) -> TimeZone | None:
        names = (
            (_ZONE_OF_SERIES, _ZONE_OF_START) if is_series else (_ZONE_OF_START, _ZONE_OF_SERIES)
        )
        for name in names:
            if zone := self._defined_zone(name):
                return zone
        data = self._named.binary(_ZONE_STRUCT)
        try:
            return zone_of_struct(data, self._named.text(_ZONE_NAME)) if data else None
        except Damaged as damage:
            self._problems.append(str(damage))
            return None

    def _defined_zone(self, name: PropertyName) -> TimeZone | None:
        data = self._named.binary(name)
        try:
            return zone_of_definition(data) if data else None
        except Damaged as damage:
            self._problems.append(str(damage))
            return None

    def _reminder(self) -> int | None:
        minutes = self._named.integer(_REMINDER_MINUTES)
        if not self._named.flag(_REMINDER_SET) or minutes is None:
            return None
        # "The default", which is a quarter of an hour (2.2.1.4 of [MS-OXORMDR]).
        return 15 if minutes == _NO_REMINDER else max(minutes, 0)

    def _organizer(self) -> Person | None:
        for person in (self._message.author, self._message.sender):
            if person != NOBODY:
                return person
        return None

    def _attendees(self) -> list[Attendee]:
        found: list[Attendee] = []
        for row in self._message.recipients():
            if isinstance(row, Damaged):
                self._problems.append(str(row))
            elif not row.is_organizer and row.person != NOBODY:
                found.append(Attendee(row.person, row.kind, row.response))
        return found


def uid_of(message: Message) -> str:
    """The UID of RFC 5545 of an appointment ([MS-OXCICAL] 2.1.3.1.1.20.26), empty without one.

    One made elsewhere is wrapped and is unwrapped; the date of an occurrence is taken out.
    """
    named = NamedQuestions(message)
    global_id = named.binary(_CLEAN_GLOBAL_ID) or named.binary(_GLOBAL_ID)
    if not global_id:
        return ""
    if global_id.startswith(_ID_HEAD) and len(global_id) >= 40:
        foreign = global_id[40:]
        if foreign.startswith(_FOREIGN_ID):
            return foreign[len(_FOREIGN_ID) :].split(b"\0", 1)[0].decode("utf-8", "replace")
        global_id = global_id[:16] + bytes(4) + global_id[20:]
    return global_id.hex().upper()
