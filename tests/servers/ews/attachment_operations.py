"""Attachments: add, get and take away."""

from __future__ import annotations

from base64 import b64encode

from . import recurrence
from .computed import attachment_id, show_attachment
from .intake import Intake
from .request import Request, for_each, inner
from .shape import read_shape, show_item
from .soap import Element, EwsError, find, make, need
from .store import Item


def create_attachment(request: Request, body: Element) -> Element:
    parent = request.item(need(body, "m:ParentItemId"))

    def answer(one: Element) -> list[Element]:
        item = _changeable(request, parent)
        intake = Intake(request.store, item.folder, request.context_zone)
        _check_size(item, one)
        attachment = intake.attach(item, one)
        request.store.keep_attachments(item)
        request.store.touch(item)
        reference = attachment_id(attachment)
        reference.set("RootItemId", item.id)
        reference.set("RootItemChangeKey", item.change_key)
        kind = "t:FileAttachment" if attachment.item is None else "t:ItemAttachment"
        return [make("m:Attachments", make(kind, reference))]

    return for_each("CreateAttachment", inner(body, "m:Attachments"), answer)


def _changeable(request: Request, item: Item) -> Item:
    return recurrence.change(request.store, item) if item.master is not None else item


def _check_size(item: Item, element: Element) -> None:
    largest = item.folder.mailbox.largest_item
    content = element.findtext("{*}Content") or ""
    if largest is not None and item.size + len(content) * 3 // 4 > largest:
        raise EwsError("ErrorMessageSizeExceeded", "The message exceeds the maximum size.")
    quota = item.folder.mailbox.quota
    if quota is not None and item.folder.mailbox.used + len(content) * 3 // 4 > quota:
        raise EwsError("ErrorQuotaExceeded", "The mailbox has exceeded its quota.")


def get_attachment(request: Request, body: Element) -> Element:
    shape = read_shape(find(body, "m:AttachmentShape"))
    shape.base = "AllProperties"

    def answer(one: Element) -> list[Element]:
        attachment = request.attachment(one)
        if attachment.item is None:
            content = make("t:Content", b64encode(attachment.content).decode())
        else:
            content = show_item(attachment.item, shape)
            content.remove(need(content, "t:ItemId"))
        return [make("m:Attachments", show_attachment(attachment, content))]

    return for_each("GetAttachment", inner(body, "m:AttachmentIds"), answer)


def delete_attachment(request: Request, body: Element) -> Element:
    def answer(one: Element) -> list[Element]:
        attachment = request.attachment(one)
        item = attachment.owner
        item.attachments.remove(attachment)
        del request.store.attachments[attachment.id]
        request.store.touch(item)
        return [make("m:RootItemId", RootItemId=item.id, RootItemChangeKey=item.change_key)]

    return for_each("DeleteAttachment", inner(body, "m:AttachmentIds"), answer)


OPERATIONS = {
    "CreateAttachment": create_attachment,
    "GetAttachment": get_attachment,
    "DeleteAttachment": delete_attachment,
}
