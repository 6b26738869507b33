"""A new item, as Exchange takes it from a request."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from copy import deepcopy
from dataclasses import dataclass

from . import events
from .aliases import field_of_property
from .fields import INSTANTS, ITEM_CLASSES, PATHS, READ_ONLY, boolean, is_boolean
from .identity import new_id
from .mime_in import absorb, read_mime
from .moments import parse, show, zone
from .properties import PropertyPath, Value, read_property, tagged
from .soap import Element, EwsError, SoapFault, children, find, local, make, text_at
from .store import Attachment, Folder, Item, Store

FLAGS = tagged(0x0E07, "Integer")
READ, UNMODIFIED, SUBMITTED, UNSENT, HAS_ATTACHMENTS, FROM_ME, RESEND = 1, 2, 4, 8, 16, 32, 128
FLAG_STATUS = tagged(0x1090, "Integer")
FLAG_NUMBERS = {"NotFlagged": "0", "Complete": "1", "Flagged": "2"}
PEOPLE = ("Sender", "From", "ReceivedBy", "ReceivedRepresenting")
LISTS_OF_PEOPLE = ("ToRecipients", "CcRecipients", "BccRecipients", "ReplyTo")
LINE_END = re.compile(r"\r?\n")
ABOUT_ATTACHMENT = ("Name", "ContentType", "ContentId", "ContentLocation", "IsInline")


@dataclass(frozen=True, slots=True)
class Intake:
    """Where new items go, and the Windows name of the zone the request speaks in."""

    store: Store
    folder: Folder
    context_zone: str | None = None

    def create(self, element: Element) -> Item:
        """The item, complete but not in its folder yet; EwsError when it is refused."""
        kind = local(element)
        kind = "Message" if kind == "Item" else kind
        if kind not in PATHS:
            raise EwsError("ErrorInvalidOperation", f"A {kind} cannot be created.")
        refusal = self.folder.mailbox.refuses_item(element)
        if refusal is not None:
            raise EwsError(refusal, "The item was refused.")
        item = self.store.new_item(kind, self.folder)
        attachments = find(element, "t:Attachments")
        for child in children(element):
            self._take(item, child)
        mime = text_at(element, "t:MimeContent")
        if mime is not None:
            self._absorb(item, mime)
        for attachment in children(attachments) if attachments is not None else []:
            self.attach(item, attachment)
        finish(self.store, item, self.context_zone)
        self._check_size(item)
        return item

    def _take(self, item: Item, child: Element) -> None:
        name = local(child)
        if name in ("MimeContent", "Attachments"):
            return
        if name == "ExtendedProperty":
            set_property(item, *read_property(child))
            return
        path_of_field = PATHS[item.kind].get(name)
        if path_of_field is None or path_of_field in READ_ONLY:
            raise EwsError(
                "ErrorInvalidPropertySet", "Set action is invalid for property.", FieldURI=name
            )
        item.fields[path_of_field] = normal(path_of_field, child, self.context_zone)

    def _absorb(self, item: Item, mime: str) -> None:
        if item.kind not in ("Message", "PostItem"):
            raise EwsError("ErrorUnsupportedMimeConversion", f"No MIME for a {item.kind} here.")
        data = read_mime(mime)
        refusal = self.folder.mailbox.refuses(data)
        if refusal is not None:
            raise EwsError(refusal, "The message was refused.")
        absorb(self.store, item, data)

    def attach(self, item: Item, element: Element) -> Attachment:
        """Add the attachment of a request to the item; EwsError when it is refused."""
        about = make("t:About")
        for name in (*ABOUT_ATTACHMENT, "IsContactPhoto"):
            given = find(element, f"t:{name}")
            if given is not None:
                about.append(deepcopy(given))
        settle_booleans(about)
        if find(about, "t:Name") is None:
            raise EwsError("ErrorInvalidRequest", "An attachment needs a name.")
        attachment = Attachment(new_id("attach", self.store.next_change()), item, about)
        if local(element) == "FileAttachment":
            try:
                attachment.content = b64decode(text_at(element, "t:Content") or "")
            except Base64Error:
                raise SoapFault("ErrorSchemaValidation", "not valid base64") from None
        else:
            inner = [one for one in children(element) if local(one) in PATHS]
            if len(inner) != 1:
                raise EwsError("ErrorMissingItemForCreateItemAttachment", "No item.")
            attachment.item = self.create(inner[0])
        item.attachments.append(attachment)
        return attachment

    def _check_size(self, item: Item) -> None:
        mailbox = self.folder.mailbox
        if mailbox.largest_item is not None and item.size > mailbox.largest_item:
            raise EwsError(
                "ErrorMessageSizeExceeded",
                "The message exceeds the maximum supported size.",
            )
        if mailbox.quota is not None and mailbox.used + item.size > mailbox.quota:
            raise EwsError("ErrorQuotaExceeded", "The mailbox has exceeded its quota.")


def normal(path: str, element: Element, context_zone: str | None) -> Element:
    """The element as the store keeps it: instants in UTC, people with all they need."""
    copy = deepcopy(element)
    copy.tail = None
    if path in INSTANTS:
        naive = zone(context_zone) if context_zone else None
        try:
            copy.text = show(parse(copy.text or "", naive))
        except ValueError:
            raise EwsError("ErrorInvalidValueForProperty", "Not a date.") from None
    settle_booleans(copy)
    name = local(copy)
    if name == "Body":
        copy.text = LINE_END.sub("\r\n", copy.text or "")
    if name in PEOPLE or name in LISTS_OF_PEOPLE:
        for mailbox in children(copy):
            events.complete_mailbox(mailbox)
    return copy


def settle_booleans(element: Element) -> None:
    """Write every truth in the element the way Exchange does."""
    for one in element.iter("{*}*"):
        if is_boolean(local(one)) and not len(one):
            one.text = boolean(one.text or "")


def finish(store: Store, item: Item, context_zone: str | None) -> None:
    """What Exchange adds and corrects when it saves an item."""
    item.fields.setdefault("item:ItemClass", make("t:ItemClass", ITEM_CLASSES[item.kind]))
    item.fields.setdefault("item:Importance", make("t:Importance", "Normal"))
    item.fields.setdefault("item:Sensitivity", make("t:Sensitivity", "Normal"))
    flag = item.fields.pop("item:Flag", None)
    if flag is not None:
        number = FLAG_NUMBERS[text_at(flag, "t:FlagStatus") or "NotFlagged"]
        item.properties[FLAG_STATUS] = number
    if item.kind in ("Message", "PostItem"):
        _finish_message(store, item)
    elif item.kind == "CalendarItem":
        events.finish_event(store, item, context_zone)
    elif item.kind == "Task":
        events.finish_task(store, item)
    elif item.kind == "Contact":
        events.finish_contact(item)
        shown = item.fields.get("contacts:DisplayName")
        if shown is not None:
            item.fields.setdefault("item:Subject", make("t:Subject", shown.text or ""))
    else:
        events.finish_list(item)


def _finish_message(store: Store, item: Item) -> None:
    """A message without PR_MESSAGE_FLAGS is a draft, one without a delivery time came now."""
    given = item.properties.tag(0x0E07)
    flags = int(given) if given is not None else UNSENT | READ
    read = item.fields.get("message:IsRead")
    if read is not None:
        flags = flags | READ if read.text == "true" else flags & ~READ
    set_flags(item, flags)
    now = show(store.now())
    item.fields.setdefault("item:DateTimeReceived", make("t:DateTimeReceived", now))
    item.fields.setdefault("item:DateTimeSent", make("t:DateTimeSent", now))
    message_id = f"<{item.id[-24:].strip('=').replace('/', '.')}@exchange.test>"
    item.fields.setdefault("message:InternetMessageId", make("t:InternetMessageId", message_id))


def set_property(item: Item, path: PropertyPath, value: Value) -> None:
    """Keep the value, as a field when the property is one."""
    known = field_of_property(path, value)
    if known is None:
        item.properties[path] = value
    else:
        item.fields[known[0]] = known[1]


def set_flags(item: Item, flags: int) -> None:
    """Keep PR_MESSAGE_FLAGS and IsRead the same."""
    item.properties[FLAGS] = str(flags)
    item.fields["message:IsRead"] = make("t:IsRead", "true" if flags & READ else "false")


def flags_of(item: Item) -> int:
    return int(item.properties.tag(0x0E07) or 0)
