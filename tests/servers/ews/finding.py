"""FindItem: pages of a folder, and what a calendar holds between two instants."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from . import recurrence
from .fields import INDEXED
from .folder_operations import page_of
from .moments import parse
from .properties import PropertyPath
from .request import Request, for_each, inner
from .restriction import Path, Values, read_field, read_restriction, sort_key
from .shape import property_value, read_shape, show_item, value
from .soap import Element, EwsError, children, find, local, make, text_at
from .store import Folder, Item

LONGEST_VIEW = timedelta(days=2 * 366)


def values_of(item: Item) -> Values:
    """The texts of an item's fields and properties, for restrictions and sorting."""

    def text(path: Path) -> str | list[str] | None:
        if isinstance(path, PropertyPath):
            return property_value(item, path)
        uri, _, index = path.partition("#")
        if index:
            return _entry(item, uri, index)
        element = value(item, path)
        if element is None:
            return None
        if len(element):
            strings = [one.text or "" for one in children(element) if local(one) == "String"]
            return strings or "".join(element.itertext())
        return element.text or ""

    return text


def _entry(item: Item, uri: str, index: str) -> str | None:
    entries = value(item, f"contacts:{INDEXED[uri]}")
    for entry in children(entries) if entries is not None else []:
        if entry.get("Key") == index:
            part = uri.rpartition(":")[2]
            return text_at(entry, f"t:{part}") if len(entry) else entry.text
    return None


def find_item(request: Request, body: Element, most: int) -> Element:
    """`most`: entries of one page, whatever the request asks for."""
    shape_element = find(body, "m:ItemShape")
    restriction = find(body, "m:Restriction")
    condition = read_restriction(restriction) if restriction is not None else None
    calendar = find(body, "m:CalendarView")
    if calendar is not None and (restriction is not None or inner(body, "m:SortOrder")):
        raise EwsError("ErrorInvalidRestriction", "A calendar view takes no restriction.")
    if find(body, "m:QueryString") is not None:
        raise EwsError("ErrorUnsupportedQueryFilter", "This server reads no query strings.")
    view = find(body, "m:IndexedPageItemView")

    def answer(one: Element) -> list[Element]:
        shape = read_shape(shape_element, finding=True)
        folder = request.folder(one)
        if calendar is not None:
            found = list(_in_calendar(folder, calendar))
        elif body.get("Traversal") == "Shallow":
            items = reversed(folder.items.values())
            found = [item for item in items if condition is None or condition(values_of(item))]
            _sort(found, inner(body, "m:SortOrder"))
        else:
            found = []
        offset = int(view.get("Offset", "0")) if view is not None else 0
        holder = view if view is not None else calendar
        wanted = int(holder.get("MaxEntriesReturned") or most) if holder is not None else most
        page = found[offset : offset + min(wanted, most)]
        items = make("t:Items", *(show_item(item, shape, finding=True) for item in page))
        return [page_of(items, offset + len(page), len(found))]

    return for_each("FindItem", inner(body, "m:ParentFolderIds"), answer)


def _sort(items: list[Item], orders: list[Element]) -> None:
    for order in reversed(orders):
        path = read_field(children(order)[0])
        items.sort(
            key=lambda item: sort_key(path, values_of(item)(path)),
            reverse=order.get("Order") == "Descending",
        )


def _in_calendar(folder: Folder, view: Element) -> Iterator[Item]:
    begins, ends = parse(view.get("StartDate", "")), parse(view.get("EndDate", ""))
    if begins > ends:
        raise EwsError(
            "ErrorCalendarEndDateIsEarlierThanStartDate", "EndDate is earlier than StartDate"
        )
    if ends - begins > LONGEST_VIEW:
        raise EwsError("ErrorCalendarViewRangeTooBig", "The calendar view is two years at most.")
    yield from sorted(shown(folder, begins, ends), key=recurrence.start_of)


def shown(folder: Folder, begins: datetime, ends: datetime) -> list[Item]:
    """Events and occurrences that touch the span."""
    found: list[Item] = []
    for item in folder.items.values():
        if item.kind != "CalendarItem":
            continue
        if recurrence.is_series(item):
            found += recurrence.overlapping(item, begins, ends)
        elif recurrence.touches(recurrence.start_of(item), recurrence.end_of(item), begins, ends):
            found.append(item)
    return found
