"""The items of a folder, page by page, compared with how many there are said to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ....model.problem import ItemError, Problem, ProblemId
from ..folders.finding import folder_id
from ..transport.connection import Connection
from ..transport.elements import (
    Element,
    M,
    Property,
    T,
    Wanted,
    children,
    field,
    is_last_page,
    make,
    shape,
)

PAGE = 1000
"""What Exchange gives at most, unless it was told otherwise."""

RECEIVED, SIZE = "item:DateTimeReceived", "item:Size"

_TRIES = 3
_AT_ONCE = 200


def key_of(item: Element) -> str:
    """The id of an item in a reply; empty when it has none."""
    identifier = item.find(f"{T}ItemId")
    return "" if identifier is None else str(identifier.get("Id", ""))


def version_of(item: Element) -> str:
    """What changes whenever the item does."""
    identifier = item.find(f"{T}ItemId")
    return "" if identifier is None else str(identifier.get("ChangeKey") or "")


def windows(
    connection: Connection,
    folder_key: str,
    wanted: Sequence[Wanted],
    containing: tuple[Property, str] | None = None,
) -> Iterator[list[Element]]:
    """Every item once, newest first, with the fields named; `containing`: only those whose
    property has that text in it. Raises `OmmError`.

    What moved to another page while the folder changed is looked for again; raises `ItemError`
    (FOLDER_UNREADABLE) when the listing stays short.
    """
    # Their hashes: the ids of a large folder would take too much memory.
    known: set[int] = set()
    totals: set[int] = set()
    for _ in range(_TRIES):
        totals.clear()
        for page, total in _pages(connection, folder_key, wanted, containing):
            if total is not None:
                totals.add(total)
            fresh = []
            for item in page:
                mark = hash(key_of(item))
                if mark not in known:
                    known.add(mark)
                    fresh.append(item)
            if fresh:
                yield fresh
        if not totals or (len(totals) == 1 and len(known) >= max(totals)):
            return
    if len(known) < min(totals):
        detail = f"{len(known)} of {min(totals)} items were listed"
        raise ItemError(Problem(ProblemId.FOLDER_UNREADABLE, connection.place, detail))


def _pages(
    connection: Connection,
    folder_key: str,
    wanted: Sequence[Wanted],
    containing: tuple[Property, str] | None,
) -> Iterator[tuple[list[Element], int | None]]:
    """Each page, and how many items there are by then where the server tells."""
    offset = 0
    first = ""
    ordered = containing is None
    found_with: Sequence[Wanted] = wanted
    while True:
        request = _find_items(folder_key, found_with, offset, containing, ordered=ordered)
        try:
            message = connection.only(request, ProblemId.FOLDER_UNREADABLE)
        except ItemError:
            fields = [one for one in wanted if isinstance(one, str)]
            if offset or containing is not None or not (ordered or len(fields) < len(found_with)):
                raise
            # The order is a wish, and properties may be told of single items only.
            found_with = found_with if ordered else fields
            ordered = False
            continue
        root = message.find(f"{M}RootFolder")
        page = list(children(root.find(f"{T}Items") if root is not None else None))
        if page and key_of(page[0]) == first:
            if root is not None and is_last_page(root, offset) is None:
                # It gives everything at once, whatever it is asked for.
                return
            problem = Problem(ProblemId.FOLDER_UNREADABLE, connection.place, "one page only")
            raise ItemError(problem)
        first = key_of(page[0]) if page else ""
        offset += len(page)
        told = "" if root is None else root.get("TotalItemsInView", "")
        if len(found_with) < len(wanted):
            page = _completed(connection, page, wanted)
        yield page, int(told) if told.isdecimal() else None
        if root is None or not page or is_last_page(root, offset):
            return


def _completed(
    connection: Connection, page: Sequence[Element], wanted: Sequence[Wanted]
) -> list[Element]:
    """The items with all that is wanted, as far as the server tells it."""
    found = {key_of(item): item for item in page}
    keys = [key for key in found if key]
    for start in range(0, len(keys), _AT_ONCE):
        try:
            reply = connection.ask(get_items(keys[start : start + _AT_ONCE], *wanted))
        except ItemError:
            break
        for message in reply.messages:
            item = item_in(message) if connection.fault_of(message) is None else None
            if item is not None and key_of(item) in found:
                found[key_of(item)] = item
    return list(found.values())


def _find_items(
    folder_key: str,
    wanted: Sequence[Wanted],
    offset: int,
    containing: tuple[Property, str] | None,
    *,
    ordered: bool,
) -> Element:
    view = make(
        "m:IndexedPageItemView",
        MaxEntriesReturned=str(PAGE),
        Offset=str(offset),
        BasePoint="Beginning",
    )
    by_date = make("t:FieldOrder", field("item:DateTimeReceived"), Order="Descending")
    parts = [shape("m:ItemShape", *wanted), view]
    if containing is not None:
        parts.append(make("m:Restriction", _contains(*containing)))
    if ordered:
        parts.append(make("m:SortOrder", by_date))
    parent = make("m:ParentFolderIds", folder_id(folder_key))
    return make("m:FindItem", *parts, parent, Traversal="Shallow")


def _contains(property: Property, text: str) -> Element:
    return make(
        "t:Contains",
        property.path,
        make("t:Constant", Value=text),
        ContainmentMode="Substring",
        ContainmentComparison="Exact",
    )


def get_items(keys: Iterable[str], *wanted: Wanted, mime: bool = False) -> Element:
    """A GetItem request; `mime`: with the mail, asked for by the flag of the shape."""
    ids = (make("t:ItemId", Id=key) for key in keys)
    form = shape("m:ItemShape", *wanted)
    if mime:
        form.insert(1, make("t:IncludeMimeContent", text="true"))
    return make("m:GetItem", form, make("m:ItemIds", *ids))


def in_order(keys: Sequence[str], messages: list[Element]) -> list[Element]:
    """The response messages in the order of what was asked, by the ids in them where they tell."""
    there = {key_of(item): one for one in messages if (item := item_in(one)) is not None}
    if len(there) < len(keys) or not there.keys() <= set(keys):
        return messages
    return [there[key] for key in keys]


def item_in(message: Element) -> Element | None:
    """The item in a response message."""
    return next(children(message.find(f"{M}Items")), None)
