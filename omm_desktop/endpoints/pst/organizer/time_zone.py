"""Time zones as appointments keep them ([MS-OXOCAL] 2.2.1.39 and 2.2.1.41)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from ..damage import Damaged
from .blob import Blob

_DEFINITION_VERSION = (2, 1)
_MOST_RULES = 1024
_IN_RECURRENCE = 1
_STRUCT_SIZE = 48
_MINUTES_OF_DAY = 1440


@dataclass(frozen=True, slots=True)
class Change:
    """When clocks change: the `nth` (5: the last) `weekday` (0: Sunday) of a month, or a date.

    A `year` means that day of that month and year alone, `nth` being the day.
    """

    year: int
    month: int
    weekday: int
    nth: int
    hour: int
    minute: int
    second: int


@dataclass(frozen=True, slots=True)
class ZoneRule:
    """Offsets from UTC, and when each begins; both None where clocks never change.

    `year` is the first for which the rule holds, 0 where it holds for all.
    """

    year: int
    standard_offset: timedelta
    daylight_offset: timedelta
    standard_begins: Change | None
    daylight_begins: Change | None


@dataclass(frozen=True, slots=True)
class TimeZone:
    """A time zone. `name` is that of Windows, empty where the file does not tell it."""

    name: str
    rules: tuple[ZoneRule, ...]
    current: ZoneRule


@lru_cache(maxsize=32)
def zone_of_definition(data: bytes) -> TimeZone:
    """The zone of PidLidAppointmentTimeZoneDefinition*; raises `Damaged`.

    Most appointments of a person are in the same one.
    """
    blob = Blob(data)
    major, minor = blob.take(2)
    if (major, minor) != _DEFINITION_VERSION:
        raise Damaged("a time zone is of an unknown version")
    header = blob.short()
    start = 4
    _, length = blob.shorts(2)
    name = blob.take(2 * length).decode("utf-16-le", "replace")
    count = blob.short()
    blob.skip(max(start + header - (start + 4 + 2 * length + 2), 0))
    if not 1 <= count <= _MOST_RULES:
        raise Damaged(f"a time zone has {count} rules")
    flagged = [_rule_of_definition(blob) for _ in range(count)]
    rules = tuple(rule for _, rule in flagged)
    current = next((rule for flags, rule in flagged if flags & _IN_RECURRENCE), rules[-1])
    return TimeZone(name, rules, current)


def zone_of_struct(data: bytes, name: str = "") -> TimeZone:
    """The zone of PidLidTimeZoneStruct; raises `Damaged`."""
    if len(data) < _STRUCT_SIZE:
        raise Damaged("a time zone is too short")
    blob = Blob(data)
    biases = blob.signed_longs(3)
    blob.skip(2)
    standard = _change(blob)
    blob.skip(2)
    rule = _rule(0, biases, standard, _change(blob))
    return TimeZone(name, (rule,), rule)


def _rule_of_definition(blob: Blob) -> tuple[int, ZoneRule]:
    """A TZRule (2.2.1.41.1): its flags and itself."""
    blob.skip(4)
    flags, year = blob.shorts(2)
    blob.skip(14)
    biases = blob.signed_longs(3)
    return flags, _rule(year, biases, _change(blob), _change(blob))


def _rule(
    year: int, biases: tuple[int, ...], standard: Change | None, daylight: Change | None
) -> ZoneRule:
    bias, standard_bias, daylight_bias = biases
    if max(abs(bias + standard_bias), abs(bias + daylight_bias)) >= _MINUTES_OF_DAY:
        raise Damaged("a time zone is a day or more from UTC")
    if standard is None or daylight is None:
        standard = daylight = None
    return ZoneRule(
        year,
        timedelta(minutes=-(bias + standard_bias)),
        timedelta(minutes=-(bias + daylight_bias)),
        standard,
        daylight,
    )


def _change(blob: Blob) -> Change | None:
    """A SYSTEMTIME that says when, not at which instant."""
    year, month, weekday, nth, hour, minute, second, _ = blob.shorts(8)
    if not month:
        return None
    if not (month <= 12 and weekday <= 6 and 1 <= nth <= 31 and hour < 24 and minute < 60):
        raise Damaged("a time zone changes at a time that is none")
    return Change(year, month, weekday, nth, hour, minute, min(second, 59))
