"""Recurrences, zones and times as Outlook writes them into files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from struct import pack

EPOCH = datetime(1601, 1, 1)
DAILY, WEEKLY, MONTHLY, YEARLY = 0x200A, 0x200B, 0x200C, 0x200D
BY_DATE, BY_COUNT, NEVER = 0x2021, 0x2022, 0x2023


def minutes(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(minutes=1)


def blob(
    frequency: int,
    pattern: int,
    period: int,
    *specifics: int,
    start: datetime = datetime(2020, 1, 31),
    end: tuple[int, int, datetime] = (NEVER, 10, datetime(4500, 8, 31)),
    removed: Sequence[datetime] = (),
    moved: Sequence[datetime] = (),
) -> bytes:
    """A RecurrencePattern, whose weeks begin on Monday."""
    end_type, count, last = end
    numbers = [0, period, 0, *specifics, end_type, count, 1]
    for days in (removed, moved):
        numbers += [len(days), *map(minutes, days)]
    numbers += [minutes(start), minutes(last)]
    return pack("<5H", 0x3004, 0x3004, frequency, pattern, 0) + pack(f"<{len(numbers)}I", *numbers)


def _zone_rule(year: int, flags: int) -> bytes:
    biases = pack("<iii", -60, 0, -60)
    standard = pack("<8H", 0, 10, 0, 5, 3, 0, 0, 0)
    daylight = pack("<8H", 0, 3, 0, 5, 2, 0, 0, 0)
    return pack("<BBHHH", 2, 1, 0x3E, flags, year) + bytes(14) + biases + standard + daylight


def zone_definition() -> bytes:
    name = "Romance Standard Time"
    head = pack("<HH", 2, len(name)) + name.encode("utf-16-le") + pack("<H", 2)
    rules = _zone_rule(1996, 2) + _zone_rule(2020, 3)
    return pack("<BBH", 2, 1, len(head)) + head + rules


def ticks(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1) * 10
