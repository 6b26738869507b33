"""The time zone that a name in a calendar means, by its IANA name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from operator import eq
from zoneinfo import ZoneInfo, available_timezones

import icalendar
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from .components import Component, write_components

_FEWEST_PARTS = 2


class Zones:
    """The zones of one calendar object."""

    def __init__(self, definitions: dict[str, Component], around: int, home: str = "") -> None:
        """`definitions` are VTIMEZONEs by TZID; `around` is the year from which they count.

        `home` names the zone of times that tell none; where nothing is known by it they float.
        """
        self._definitions = definitions
        self._around = around
        self._known: dict[str, tzinfo | None] = {}
        self.home = self._find(home) if home else None

    def __getitem__(self, tzid: str) -> tzinfo | None:
        """An IANA zone, else what the file itself defines, else None."""
        if tzid not in self._known:
            self._known[tzid] = self._find(tzid)
        return self._known[tzid]

    def _find(self, tzid: str) -> tzinfo | None:
        named = named_zone(tzid)
        if named is not None or tzid not in self._definitions:
            return named
        definition = self._definitions[tzid]
        named = named_zone(definition.text("X-LIC-LOCATION"))
        if named is not None:
            return named
        return _meant(write_components(definition), self._around)


def named_zone(name: str) -> ZoneInfo | None:
    """The zone of an IANA name, a Windows name, or one of those with a maker's path before it."""
    spellings = (one.lower() for one in _spellings(name.strip(' "')))
    key = next((_keys()[one] for one in spellings if one in _keys()), None)
    return None if key is None else ZoneInfo(key)


@lru_cache(maxsize=1)
def _keys() -> dict[str, str]:
    return {key.lower(): key for key in available_timezones()}


def _spellings(name: str) -> Iterator[str]:
    yield name
    if name in WINDOWS_TO_OLSON:
        yield WINDOWS_TO_OLSON[name]
    for separator in ("/", "_", "-"):
        yield name.replace(separator, "/", 1)
        parts = [part for part in name.split(separator) if part]
        for start in range(len(parts) - _FEWEST_PARTS + 1):
            yield "/".join(parts[start:])


@lru_cache(maxsize=32)
def _meant(text: bytes, year: int) -> tzinfo | None:
    """What a VTIMEZONE defines, kept since each object of a calendar brings its own copy."""
    defined = _defined(text)
    return None if defined is None else like(defined, year) or defined


def _defined(text: bytes) -> tzinfo | None:
    """The zone of a VTIMEZONE, None when it cannot be read."""
    try:
        zone = icalendar.Timezone.from_ical(text.decode())
        if not isinstance(zone, icalendar.Timezone):
            return None
        made: tzinfo = zone.to_tz(lookup_tzid=False)
        datetime(2020, 1, 1, tzinfo=made).utcoffset()
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, OverflowError):
        return None
    return made


def like(zone: tzinfo, year: int, years: int = 10) -> ZoneInfo | None:
    """A zone of Windows with the same hours from that year on, by its IANA name."""
    first = datetime(year, 1, 1, 12, tzinfo=UTC)
    moments = [first + timedelta(days=day) for day in range(0, 365 * years, 10)]
    wanted = [moment.astimezone(zone).utcoffset() for moment in moments]
    for known in _windows_zones():
        offsets = (moment.astimezone(known).utcoffset() for moment in moments)
        if all(map(eq, offsets, wanted)):
            return known
    return None


@lru_cache(maxsize=1)
def _windows_zones() -> list[ZoneInfo]:
    keys = dict.fromkeys(key for key in WINDOWS_TO_OLSON.values() if key.lower() in _keys())
    return [ZoneInfo(key) for key in keys]
