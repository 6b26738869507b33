"""How an appointment or task repeats: the recurrence blob ([MS-OXOCAL] 2.2.1.44)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import IntEnum, IntFlag

from ..damage import Damaged
from .blob import Blob

_EPOCH = datetime(1601, 1, 1)
_MOST_DATES = 10_000
_READER_VERSION = 0x3004
_ENDS_BY_DATE, _ENDS_BY_COUNT = 0x2021, 0x2022
_MINUTES_OF_DAY = 1440
_DAY_LETTERS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_WITH_HIGHLIGHT = 0x3009


class Frequency(IntEnum):
    """RecurFrequency."""

    DAILY = 0x200A
    WEEKLY = 0x200B
    MONTHLY = 0x200C
    YEARLY = 0x200D


class Pattern(IntEnum):
    """PatternType; those of the Hijri calendar are 8 more."""

    DAY = 0
    WEEK = 1
    MONTH = 2
    MONTH_NTH = 3
    MONTH_END = 4
    HIJRI_MONTH = 0xA
    HIJRI_MONTH_NTH = 0xB
    HIJRI_MONTH_END = 0xC


class Changed(IntFlag):
    """OverrideFlags: what of an exception differs."""

    SUBJECT = 0x1
    MEETING_TYPE = 0x2
    REMINDER_DELTA = 0x4
    REMINDER = 0x8
    LOCATION = 0x10
    BUSY = 0x20
    ATTACHMENT = 0x40
    SUBTYPE = 0x80
    COLOUR = 0x100
    BODY = 0x200


@dataclass(slots=True)
class ChangedOccurrence:
    """An occurrence that is not like the others; times are local to the series.

    What is None is as in the series. `reminder_minutes` is before the start.
    """

    start: datetime
    end: datetime
    original_start: datetime
    changed: Changed
    subject: str | None = None
    location: str | None = None
    reminder: bool | None = None
    reminder_minutes: int | None = None
    busy: int | None = None
    all_day: bool | None = None


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A series. All dates and times are local to its time zone, without one.

    `interval` counts days, weeks, months or years; `weekdays` are 0 for Sunday to 6; `day` is a
    day of the month, 31 its last; `nth` is 1 to 4, and 5 for the last. `removed` are the days
    of occurrences that are gone or changed; `start_offset` and `end_offset` are from midnight.
    """

    frequency: Frequency
    pattern: Pattern
    interval: int
    weekdays: tuple[int, ...]
    day: int
    nth: int
    first_weekday: int
    count: int | None
    first_day: datetime
    last_day: datetime | None
    removed: list[datetime]
    start_offset: timedelta = timedelta(0)
    end_offset: timedelta = timedelta(0)
    changed: Sequence[ChangedOccurrence] = field(default_factory=tuple)

    @property
    def is_hijri(self) -> bool:
        """Whether it counts months of the Hijri calendar, which RFC 5545 cannot say."""
        return self.pattern >= Pattern.HIJRI_MONTH

    @property
    def deleted(self) -> list[datetime]:
        """The starts of occurrences that are gone and not merely changed."""
        moved = {occurrence.original_start.date() for occurrence in self.changed}
        return [day + self.start_offset for day in self.removed if day.date() not in moved]


def recurrence_pattern(data: bytes) -> Recurrence:
    """A RecurrencePattern alone (2.2.1.44.1), as tasks have it; raises `Damaged`."""
    return _pattern(Blob(data))


def appointment_recurrence(data: bytes, codec: str) -> Recurrence:
    """An AppointmentRecurrencePattern (2.2.1.44.5); `codec` is that of its 8-bit strings.

    Raises `Damaged`.
    """
    blob = Blob(data)
    series = _pattern(blob)
    _, writer_version = blob.longs(2)
    start, end = blob.longs(2)
    changed = [_changed(blob, codec) for _ in range(blob.short())]
    blob.skip(blob.long())
    for occurrence in changed:
        _extend(occurrence, blob, writer_version)
    return replace(
        series,
        start_offset=timedelta(minutes=start),
        end_offset=timedelta(minutes=end),
        changed=changed,
    )


def _pattern(blob: Blob) -> Recurrence:
    reader, _, frequency, pattern, _ = blob.shorts(5)
    _, period, _ = blob.longs(3)
    if (
        reader != _READER_VERSION
        or frequency not in tuple(Frequency)
        or pattern not in tuple(Pattern)
    ):
        raise Damaged("a recurrence is of an unknown kind")
    weekdays, day, nth = _specifics(blob, Pattern(pattern))
    end_type, count, first_weekday = blob.longs(3)
    removed = [moment(minutes) for minutes in blob.long_list(_MOST_DATES)]
    # The days that changed occurrences were moved to, which these tell themselves.
    blob.long_list(_MOST_DATES)
    first_day, last_day = blob.longs(2)
    return Recurrence(
        Frequency(frequency),
        Pattern(pattern),
        _interval(Frequency(frequency), Pattern(pattern), period),
        weekdays,
        day,
        nth,
        first_weekday % 7,
        count if end_type == _ENDS_BY_COUNT else None,
        moment(first_day),
        moment(last_day) if end_type in (_ENDS_BY_DATE, _ENDS_BY_COUNT) else None,
        removed,
    )


def _specifics(blob: Blob, pattern: Pattern) -> tuple[tuple[int, ...], int, int]:
    """PatternTypeSpecific: weekdays, day of the month and which of them in the month."""
    if pattern is Pattern.DAY:
        return (), 0, 0
    first = blob.long()
    if pattern is Pattern.WEEK:
        return _weekdays(first), 0, 0
    if pattern in (Pattern.MONTH_NTH, Pattern.HIJRI_MONTH_NTH):
        return _weekdays(first), 0, blob.long()
    return (), min(max(first, 1), 31), 0


def _weekdays(mask: int) -> tuple[int, ...]:
    return tuple(day for day in range(7) if mask >> day & 1)


def _interval(frequency: Frequency, pattern: Pattern, period: int) -> int:
    if pattern is Pattern.DAY:
        period //= _MINUTES_OF_DAY
    elif frequency is Frequency.YEARLY:
        period //= 12
    return max(period, 1)


def _changed(blob: Blob, codec: str) -> ChangedOccurrence:
    """An ExceptionInfo (2.2.1.44.2)."""
    start, end, original = blob.longs(3)
    flags = Changed(blob.short())
    found = ChangedOccurrence(moment(start), moment(end), moment(original), flags)
    if Changed.SUBJECT in flags:
        found.subject = _short_text(blob, codec)
    if Changed.MEETING_TYPE in flags:
        blob.long()
    if Changed.REMINDER_DELTA in flags:
        found.reminder_minutes = blob.long()
    if Changed.REMINDER in flags:
        found.reminder = bool(blob.long())
    if Changed.LOCATION in flags:
        found.location = _short_text(blob, codec)
    if Changed.BUSY in flags:
        found.busy = blob.long()
    if Changed.ATTACHMENT in flags:
        blob.long()
    if Changed.SUBTYPE in flags:
        found.all_day = bool(blob.long())
    if Changed.COLOUR in flags:
        blob.long()
    return found


def _short_text(blob: Blob, codec: str) -> str:
    _, length = blob.shorts(2)
    return blob.take(length).decode(codec, "replace")


def _extend(found: ChangedOccurrence, blob: Blob, writer_version: int) -> None:
    """An ExtendedException (2.2.1.44.4), which has the texts in Unicode."""
    if writer_version >= _WITH_HIGHLIGHT:
        blob.skip(blob.long())
    blob.skip(blob.long())
    texts = found.changed & (Changed.SUBJECT | Changed.LOCATION)
    if not texts:
        return
    blob.longs(3)
    if Changed.SUBJECT in texts:
        found.subject = blob.take(2 * blob.short()).decode("utf-16-le", "replace")
    if Changed.LOCATION in texts:
        found.location = blob.take(2 * blob.short()).decode("utf-16-le", "replace")
    blob.skip(blob.long())


def moment(minutes: int) -> datetime:
    """Minutes after 1601 as a local time; raises `Damaged` past the year 9999."""
    try:
        return _EPOCH + timedelta(minutes=minutes)
    except OverflowError as error:
        raise Damaged("a recurrence holds a date that is none") from error


def rule(series: Recurrence) -> str:
    """The recurrence rule of RFC 5545 3.3.10, with a local UNTIL; empty for the Hijri calendar."""
    if series.is_hijri:
        return ""
    days = [_DAY_LETTERS[day] for day in series.weekdays]
    parts = [f"FREQ={_frequency(series).name}"]
    if series.interval > 1:
        parts.append(f"INTERVAL={series.interval}")
    if series.pattern in (Pattern.WEEK, Pattern.MONTH_NTH):
        parts.append(f"BYDAY={','.join(days)}")
    if series.frequency is Frequency.YEARLY and series.pattern is not Pattern.DAY:
        parts.append(f"BYMONTH={series.first_day.month}")
    if series.pattern is Pattern.MONTH_NTH:
        parts.append(f"BYSETPOS={-1 if series.nth >= 5 else series.nth}")
    if series.pattern in (Pattern.MONTH, Pattern.MONTH_END):
        month = series.first_day.month if series.frequency is Frequency.YEARLY else None
        parts += _days_of_month(series.day, month)
    if series.pattern is Pattern.WEEK and series.interval > 1:
        parts.append(f"WKST={_DAY_LETTERS[series.first_weekday]}")
    if series.count is not None:
        parts.append(f"COUNT={series.count}")
    elif series.last_day is not None:
        parts.append(f"UNTIL={series.last_day + series.start_offset:%Y%m%dT%H%M%S}")
    return ";".join(parts)


def _days_of_month(day: int, month: int | None) -> list[str]:
    """Outlook takes the last day of months that are too short, where RFC 5545 leaves them out.

    `month` is the only one in which it repeats, if there is one.
    """
    shortest = _MONTH_LENGTHS[month - 1] if month else min(_MONTH_LENGTHS)
    if day <= shortest:
        return [f"BYMONTHDAY={day}"]
    if day >= 31:
        return ["BYMONTHDAY=-1"]
    return [f"BYMONTHDAY={','.join(map(str, range(28, day + 1)))}", "BYSETPOS=-1"]


def _frequency(series: Recurrence) -> Frequency:
    """Every weekday is called daily by Outlook, though it repeats each week."""
    return Frequency.WEEKLY if series.pattern is Pattern.WEEK else series.frequency
