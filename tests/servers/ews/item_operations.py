"""Items: get, create, change, delete, move and copy."""

from __future__ import annotations

from copy import deepcopy

from . import recurrence
from .changing import change_item
from .identity import new_id
from .intake import Intake
from .request import Request, for_each, inner
from .shape import Shape, read_shape, show_item
from .soap import Element, EwsError, find, make, need
from .store import Attachment, Folder, Item, Store

IDS = Shape()


def get_item(request: Request, body: Element) -> Element:
    shape = read_shape(need(body, "m:ItemShape"))
    return for_each(
        "GetItem",
        inner(body, "m:ItemIds"),
        lambda one: [make("m:Items", show_item(request.item(one), shape))],
    )


def create_item(request: Request, body: Element) -> Element:
    saved = find(body, "m:SavedItemFolderId")
    folder = request.folder_in(saved) if saved is not None else None

    def answer(one: Element) -> list[Element]:
        where = folder or request.user.distinguished(_default_folder(one))
        intake = Intake(request.store, where, request.context_zone)
        item = intake.create(one)
        request.store.put(item)
        return [make("m:Items", show_item(item, IDS))]

    return for_each("CreateItem", inner(body, "m:Items"), answer)


def _default_folder(element: Element) -> str:
    names = {"CalendarItem": "calendar", "Contact": "contacts", "Task": "tasks"}
    return names.get(element.tag.rpartition("}")[2], "drafts")


def update_item(request: Request, body: Element) -> Element:
    resolution = body.get("ConflictResolution", "")

    def answer(one: Element) -> list[Element]:
        item = change_item(request, one, resolution)
        conflicts = make("m:ConflictResults", make("t:Count", "0"))
        return [make("m:Items", show_item(item, IDS)), conflicts]

    return for_each("UpdateItem", inner(body, "m:ItemChanges"), answer)


def delete_item(request: Request, body: Element) -> Element:
    to_bin = body.get("DeleteType") == "MoveToDeletedItems"

    def answer(one: Element) -> list[Element]:
        item = request.item(one)
        if item.kind == "Task" and body.get("AffectedTaskOccurrences") is None:
            raise EwsError("ErrorAffectedTaskOccurrencesRequired", "Which occurrences?")
        if item.kind == "CalendarItem" and body.get("SendMeetingCancellations") is None:
            raise EwsError("ErrorSendMeetingCancellationsRequired", "Cancel to whom?")
        if item.master is not None:
            recurrence.delete(request.store, item)
        elif to_bin and item.folder.distinguished != "deleteditems":
            request.store.move(item, item.folder.mailbox.distinguished("deleteditems"))
        else:
            request.store.remove(item)
        return []

    return for_each("DeleteItem", inner(body, "m:ItemIds"), answer)


def move_item(request: Request, body: Element) -> Element:
    target = request.folder_in(need(body, "m:ToFolderId"))

    def answer(one: Element) -> list[Element]:
        item = _whole(request.item(one))
        request.store.move(item, target)
        return [make("m:Items", show_item(item, IDS))]

    return for_each("MoveItem", inner(body, "m:ItemIds"), answer)


def copy_item(request: Request, body: Element) -> Element:
    target = request.folder_in(need(body, "m:ToFolderId"))

    def answer(one: Element) -> list[Element]:
        copy = copied(request.store, _whole(request.item(one)), target)
        request.store.put(copy)
        return [make("m:Items", show_item(copy, IDS))]

    return for_each("CopyItem", inner(body, "m:ItemIds"), answer)


def _whole(item: Item) -> Item:
    if item.master is not None:
        raise EwsError("ErrorCalendarCannotMoveOrCopyOccurrence", "Not a single occurrence.")
    return item


def copied(store: Store, item: Item, folder: Folder) -> Item:
    """A copy with ids of its own, not yet in the folder."""
    copy = store.new_item(item.kind, folder)
    copy.fields, copy.properties = deepcopy(item.fields), item.properties.copy()
    copy.mime, copy.deleted = item.mime, set(item.deleted)
    for attachment in item.attachments:
        another = Attachment(
            new_id("attach", store.next_change()), copy, attachment.about, attachment.content
        )
        another.item, another.from_mime = attachment.item, attachment.from_mime
        copy.attachments.append(another)
    for original, exception in item.exceptions.items():
        changed = copied(store, exception, folder)
        changed.master, changed.original = copy, original
        copy.exceptions[original] = changed
    return copy


OPERATIONS = {
    "GetItem": get_item,
    "CreateItem": create_item,
    "UpdateItem": update_item,
    "DeleteItem": delete_item,
    "MoveItem": move_item,
    "CopyItem": copy_item,
}
