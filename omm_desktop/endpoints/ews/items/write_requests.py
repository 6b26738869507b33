"""Requests that save, change and take away items: none of them tells anybody anything."""

from __future__ import annotations

from collections.abc import Iterable

from ..folders.finding import folder_id
from ..transport.elements import Element, make

NEVER_OVERWRITE, ALWAYS_OVERWRITE = "NeverOverwrite", "AlwaysOverwrite"


def create_items(folder_key: str, items: Iterable[Element]) -> Element:
    """Saved, and sent to nobody."""
    return make(
        "m:CreateItem",
        make("m:SavedItemFolderId", folder_id(folder_key)),
        make("m:Items", *items),
        MessageDisposition="SaveOnly",
        SendMeetingInvitations="SendToNone",
    )


def update_items(changes: Iterable[Element], conflict: str = ALWAYS_OVERWRITE) -> Element:
    """Changed, and sent to nobody. `changes` are of `change_of` and `change_of_occurrence`."""
    return make(
        "m:UpdateItem",
        make("m:ItemChanges", *changes),
        ConflictResolution=conflict,
        MessageDisposition="SaveOnly",
        SendMeetingInvitationsOrCancellations="SendToNone",
    )


def change_of(key: str, updates: Iterable[Element], change_key: str = "") -> Element:
    """The ItemChange of an item; with a change key of this version of it alone."""
    version = {"ChangeKey": change_key} if change_key else {}
    return make("t:ItemChange", make("t:ItemId", Id=key, **version), make("t:Updates", *updates))


def change_of_occurrence(series: str, number: int, updates: Iterable[Element]) -> Element:
    """The ItemChange of an occurrence, counted from 1."""
    return make("t:ItemChange", occurrence_id(series, number), make("t:Updates", *updates))


def occurrence_id(series: str, number: int) -> Element:
    return make("t:OccurrenceItemId", RecurringMasterId=series, InstanceIndex=str(number))


def to_trash(ids: Iterable[Element]) -> Element:
    """Moved to the deleted items, and told to nobody."""
    return _delete(ids, "MoveToDeletedItems", "AllOccurrences")


def delete_items(ids: Iterable[Element]) -> Element:
    """Taken away for good, and told to nobody."""
    return _delete(ids, "HardDelete", "SpecifiedOccurrenceOnly")


def _delete(ids: Iterable[Element], way: str, occurrences: str) -> Element:
    return make(
        "m:DeleteItem",
        make("m:ItemIds", *ids),
        DeleteType=way,
        SendMeetingCancellations="SendToNone",
        AffectedTaskOccurrences=occurrences,
    )
