"""What an event may say of its occurrences beside one rule, as the dates that come of it.

Rules after the first (RFC 5545 section 3.8.5.3 advises against them), and changes of an occurrence
and all that follow (RANGE=THISANDFUTURE, section 3.2.13). Where a series has no end, or more
occurrences than a person makes by hand, both stay among what no field stands for, and are told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from itertools import islice

from dateutil.rrule import rrulestr

from ..content_lines import Line
from .moments import read_moment
from .values import Event, Moment
from .zones import Zones

_MOST = 250
_AHEAD = timedelta(days=50 * 366)
"""So long after its start a rule is looked at, since some never occur."""

_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})


def with_every_date(event: Event, zones: Zones) -> Event:
    """The event with dates in place of rules after the first and of changes that go on."""
    return _with_following(_with_further_rules(event, zones), zones)


def _with_further_rules(event: Event, zones: Zones) -> Event:
    added: list[Moment] = []
    rest: list[Line] = []
    for line in event.rest:
        dates = _dates(line.value, event.start, zones) if line.name == "RRULE" else None
        if dates is None:
            rest.append(line)
        else:
            added += dates
    if not added:
        return event
    own = set(_dates(event.rule, event.start, zones) or [event.start])
    moments = dict.fromkeys([*event.added, *(one for one in added if one not in own)])
    return replace(event, added=tuple(moments), rest=tuple(rest))


def _with_following(event: Event, zones: Zones) -> Event:
    ongoing = [one for one in event.changed if any(map(goes_on, one.rest))]
    dates = _dates(event.rule, event.start, zones) if ongoing and event.rule else None
    if dates is None:
        return event
    known = {_instant(one.original or one.start) for one in event.changed}
    known |= {_instant(one) for one in event.left_out}
    following = [
        changed
        for moment in sorted({*dates, *event.added}, key=_instant)
        if _instant(moment) not in known
        and (latest := _latest(ongoing, moment)) is not None
        and (changed := _moved(latest, moment)) is not None
    ]
    plain = tuple(replace(one, rest=_without_range(one.rest)) for one in event.changed)
    return replace(event, changed=(*plain, *following))


def goes_on(line: Line) -> bool:
    """Whether a change is one of all that follow, too."""
    return line.name == "RECURRENCE-ID" and "thisandfuture" in line.values("range")


def _without_range(rest: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(line for line in rest if not goes_on(line))


def _latest(ongoing: list[Event], moment: Moment) -> Event | None:
    before = [one for one in ongoing if _instant(one.original or one.start) < _instant(moment)]
    return max(before, key=lambda one: _instant(one.original or one.start), default=None)


def _moved(changed: Event, moment: Moment) -> Event | None:
    """The same change of another occurrence; hours are those that clocks show."""
    original = changed.original
    if original is None or isinstance(original, datetime) is not isinstance(moment, datetime):
        return None
    zone = moment.tzinfo if isinstance(moment, datetime) else None
    try:
        start, end = _wall(changed.start, zone), _wall(changed.end, zone)
        by = _wall(moment, zone) - _wall(original, zone)
        return replace(
            changed,
            original=moment,
            start=_as(changed.start, start + by, zone),
            end=_as(changed.end, end + by, zone),
            rest=_without_range(changed.rest),
        )
    except OverflowError:
        return None


def _wall(moment: Moment, zone: tzinfo | None) -> datetime:
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time())
    if moment.tzinfo is None or zone is None:
        return moment.replace(tzinfo=None)
    return moment.astimezone(zone).replace(tzinfo=None)


def _as(like: Moment, wall: datetime, zone: tzinfo | None) -> Moment:
    if not isinstance(like, datetime):
        return wall.date()
    return wall.replace(tzinfo=zone)


def _instant(moment: Moment) -> datetime:
    """To compare with others; what has no zone is compared as if it were in UTC."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        # In the first and the last year there is; hours count little there.
        return moment.replace(tzinfo=UTC)


def _dates(rule: str, start: Moment, zones: Zones) -> list[Moment] | None:
    """When a rule occurs, None where it has no end or cannot be read."""
    given = (part.partition("=") for part in rule.upper().strip("; ").split(";"))
    parts = {name.strip(): value.strip() for name, _, value in given}
    count, until = parts.pop("COUNT", None), parts.pop("UNTIL", None)
    zone = start.tzinfo if isinstance(start, datetime) else None
    first = _wall(start, zone)
    try:
        if parts["FREQ"] not in _FREQUENCIES or int(parts.get("INTERVAL", 1)) < 1:
            return None
        last = first + _AHEAD
        if until is not None:
            last = min(last, _last(until, zone, zones))
        elif count is None:
            return None
        parts["UNTIL"] = f"{last:%Y%m%dT%H%M%S}"
        text = ";".join(f"{name}={value}" for name, value in parts.items())
        found = rrulestr(f"RRULE:{text}", dtstart=first)
        most = _MOST + 1 if count is None else min(_MOST + 1, int(count))
        dates = [_as(start, moment, zone) for moment in islice(found, most)]
    except (ValueError, TypeError, LookupError, OverflowError, AttributeError):
        return None
    return dates if len(dates) <= _MOST else None


def _last(until: str, zone: tzinfo | None, zones: Zones) -> datetime:
    moment = read_moment(until, Line("UNTIL", ""), zones)
    if moment is None:
        raise ValueError(until)
    if isinstance(moment, datetime):
        return _wall(moment, zone)
    return datetime.combine(moment, time.max)
