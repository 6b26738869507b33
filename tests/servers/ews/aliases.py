"""MAPI properties that are the same thing as a field of EWS."""

from __future__ import annotations

import re
from base64 import b64encode
from email.parser import BytesHeaderParser

from . import recurrence
from .global_id import global_object_id
from .mime_in import clean, header_text, raw_headers
from .moments import instant
from .properties import PROPERTY_SETS, PropertyPath, Value, tagged
from .recurrence_blob import blob_of
from .soap import Element, make
from .store import Item

GLOBAL_IDS = (0x0003, 0x0023)
TRANSPORT_HEADERS = 0x007D
HEADER_END = re.compile(rb"\r?\n\r?\n")
IMPORTANCE = ("Low", "Normal", "High")
SENSITIVITY = ("Normal", "Personal", "Private", "Confidential")
ALIASES = {
    0x001A: "item:ItemClass",
    0x0017: "item:Importance",
    0x0036: "item:Sensitivity",
    0x0037: "item:Subject",
    0x0039: "item:DateTimeSent",
    0x0E06: "item:DateTimeReceived",
    0x0E08: "item:Size",
    0x1035: "message:InternetMessageId",
    0x1039: "message:References",
    0x1042: "item:InReplyTo",
    0x3007: "item:DateTimeCreated",
    0x3008: "item:LastModifiedTime",
}
NAMED = {
    (PROPERTY_SETS["Task"], 0x8104): "task:StartDate",
    (PROPERTY_SETS["Task"], 0x8105): "task:DueDate",
    (PROPERTY_SETS["Task"], 0x810F): "task:CompleteDate",
}
OF_A_SERIES = {0x8236: recurrence.last_day, 0x8216: blob_of}
CHOICES = {"item:Importance": IMPORTANCE, "item:Sensitivity": SENSITIVITY}


def field_of_property(path: PropertyPath, value: Value | None) -> tuple[str, Element] | None:
    """The field that a property of a request sets, if it is one and can be set."""
    name = field_path(path)
    if name is None or not isinstance(value, str) or path.tag in (0x0E08, 0x3007, 0x3008):
        return None
    text = instant(value) if path.type == "SystemTime" else value
    if name in CHOICES:
        text = CHOICES[name][int(value)]
    return name, make(f"t:{name.partition(':')[2]}", text)


def property_of_fields(item: Item, path: PropertyPath, shown: Element | None) -> Value | None:
    """The value of a property that is a field, by the field's element."""
    if path.set == PROPERTY_SETS["Meeting"] and path.number in GLOBAL_IDS:
        uid = item.text("calendar:UID")
        return b64encode(global_object_id(uid)).decode() if uid else None
    if path.set == PROPERTY_SETS["Appointment"] and path.number in OF_A_SERIES:
        return OF_A_SERIES[path.number](item)
    name = field_path(path)
    if name is None or shown is None or shown.text is None:
        return item.properties[path] or _of_mime(item, path)
    return str(CHOICES[name].index(shown.text)) if name in CHOICES else shown.text


def field_path(path: PropertyPath) -> str | None:
    """The field URI of a property that is a field too."""
    if path.tag is not None:
        return ALIASES.get(path.tag)
    return NAMED.get((path.set, path.number))


def organizer_properties(item: Item) -> tuple[str, str] | None:
    """Name and address of whom the item comes from, when a client wrote them as properties."""
    address = item.properties[tagged(0x5D02, "String")] or item.properties[tagged(0x0065, "String")]
    name = item.properties[tagged(0x0042, "String")] or address
    if not isinstance(address, str) or not isinstance(name, str):
        return None
    return name, address


def _of_mime(item: Item, path: PropertyPath) -> str | None:
    """Headers of the message as properties: all of them, or one by its name."""
    if item.mime is None:
        return None
    if path.tag == TRANSPORT_HEADERS:
        return clean(HEADER_END.split(item.mime, maxsplit=1)[0].decode("latin-1") + "\r\n")
    if path.set != PROPERTY_SETS["InternetHeaders"] or path.name is None:
        return None
    headers = BytesHeaderParser().parsebytes(item.mime)
    values = [value for name, value in raw_headers(headers) if name.lower() == path.name.lower()]
    return header_text(values[0]) if values else None
