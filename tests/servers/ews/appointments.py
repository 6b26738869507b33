"""Appointments for the EWS server, and how exchangelib puts them there and gets them back."""

from __future__ import annotations

from exchangelib import Account, CalendarItem, EWSDate, EWSDateTime, EWSTimeZone
from exchangelib.ewsdatetime import UTC
from exchangelib.recurrence import Recurrence, WeeklyPattern

PARIS = EWSTimeZone("Europe/Paris")


def at(*parts: int, zone: EWSTimeZone = PARIS) -> EWSDateTime:
    return EWSDateTime(*parts, tzinfo=zone)


def save(anna: Account, **fields: object) -> CalendarItem:
    event = {
        "subject": "meeting",
        "start": at(2024, 3, 20, 9),
        "end": at(2024, 3, 20, 10),
    } | fields
    item: CalendarItem = CalendarItem(account=anna, folder=anna.calendar, **event).save(
        send_meeting_invitations="SendToNone"
    )
    return item


def weekly(anna: Account, number: int = 4, **fields: object) -> CalendarItem:
    pattern = WeeklyPattern(interval=1, weekdays=["Wednesday"])
    recurrence = Recurrence(pattern=pattern, start=EWSDate(2024, 3, 20), number=number)
    return save(anna, recurrence=recurrence, **fields)


def stored(anna: Account) -> CalendarItem:
    (event,) = anna.calendar.all()
    return event


def view(anna: Account, year: int = 2024) -> list[CalendarItem]:
    return list(anna.calendar.view(start=at(year, 1, 1), end=at(year + 1, 1, 1)))


def hours(events: list[CalendarItem]) -> list[str]:
    return [event.start.astimezone(UTC).strftime("%m-%d %H:%M") for event in events]
