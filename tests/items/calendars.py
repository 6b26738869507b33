"""Calendars of the tests: small ones, and when the occurrences of any of them are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from omm_desktop.endpoints.convert.calendar.read import read_event
from omm_desktop.endpoints.convert.calendar.split import split_calendar
from omm_desktop.endpoints.convert.calendar.values import Event, Moment

HOME = ZoneInfo("Europe/Paris")


def calendar(*lines: str, kind: str = "VEVENT") -> bytes:
    inner = [f"BEGIN:{kind}", "UID:one", *lines, f"END:{kind}"]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *inner, "END:VCALENDAR", ""]).encode()


def event(*lines: str) -> Event:
    (one,) = split_calendar(calendar(*lines))
    read = read_event(one.data)
    assert read is not None
    return read


def instants(given: Event, until: datetime, home: tzinfo = HOME) -> list[datetime]:
    """The beginnings in UTC, as RFC 5545 wants them: the start, the rule, RDATE, without EXDATE."""
    zone = given.start.tzinfo if isinstance(given.start, datetime) else None
    zone = zone or home

    def local(moment: Moment) -> datetime:
        if not isinstance(given.start, datetime):
            return datetime(moment.year, moment.month, moment.day)
        if not isinstance(moment, datetime):
            return datetime.combine(moment, given.start.time())
        if moment.tzinfo is None:
            return moment
        return moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None)

    last = until.astimezone(zone).replace(tzinfo=None)
    start = local(given.start)
    found = {start, *map(local, given.added)}
    if given.rule:
        found |= set(_rule(given.rule, start, zone, last))
    changed = {local(one.original or one.start): one for one in given.changed}
    kept = [*(found - set(map(local, given.left_out)) - set(changed))]
    kept += [local(one.start) for one in changed.values()]
    return sorted(one.replace(tzinfo=zone).astimezone(UTC) for one in kept if one <= last)


def _rule(rule: str, start: datetime, zone: tzinfo, last: datetime) -> Iterator[datetime]:
    """Occurrences up to `last`, UNTIL told in UTC being turned into local time."""
    parts = dict(part.split("=") for part in rule.strip(";").split(";"))
    until = parts.pop("UNTIL", None)
    if until is not None:
        last = min(last, _until(until, zone))
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    for moment in rrulestr(f"RRULE:{text}", dtstart=start):
        if moment > last:
            return
        yield moment


def _until(text: str, zone: tzinfo) -> datetime:
    if len(text) == 8:
        return datetime.strptime(text, "%Y%m%d") + timedelta(days=1, seconds=-1)
    moment = datetime.strptime(text.rstrip("Z"), "%Y%m%dT%H%M%S")
    if not text.endswith("Z"):
        return moment
    return moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
