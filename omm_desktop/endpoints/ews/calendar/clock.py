"""Moments as exchangelib wants them: every time in a zone that Windows has a name for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

from exchangelib import EWSDate, EWSDateTime, EWSTimeZone
from exchangelib.errors import UnknownTimeZone

from ...convert.calendar.values import Moment
from ...convert.calendar.zones import like
from ...convert.loss import Loss
from ..differences import Difference

_UTC = EWSTimeZone("UTC")


@dataclass(slots=True)
class Clock:
    """The zone an event keeps its hours in. `home` is where floating times are."""

    home: EWSTimeZone
    zone: EWSTimeZone = field(init=False)
    losses: list[Loss] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.zone = self.home

    def set_by(self, moment: Moment, *, recurs: bool) -> None:
        """Take the zone of an event's start; of a series in a zone unknown the nearest one."""
        if not isinstance(moment, datetime):
            return
        if moment.tzinfo is None:
            self.losses.append(Loss("DTSTART", f"{moment}", Difference.FLOATING, kept=False))
            return
        found = _named(moment.tzinfo)
        if found is None:
            named = " ".join(filter(None, (f"{moment}", moment.tzname())))
            self.losses.append(Loss("DTSTART", named, Difference.ZONE))
            found = _near(moment.tzinfo, moment.year) if recurs else None
        self.zone = found or _UTC

    def local(self, moment: Moment) -> datetime:
        """The time on the clock of the zone, without it; midnight for a date."""
        if not isinstance(moment, datetime):
            return datetime.combine(moment, datetime.min.time())
        return self.at(moment).replace(tzinfo=None)

    def at(self, moment: datetime) -> datetime:
        """The instant in the zone."""
        zone = ZoneInfo(self.zone.key)
        if moment.tzinfo is None:
            return moment.replace(tzinfo=zone)
        # By way of UTC, as the zones of files compare with no other.
        return moment.astimezone(UTC).astimezone(zone)

    def instant(self, moment: datetime) -> EWSDateTime:
        """The instant as exchangelib wants it, seconds being the smallest that it keeps."""
        return EWSDateTime.from_datetime(self.at(moment).replace(microsecond=0, tzinfo=self.zone))


def day(moment: date) -> EWSDate:
    """The day of a date or of a time."""
    return EWSDate(moment.year, moment.month, moment.day)


def _named(zone: tzinfo) -> EWSTimeZone | None:
    if zone is UTC:
        return _UTC
    if not isinstance(zone, ZoneInfo):
        return None
    return _known(lambda: EWSTimeZone(zone.key))


def _near(zone: tzinfo, year: int) -> EWSTimeZone | None:
    near = like(zone, year) or like(zone, year, years=1)
    return None if near is None else _known(lambda: EWSTimeZone(near.key))


def _known(make: Callable[[], EWSTimeZone]) -> EWSTimeZone | None:
    try:
        return make()
    except UnknownTimeZone:
        return None
