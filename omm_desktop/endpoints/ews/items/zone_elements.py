"""Time zones in replies: those without a name that anybody knows, by what they say themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from exchangelib import EWSTimeZone
from exchangelib.errors import UnknownTimeZone
from exchangelib.winzone import MS_TIMEZONE_TO_IANA_MAP

from ...convert.calendar.components import read_components
from ...convert.calendar.moments import read_duration
from ...convert.calendar.zones import Zones
from ..transport.elements import Element, T, text_of

_HOLDERS = ("StartTimeZone", "EndTimeZone")
_OURS = "own"
_UTC = "UTC"


def name_zones(item: Element) -> None:
    """Give the zones of an appointment names that exchangelib knows; UTC where there is none."""
    year = text_of(item, "Start")[:4]
    for holder in _HOLDERS:
        zone = item.find(f"{T}{holder}")
        if zone is not None and zone.get("Id") not in MS_TIMEZONE_TO_IANA_MAP:
            zone.set("Id", _name_of(zone, int(year) if year.isdecimal() else 2000))


def _name_of(zone: Element, year: int) -> str:
    lines = [f"TZID:{_OURS}", *_rules(zone)]
    text = "\n".join(["BEGIN:VTIMEZONE", *lines, "END:VTIMEZONE"])
    found = Zones({_OURS: read_components(text.encode()).parts[0]}, year)[_OURS]
    if not isinstance(found, ZoneInfo):
        return _UTC
    try:
        return str(EWSTimeZone(found.key).ms_id)
    except UnknownTimeZone:
        return _UTC


def _rules(zone: Element) -> Iterator[str]:
    """The lines of a VTIMEZONE, by the last of the groups of transitions."""
    offsets = {
        one.get("Id"): -(read_duration(one.get("Bias") or "") or timedelta())
        for one in zone.iterfind(f"{T}Periods/{T}Period")
    }
    groups = zone.findall(f"{T}TransitionsGroups/{T}TransitionsGroup")
    changes = groups[-1].findall(f"{T}RecurringDayTransition") if groups else []
    for change in changes:
        after = text_of(change, "To")
        before = next((one for one in offsets if one != after and one in _ends(changes)), after)
        begins = read_duration(text_of(change, "TimeOffset")) or timedelta()
        place = text_of(change, "Occurrence") or "1"
        day = text_of(change, "DayOfWeek")[:2].upper()
        yield "BEGIN:STANDARD" if after.startswith("Std") else "BEGIN:DAYLIGHT"
        yield f"DTSTART:16010101T{_clock(begins)}"
        yield f"RRULE:FREQ=YEARLY;BYMONTH={text_of(change, 'Month')};BYDAY={place}{day}"
        yield f"TZOFFSETFROM:{_offset(offsets.get(before))}"
        yield f"TZOFFSETTO:{_offset(offsets.get(after))}"
        yield "END:STANDARD" if after.startswith("Std") else "END:DAYLIGHT"
    if not changes and offsets:
        only = _offset(next(iter(offsets.values())))
        yield from ("BEGIN:STANDARD", "DTSTART:16010101T000000")
        yield from (f"TZOFFSETFROM:{only}", f"TZOFFSETTO:{only}", "END:STANDARD")


def _ends(changes: list[Element]) -> set[str]:
    return {text_of(change, "To") for change in changes}


def _clock(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    return f"{minutes // 60 % 24:02}{minutes % 60:02}00"


def _offset(length: timedelta | None) -> str:
    minutes = int((length or timedelta()).total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
