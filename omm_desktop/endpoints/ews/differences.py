"""Why Exchange cannot hold something: one name for each entry of `exchange_differences.toml`."""

from __future__ import annotations

from enum import StrEnum


class Difference(StrEnum):
    """What of Exchange forbids it; the words are in the manual."""

    THREE_ADDRESSES = "three-addresses"
    ADDRESS_KIND = "address-kind"
    NUMBER_PLACES = "number-places"
    NUMBER_KIND = "number-kind"
    THREE_POSTAL_ADDRESSES = "three-postal-addresses"
    POSTAL_KIND = "postal-kind"
    POSTAL_LINES = "postal-lines"
    THREE_MESSAGING = "three-messaging"
    THREE_PAGES = "three-pages"
    ONE_TITLE = "one-title"
    ONE_RELATION = "one-relation"
    DAY_TOO_EARLY = "day-too-early"
    NO_FIELD = "no-field"
    MEMBER_ADDRESS = "member-address"
    RECURRENCE = "recurrence"
    RECURRENCE_PARTS = "recurrence-parts"
    OCCURRENCE_MOVED = "occurrence-moved"
    OCCURRENCE_FIELD = "occurrence-field"
    LAST_OCCURRENCE = "last-occurrence"
    ZONE = "zone"
    FLOATING = "floating"
    TOO_LONG = "too-long"
    ENDS_BEFORE_START = "ends-before-start"
    LONG_SUBJECT = "long-subject"
    ANSWERS = "answers"
    TASK_HOURS = "task-hours"
    TASK_COMPLETED = "task-completed"
    TASK_SERIES = "task-series"
