"""Items as a reply shows them: the fields a shape asks for, in the order of the schema."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field

from .aliases import field_path, property_of_fields
from .computed import COMPUTED, MISSING
from .fields import INDEXED, KNOWN, NOT_IN_FIND, PATHS
from .html_text import text_of
from .mime_out import mime_of
from .properties import PropertyPath, read_path, write_property
from .soap import Element, EwsError, SoapFault, children, find, local, make, text_at
from .store import Item
from .words import words

ALWAYS = "item:ItemId"
DEFAULT = frozenset(
    words(
        "item:ItemId item:ItemClass item:Subject item:Sensitivity item:Size item:DateTimeSent "
        "item:DateTimeCreated item:HasAttachments item:Attachments item:Body item:Importance "
        "item:IsDraft message:From message:IsRead message:ToRecipients message:CcRecipients "
        "message:InternetMessageId message:Sender message:References calendar:Start calendar:End "
        "calendar:Location calendar:LegacyFreeBusyStatus calendar:IsRecurring "
        "calendar:CalendarItemType calendar:Organizer calendar:UID contacts:FileAs "
        "contacts:DisplayName contacts:EmailAddresses contacts:PhoneNumbers contacts:CompanyName "
        "task:DueDate task:StartDate task:Status task:PercentComplete task:Recurrence"
    )
)
LONGEST_IN_FIND = 255
MEETINGS = (
    ("IPM.Schedule.Meeting.Request", "MeetingRequest"),
    ("IPM.Schedule.Meeting.Resp", "MeetingResponse"),
    ("IPM.Schedule.Meeting.Canceled", "MeetingCancellation"),
)


@dataclass(slots=True)
class Shape:
    """What an ItemShape or an AttachmentShape asks for."""

    base: str = "IdOnly"
    body_type: str = "Best"
    paths: set[str] = field(default_factory=set)
    indexed: set[tuple[str, str]] = field(default_factory=set)
    properties: list[PropertyPath] = field(default_factory=list)
    _asked: dict[tuple[str, bool], list[tuple[str, str]]] = field(default_factory=dict)

    def asked(self, kind: str, finding: bool) -> list[tuple[str, str]]:
        """Names and paths of what a reply may hold of an item of that kind, worked out once."""
        if (kind, finding) not in self._asked:
            entries = {INDEXED.get(uri) for uri, _ in self.indexed}
            self._asked[kind, finding] = [
                (name, path)
                for name, path in PATHS[kind].items()
                if self.wants(path, finding) or name in entries or name == "ExtendedProperty"
            ]
        return self._asked[kind, finding]

    def wants(self, path: str, finding: bool) -> bool:
        if path in self.paths or path == ALWAYS:
            return True
        if path == "item:MimeContent" or (finding and path in NOT_IN_FIND):
            return False
        return self.base == "AllProperties" or (self.base == "Default" and path in DEFAULT)


def read_shape(element: Element | None, *, finding: bool = False) -> Shape:
    """The shape a request asks for; EwsError for fields that cannot be had this way."""
    shape = Shape()
    if element is None:
        return shape
    shape.base = text_at(element, "t:BaseShape") or "IdOnly"
    shape.body_type = text_at(element, "t:BodyType") or "Best"
    if text_at(element, "t:IncludeMimeContent") == "true":
        shape.paths.add("item:MimeContent")
    more = find(element, "t:AdditionalProperties")
    for path in children(more) if more is not None else []:
        _add(shape, path)
    if finding and shape.paths & NOT_IN_FIND:
        names = ", ".join(sorted(shape.paths & NOT_IN_FIND))
        raise EwsError(
            "ErrorInvalidPropertyRequest", f"The property is not valid for this operation: {names}"
        )
    return shape


def _add(shape: Shape, path: Element) -> None:
    if local(path) == "ExtendedFieldURI":
        shape.properties.append(read_path(path))
    elif local(path) == "IndexedFieldURI":
        uri = path.get("FieldURI", "")
        if uri != "item:InternetMessageHeader" and uri not in INDEXED:
            raise SoapFault("ErrorSchemaValidation", f"unknown FieldURI {uri!r}")
        shape.indexed.add((uri, path.get("FieldIndex", "")))
    else:
        uri = path.get("FieldURI", "")
        if uri not in KNOWN and uri.partition(":")[0] in ("item", "message", "calendar", "task"):
            raise SoapFault("ErrorSchemaValidation", f"unknown FieldURI {uri!r}")
        shape.paths.add(uri)


def value(item: Item, path: str) -> Element | None:
    """The element of a field as it is now, computed or stored."""
    compute = COMPUTED.get(path)
    if compute is None:
        return item.fields.get(path)
    computed = compute(item)
    return item.fields.get(path) if computed is MISSING else computed


def property_value(item: Item, path: PropertyPath) -> str | list[str] | None:
    """The value of an extended property, those that are fields included."""
    name = field_path(path)
    return property_of_fields(item, path, value(item, name) if name is not None else None)


def item_id(item: Item) -> Element:
    return make("t:ItemId", Id=item.id, ChangeKey=item.change_key)


def show_item(item: Item, shape: Shape, *, finding: bool = False) -> Element:
    """The element of the item."""
    shown = make(f"t:{_element_name(item)}")
    for name, path in shape.asked(item.kind, finding):
        if name == "ExtendedProperty":
            shown.extend(_properties(item, shape, finding))
        elif path == ALWAYS:
            shown.append(item_id(item))
        elif path == "item:MimeContent":
            encoded = b64encode(mime_of(item)).decode()
            shown.append(make("t:MimeContent", encoded, CharacterSet="UTF-8"))
        elif shape.wants(path, finding):
            element = value(item, path)
            if element is not None:
                shown.append(_presented(element, shape, finding))
        elif element := _entries(item, name, path, shape):
            shown.append(element[0])
    return shown


def _element_name(item: Item) -> str:
    """Meeting requests and answers are messages with an element of their own."""
    item_class = item.text("item:ItemClass")
    return next((name for start, name in MEETINGS if item_class.startswith(start)), item.kind)


def _presented(element: Element, shape: Shape, finding: bool) -> Element:
    copy = deepcopy(element)
    if local(copy) == "Body":
        kind = copy.get("BodyType")
        if shape.body_type == "Text" and kind == "HTML":
            copy.text = text_of(copy.text or "")
            copy.set("BodyType", "Text")
        elif shape.body_type == "HTML" and kind == "Text":
            copy.text = f"<html><body><pre>{copy.text or ''}</pre></body></html>"
            copy.set("BodyType", "HTML")
    elif finding and not len(copy) and len(copy.text or "") > LONGEST_IN_FIND:
        copy.text = (copy.text or "")[:LONGEST_IN_FIND]
    return copy


def _properties(item: Item, shape: Shape, finding: bool) -> Iterator[Element]:
    for path in shape.properties:
        found = property_value(item, path)
        if found is not None:
            yield write_property(path, found, shortened=finding)


def _entries(item: Item, name: str, path: str, shape: Shape) -> list[Element]:
    """Of a dictionary, only the entries and parts asked for one by one."""
    wanted = [(uri, index) for uri, index in shape.indexed if INDEXED.get(uri) == name]
    stored = value(item, path) if wanted else None
    if stored is None:
        return []
    shown = make(f"t:{name}")
    for entry in children(stored):
        uris = [uri for uri, index in wanted if index == entry.get("Key")]
        if not uris:
            continue
        copy = deepcopy(entry)
        parts = {uri.rpartition(":")[2] for uri in uris}
        for part in children(copy):
            if local(part) not in parts:
                copy.remove(part)
        shown.append(copy)
    return [shown] if len(shown) else []
