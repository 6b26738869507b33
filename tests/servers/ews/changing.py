"""UpdateItem: set, delete and append fields, unless somebody else changed them meanwhile."""

from __future__ import annotations

from base64 import b64decode
from copy import deepcopy

from . import events, recurrence
from .aliases import organizer_properties
from .fields import INDEXED, PATHS, READ_ONLY
from .intake import FLAGS, READ, finish, flags_of, normal, set_flags, set_property
from .properties import PropertyPath, read_path, read_property
from .request import Request, inner
from .soap import Element, EwsError, SoapFault, children, local, make
from .store import Item
from .words import words

APPENDABLE = ("Body", "ToRecipients", "CcRecipients", "BccRecipients", "ReplyTo", "Categories")
OF_A_SERIES = ("calendar:Recurrence", "calendar:Start", "calendar:End", "calendar:StartTimeZone")
NEVER = READ_ONLY | {"item:MimeContent"}
ORGANIZERS_ONLY = frozenset(
    words(
        "calendar:RequiredAttendees calendar:OptionalAttendees calendar:Resources "
        "calendar:Recurrence calendar:IsResponseRequested calendar:StartTimeZone"
    )
)
Path = str | PropertyPath


def change_item(request: Request, change: Element, resolution: str) -> Item:
    """The item after all its updates; EwsError when one is refused, and then none was made."""
    identifier = children(change)[0]
    item = request.item(identifier)
    updates = inner(change, "t:Updates")
    _check_conflict(item, identifier.get("ChangeKey"), resolution, updates)
    before = deepcopy(item.fields), item.properties.copy()
    try:
        changed = {_apply(request, item, update) for update in updates}
        finish(request.store, item, request.context_zone)
        if item.master is not None and changed & {"calendar:Start", "calendar:End"}:
            recurrence.check_move(item)
    except EwsError:
        item.fields, item.properties = before
        raise
    if item.master is not None:
        recurrence.change(request.store, item)
    elif changed.intersection(OF_A_SERIES):
        events.reshape_series(item)
    if changed == {"message:IsRead"}:
        item.read_flag_at = request.store.next_change()
    else:
        request.store.touch(item)
    number = max(item.changed_at, item.read_flag_at)
    item.touched.update(dict.fromkeys(changed, number))
    return item


def _check_conflict(item: Item, key: str | None, resolution: str, updates: list[Element]) -> None:
    if resolution == "AlwaysOverwrite":
        return
    if key is None:
        raise EwsError("ErrorChangeKeyRequired", "The change key is required.")
    if key == item.change_key:
        return
    try:
        known = int.from_bytes(b64decode(key, validate=True)[2:])
    except ValueError:
        raise EwsError("ErrorInvalidChangeKey", "The change key is invalid.") from None
    fields = {_path(children(update)[0]) for update in updates}
    touched_since = any(item.touched.get(field, 0) > known for field in fields)
    if resolution == "NeverOverwrite" or touched_since:
        raise EwsError(
            "ErrorIrresolvableConflict",
            "The send or update operation could not be performed because the change key passed "
            "in the request does not match the current change key for the item.",
        )


def _path(element: Element) -> Path:
    if local(element) == "ExtendedFieldURI":
        return read_path(element)
    uri = element.get("FieldURI", "")
    return f"{uri}#{element.get('FieldIndex')}" if local(element) == "IndexedFieldURI" else uri


def _apply(request: Request, item: Item, update: Element) -> Path:
    """Make one update; the field it is about."""
    verb, target = local(update), children(update)[0]
    if local(target) == "ExtendedFieldURI":
        return _apply_property(item, update)
    if local(target) == "IndexedFieldURI":
        return _apply_entry(item, update)
    uri = target.get("FieldURI", "")
    if uri not in PATHS[item.kind].values() or uri in _fixed(item):
        code = "Delete" if verb == "DeleteItemField" else "Set"
        raise EwsError(
            f"ErrorInvalidProperty{code}", f"{code} action is invalid for property.", FieldURI=uri
        )
    if verb == "DeleteItemField":
        if item.kind == "CalendarItem" and uri in ("calendar:Start", "calendar:End"):
            raise EwsError("ErrorInvalidPropertyDelete", "An appointment has a time.")
        item.fields.pop(uri, None)
        return uri
    given = _given(update)
    if PATHS[item.kind].get(local(given)) != uri:
        raise EwsError("ErrorUpdatePropertyMismatch", "The field and its value do not match.")
    element = normal(uri, given, request.context_zone)
    if verb == "AppendToItemField":
        element = _appended(item, uri, element)
    item.fields[uri] = element
    if uri == "message:IsRead":
        flags = flags_of(item)
        set_flags(item, flags | READ if element.text == "true" else flags & ~READ)
    return uri


def _fixed(item: Item) -> frozenset[str]:
    """What cannot be changed; more of it in a meeting that somebody else organises."""
    organizer = organizer_properties(item)
    if organizer is None or organizer[1].casefold() == item.folder.mailbox.address.casefold():
        return NEVER
    return NEVER | ORGANIZERS_ONLY


def _given(update: Element) -> Element:
    inside = children(children(update)[1])
    if len(inside) != 1:
        raise EwsError("ErrorIncorrectUpdatePropertyCount", "One property for each update.")
    return inside[0]


def _appended(item: Item, uri: str, element: Element) -> Element:
    if local(element) not in APPENDABLE:
        raise EwsError("ErrorInvalidPropertyAppend", "Append action is invalid for property.")
    before = item.fields.get(uri)
    if before is None:
        return element
    whole = deepcopy(before)
    if len(element):
        whole.extend(children(element))
    else:
        whole.text = (whole.text or "") + (element.text or "")
    return whole


def _apply_property(item: Item, update: Element) -> Path:
    path = read_path(children(update)[0])
    if local(update) == "DeleteItemField":
        item.properties.remove(path)
        return path
    given, value = read_property(_given(update))
    if given != path:
        raise EwsError("ErrorUpdatePropertyMismatch", "The field and its value do not match.")
    if path == FLAGS:
        # Exchange keeps the flags of a saved message; only IsRead changes them.
        return path
    set_property(item, path, value)
    return path


def _apply_entry(item: Item, update: Element) -> Path:
    """Set or delete one entry of a dictionary, or one part of an address."""
    target = children(update)[0]
    uri, key = target.get("FieldURI", ""), target.get("FieldIndex", "")
    name = INDEXED.get(uri)
    if name is None or item.kind != "Contact":
        raise SoapFault("ErrorSchemaValidation", f"unknown FieldURI {uri!r}")
    holder = item.fields.setdefault(f"contacts:{name}", make(f"t:{name}"))
    entry = next((one for one in children(holder) if one.get("Key") == key), None)
    part = uri.rpartition(":")[2] if uri.count(":") == 2 else None
    if local(update) == "DeleteItemField":
        _remove_entry(holder, entry, part)
    else:
        given = children(_given(update))[0]
        if entry is None or part is None:
            if entry is not None:
                holder.remove(entry)
            holder.append(deepcopy(given))
        else:
            _remove_entry(holder, entry, part, keep=True)
            entry.extend(deepcopy(one) for one in children(given) if local(one) == part)
    if not len(holder):
        del item.fields[f"contacts:{name}"]
    return f"{uri}#{key}"


def _remove_entry(
    holder: Element, entry: Element | None, part: str | None, *, keep: bool = False
) -> None:
    if entry is None:
        return
    for one in children(entry):
        if local(one) == part:
            entry.remove(one)
    if not keep and not len(entry):
        holder.remove(entry)
