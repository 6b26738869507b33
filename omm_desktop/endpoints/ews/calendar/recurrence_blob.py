"""Which occurrences of a series are gone or changed, by the property that Outlook itself reads.

Not every server tells it by the fields EWS has for it.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ..transport.elements import Property

BLOB = Property("Binary", known_set="Appointment", number=0x8216)
"""PidLidAppointmentRecur ([MS-OXOCAL] 2.2.1.44)."""

_EPOCH = datetime(1601, 1, 1)
_OF_PATTERN = {0: 0, 1: 4, 2: 4, 3: 8, 4: 4, 0xA: 4, 0xB: 8, 0xC: 4}
"""Octets that belong to a pattern, by its type."""

_SUBJECT, _LOCATION = 0x01, 0x10
_NUMBERS = (0x02, 0x04, 0x08, 0x20, 0x40, 0x80, 0x100)
"""Flags of what takes four octets."""


@dataclass(frozen=True, slots=True)
class Exceptions:
    """`deleted` are days; `changed` pairs of beginnings, as they are and as they were to be.

    All in the zone of the series.
    """

    deleted: tuple[date, ...]
    changed: tuple[tuple[datetime, datetime], ...]


def read_exceptions(blob: bytes) -> Exceptions:
    """The exceptions of a series. Raises `ValueError`."""
    try:
        return _read(_Octets(blob))
    except (struct.error, OverflowError) as error:
        raise ValueError(f"no recurrence: {error}") from error


class _Octets:
    def __init__(self, octets: bytes) -> None:
        self._octets = octets
        self._place = 0

    def skip(self, octets: int) -> None:
        self._place += octets

    def short(self) -> int:
        return self._number("<H", 2)

    def long(self) -> int:
        return self._number("<I", 4)

    def moment(self) -> datetime:
        return _EPOCH + timedelta(minutes=self.long())

    def _number(self, form: str, size: int) -> int:
        number: int = struct.unpack_from(form, self._octets, self._place)[0]
        self._place += size
        return number


def _read(octets: _Octets) -> Exceptions:
    octets.skip(6)  # Versions, frequency.
    pattern = octets.short()
    if pattern not in _OF_PATTERN:
        raise ValueError(f"no pattern: {pattern}")
    octets.skip(2 + 12 + _OF_PATTERN[pattern] + 12)  # Calendar, period, pattern, end.
    gone = [octets.moment().date() for _ in range(octets.long())]
    for _ in range(octets.long()):
        octets.moment()
    octets.skip(8 + 16)  # First and last day, versions, hours.
    changed = tuple(_changed(octets) for _ in range(octets.short()))
    moved = {original.date() for _, original in changed}
    return Exceptions(tuple(day for day in gone if day not in moved), changed)


def _changed(octets: _Octets) -> tuple[datetime, datetime]:
    start, _, original = octets.moment(), octets.moment(), octets.moment()
    flags = octets.short()
    for flag in (_SUBJECT, _LOCATION):
        if flag == _LOCATION:
            octets.skip(4 * sum(bool(flags & one) for one in _NUMBERS[:3]))
        if flags & flag:
            octets.skip(2)
            octets.skip(octets.short())
    octets.skip(4 * sum(bool(flags & one) for one in _NUMBERS[3:]))
    return start, original
