"""SyncFolderItems: what happened in a folder since a state, a page at a time."""

from __future__ import annotations

from base64 import b64decode, b64encode

from .request import Request, inner
from .shape import Shape, read_shape, show_item
from .soap import Element, EwsError, SoapFault, find, make, need, plain, response, success, text_at
from .store import Folder, Item

MOST_CHANGES = 512


def sync_folder_items(request: Request, body: Element) -> Element:
    shape = read_shape(find(body, "m:ItemShape"), finding=True)
    folder = request.folder_in(need(body, "m:SyncFolderId"))
    since = _state(text_at(body, "m:SyncState"), folder.id)
    ignored = {one.get("Id") for one in inner(body, "m:Ignore")}
    most = int(text_at(body, "m:MaxChangesReturned") or MOST_CHANGES)
    if not 1 <= most <= MOST_CHANGES:
        raise SoapFault("ErrorSchemaValidation", f"1 to {MOST_CHANGES} changes at a time")
    pending = sorted(_changes(folder, since), key=lambda change: change[0])
    page = pending[:most]
    complete = len(page) == len(pending)
    reached = request.store.changes if complete else page[-1][0]
    changes = make("m:Changes")
    for _, verb, item, identifier in page:
        if identifier not in ignored:
            changes.append(_shown(verb, item, identifier, shape))
    message = success(
        "SyncFolderItems",
        make("m:SyncState", b64encode(f"items {reached} {folder.id}".encode()).decode()),
        make("m:IncludesLastItemInRange", plain(complete)),
        changes,
    )
    return response("SyncFolderItems", [message])


Change = tuple[int, str, Item | None, str]


def _changes(folder: Folder, since: int) -> list[Change]:
    """Number, verb, item and id of each change after `since`."""
    changes: list[Change] = []
    for item in folder.items.values():
        if item.arrived_at > since:
            changes.append((item.arrived_at, "Create", item, item.id))
        elif item.changed_at > since:
            changes.append((item.changed_at, "Update", item, item.id))
        elif item.read_flag_at > since:
            changes.append((item.read_flag_at, "ReadFlagChange", item, item.id))
    for gone_at, identifier, arrived_at in folder.gone:
        if gone_at > since >= arrived_at:
            changes.append((gone_at, "Delete", None, identifier))
    return changes


def _shown(verb: str, item: Item | None, identifier: str, shape: Shape) -> Element:
    if item is None:
        return make("t:Delete", make("t:ItemId", Id=identifier))
    if verb == "ReadFlagChange":
        read = item.fields["message:IsRead"].text or ""
        reference = make("t:ItemId", Id=item.id, ChangeKey=item.change_key)
        return make("t:ReadFlagChange", reference, make("t:IsRead", read))
    return make(f"t:{verb}", show_item(item, shape, finding=True))


def _state(text: str | None, folder: str) -> int:
    if not text:
        return 0
    try:
        kind, number, whose = b64decode(text, validate=True).decode().split(" ")
        if (kind, whose) == ("items", folder):
            return int(number)
    except ValueError:
        pass
    raise EwsError("ErrorInvalidSyncStateData", "The synchronization state data is invalid.")


OPERATIONS = {"SyncFolderItems": sync_folder_items}
