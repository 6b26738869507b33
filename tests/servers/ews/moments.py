"""Instants and dates as EWS writes them, and time zones by their Windows names."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from .soap import EwsError


def parse(text: str, naive: ZoneInfo | None = None) -> datetime:
    """The instant in UTC; one without an offset is in the zone `naive`, or UTC.

    Raises ValueError.
    """
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=naive or UTC)
    return moment.astimezone(UTC)


def show(moment: datetime) -> str:
    """As Exchange shows an instant: in UTC, whole seconds. ValueError before the year 1601."""
    if moment.year < 1601:
        raise ValueError("Exchange counts from 1601")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant(text: str) -> str:
    """The same instant the way Exchange shows it; ValueError when it is none."""
    return show(parse(text))


def show_date(day: datetime) -> str:
    """As Exchange shows a date: with the offset of its zone at that midnight."""
    offset = day.strftime("%z")
    zone = "Z" if offset in ("", "+0000") else f"{offset[:3]}:{offset[3:]}"
    return f"{day:%Y-%m-%d}{zone}"


def zone(windows_name: str) -> ZoneInfo:
    """The zone of a Windows name; EwsError for one that Windows does not know."""
    if windows_name in ("UTC", "tzone://Microsoft/Utc"):
        return ZoneInfo("UTC")
    try:
        return ZoneInfo(WINDOWS_TO_OLSON[windows_name])
    except KeyError:
        raise EwsError("ErrorTimeZone", f"The time zone {windows_name!r} is not valid.") from None


def known_zones() -> list[str]:
    return sorted(WINDOWS_TO_OLSON)
