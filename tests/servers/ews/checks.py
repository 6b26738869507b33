"""What a test may want of every request, besides that it sends nothing: see `Journal.checks`."""

from __future__ import annotations

from .journal import Check, Entry
from .properties import read_path
from .soap import Element, find_all, local, need, text_at

DELIVERY_TIME, SUBMIT_TIME, FLAGS = 0x0E06, 0x0039, 0x0E07


def _tags(item: Element) -> dict[int | None, str]:
    """The values of an item's properties, by their tags."""
    return {
        read_path(need(one, "t:ExtendedFieldURI")).tag: text_at(one, "t:Value") or ""
        for one in find_all(item, "t:ExtendedProperty")
    }


def mail_is_no_draft(entry: Entry, body: Element) -> list[str]:
    """New mail has a delivery time and flags, and its flags say the same as IsRead."""
    if entry.operation != "CreateItem":
        return []
    found = []
    for item in find_all(body, "m:Items/t:Message"):
        if text_at(item, "t:MimeContent") is None:
            continue
        tags = _tags(item)
        found += [f"no property 0x{tag:04X}" for tag in (DELIVERY_TIME, FLAGS) if tag not in tags]
        read = text_at(item, "t:IsRead") in ("true", "1")
        if read != bool(int(tags.get(FLAGS, "0")) & 1):
            found.append("IsRead and the flags differ")
    return found


def change_keys_are_given(entry: Entry, body: Element) -> list[str]:
    """What is changed or deleted is named with its change key, so that no edit is overwritten."""
    if entry.operation not in ("UpdateItem", "DeleteItem"):
        return []
    return [
        f"{local(one)} without a change key"
        for one in body.iter("{*}ItemId")
        if one.get("ChangeKey") is None
    ]


def at_most(items: int, size: int) -> Check:
    """Requests of so many items and so many bytes; one item alone may be larger."""

    def check(entry: Entry, body: Element) -> list[str]:
        number = len(find_all(body, "m:Items/*")) + len(find_all(body, "m:ItemIds/*"))
        found = [f"{number} items in one request"] if number > items else []
        if entry.size > size and number > 1:
            found.append(f"{entry.size} bytes in one request of {number} items")
        return found

    return check
