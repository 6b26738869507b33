"""Saving appointments without ever telling anybody: every call says SendToNone."""

from __future__ import annotations

from typing import Any

from exchangelib import Account, CalendarItem
from exchangelib.folders import BaseFolder
from exchangelib.items import ALWAYS_OVERWRITE, SEND_TO_NONE
from exchangelib.properties import OccurrenceItemId

from omm_desktop.endpoints.ews.calendar.events import Part


def save(part: Part, folder: BaseFolder) -> None:
    """Save an appointment or a series in a folder; raises what exchangelib raises.

    A part of it may be there already when this raises: its first request makes the item.
    """
    item, account = part.item, folder.account
    item.account, item.folder = account, folder
    if not part.changed:
        _set(item, part.organizer)
    item.save(send_meeting_invitations=SEND_TO_NONE)
    finish(part)


def finish(part: Part) -> None:
    """Files, changed and deleted occurrences of an item that is saved."""
    item: CalendarItem = part.item
    if part.attachments:
        item.attach(list(part.attachments))
    if part.changed:
        _change(item, part.changed)
    if part.deleted:
        _delete(item, part.deleted)
    if part.changed and part.organizer:
        _set(item, part.organizer)
        item.save(
            update_fields=list(part.organizer),
            conflict_resolution=ALWAYS_OVERWRITE,
            send_meeting_invitations=SEND_TO_NONE,
        )


def _set(item: CalendarItem, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(item, name, value)


def _change(item: CalendarItem, changed: list[tuple[int, dict[str, Any]]]) -> None:
    """Changes of zone fields go with the start, as for the series."""
    account: Account = item.account
    ids = [_occurrence(item, number) for number, _ in changed]
    found = list(account.fetch(ids=ids, only_fields=["start", "end", "is_all_day"]))
    updates = []
    for occurrence, (_, fields) in zip(found, changed, strict=True):
        if isinstance(occurrence, Exception):
            raise occurrence
        occurrence._start_timezone = item._start_timezone
        occurrence._end_timezone = item._end_timezone
        _set(occurrence, fields)
        updates.append((occurrence, list(fields)))
    for result in account.bulk_update(
        items=updates, send_meeting_invitations_or_cancellations=SEND_TO_NONE
    ):
        if isinstance(result, Exception):
            raise result


def _delete(item: CalendarItem, numbers: list[int]) -> None:
    for result in item.account.bulk_delete(
        ids=[_occurrence(item, number) for number in numbers],
        send_meeting_cancellations=SEND_TO_NONE,
        affected_task_occurrences="SpecifiedOccurrenceOnly",
    ):
        if isinstance(result, Exception):
            raise result


def _occurrence(item: CalendarItem, number: int) -> OccurrenceItemId:
    return OccurrenceItemId(id=item.id, changekey=item.changekey, instance_index=number)
