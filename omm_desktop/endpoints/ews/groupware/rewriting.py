"""All fields of an item of ours written once more, whatever it held before."""

from __future__ import annotations

from typing import Any

from exchangelib import Body, CalendarItem, Contact, DistributionList, Task
from exchangelib.items import Item

from ..calendar import tasks
from ..calendar.event_properties import PROPERTIES as ORGANIZER
from ..calendar.events import OF_AN_OCCURRENCE
from ..calendar.task_properties import COMPLETED
from ..items.item_xml import Changes, Home
from ..people import contacts, groups
from ..transport.elements import Element

_WRITTEN = {
    CalendarItem: (
        *(*OF_AN_OCCURRENCE, *ORGANIZER),
        *("categories", "sensitivity", "importance", "recurrence"),
    ),
    Contact: contacts.FIELDS,
    DistributionList: groups.FIELDS,
    Task: (*tasks.FIELDS, COMPLETED),
}


def rewritten(item: Item, home: Home) -> list[Element]:
    """The updates that make an item what this one is; attachments and UID are not among them."""
    names = [name for name in _WRITTEN[type(item)] if _is_written(item, name)]
    return updates(item, names, home)


def updates(item: Item, names: list[str], home: Home) -> list[Element]:
    """The updates of these fields. Raises `ValueError`."""
    if "body" in names and item.body is None:
        # Not every server lets it be deleted.
        item.body = Body("")
    return Changes(home).of(item, names)


def _is_written(item: Item, name: str) -> bool:
    field: Any = item.FIELDS[name]
    if field.is_read_only or name == "attachments":
        return False
    # What can only be set is left as it is.
    return not (field.is_required_after_save and getattr(item, name) is None)
