"""Properties of events and tasks that no person sees, and what their values mean."""

from __future__ import annotations

BOOKKEEPING = frozenset(
    {
        "UID",
        "DTSTAMP",
        "CREATED",
        "LAST-MODIFIED",
        "SEQUENCE",
        "REQUEST-STATUS",
        "RECURRENCE-ID",
        "REFRESH-INTERVAL",
        "ACKNOWLEDGED",
        "DCREATED",
        "EVENT-ID",
        "EVENT-ALLDAY",
        "METHOD",
        "VERSION",
        "PRODID",
    }
)
"""Written by programs for themselves; Exchange keeps the like of its own."""

PROGRAMS = (
    "X-MICROSOFT-",
    "X-MS-OLK-",
    "X-MOZ-",
    "X-MOZILLA-",
    "X-LIC-",
    "X-EVOLUTION-",
    "X-LOTUS-",
    "X-WR-",
    "X-APPLE-TRAVEL-",
    "X-APPLE-DEFAULT-",
    "X-KDE-",
    "X-CALENDARSERVER-",
    "X-CONFLUENCE-",
    "SUBCALENDAR-",
    "PARENT-CALENDAR-",
    "SUBSCRIPTION-",
)
"""Beginnings of names that programs write for themselves."""

BUSY = {
    "FREE": "free",
    "TENTATIVE": "tentative",
    "BUSY": "busy",
    "OOF": "oof",
    "WORKINGELSEWHERE": "elsewhere",
}
PRIVACY = {"PRIVATE": "private", "CONFIDENTIAL": "confidential"}


def is_bookkeeping(name: str) -> bool:
    """Whether the property says nothing to a person."""
    return name in BOOKKEEPING or name.startswith(PROGRAMS)
