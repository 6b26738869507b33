"""SOAP elements as EWS wants them, and the extended properties we read and write (MS-OXPROPS)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from exchangelib.util import MNS, TNS, create_element, safe_xml_value

Element = Any
"""An lxml element."""

M, T = f"{{{MNS}}}", f"{{{TNS}}}"


@dataclass(frozen=True, slots=True)
class Property:
    """An extended property by its tag, by its name in a set of our own, or by its number in a set.

    `type` is that of its value; `known_set` one of the sets that have names in EWS.
    """

    type: str
    tag: int | None = None
    set_id: str = ""
    name: str = ""
    known_set: str = ""
    number: int = 0

    @property
    def path(self) -> Element:
        """Its ExtendedFieldURI."""
        if self.tag is not None:
            tag = f"0x{self.tag:04x}"
            return make("t:ExtendedFieldURI", PropertyTag=tag, PropertyType=self.type)
        if self.known_set:
            return make(
                "t:ExtendedFieldURI",
                DistinguishedPropertySetId=self.known_set,
                PropertyId=str(self.number),
                PropertyType=self.type,
            )
        return make(
            "t:ExtendedFieldURI",
            PropertySetId=self.set_id,
            PropertyName=self.name,
            PropertyType=self.type,
        )

    def valued(self, value: str) -> Element:
        """The ExtendedProperty that sets it."""
        return make("t:ExtendedProperty", self.path, make("t:Value", text=value))

    def read(self, item: Element) -> str | None:
        """Its value in an item or folder of a reply; None when it has none."""
        for one in item.iterfind(f"{T}ExtendedProperty"):
            uri, value = one.find(f"{T}ExtendedFieldURI"), one.find(f"{T}Value")
            if uri is not None and value is not None and self._is(uri):
                return value.text or ""
        return None

    def _is(self, uri: Element) -> bool:
        if self.name:
            return bool(uri.get("PropertyName") == self.name)
        told = uri.get("PropertyId" if self.known_set else "PropertyTag")
        return told is not None and int(told, 0) == (self.number or self.tag)


def make(name: str, *children: Element, text: str | None = None, **attributes: str) -> Element:
    """An element such as `m:ItemShape`; what XML cannot carry of a text becomes `?`."""
    element = create_element(name, attrs=attributes)
    if text is not None:
        element.text = safe_xml_value(text)
    element.extend(children)
    return element


def text_of(element: Element, name: str) -> str:
    """The text of a child in the types namespace; empty when there is none."""
    return element.findtext(f"{T}{name}") or ""


def field(uri: str) -> Element:
    return make("t:FieldURI", FieldURI=uri)


Wanted = str | Property | Element
"""What a reply should hold: the URI of a field such as `item:Size`, a property, or its path."""


def _path(wanted: Wanted) -> Element:
    if isinstance(wanted, Property):
        return wanted.path
    return field(wanted) if isinstance(wanted, str) else wanted


def shape(name: str, *wanted: Wanted) -> Element:
    """An ItemShape or FolderShape: the id, and what is wanted besides."""
    # Made anew each time: an element belongs to one request, and is lost to any other.
    paths = [_path(one) for one in wanted]
    base = make("t:BaseShape", text="IdOnly")
    more = [make("t:AdditionalProperties", *paths)] if paths else []
    return make(name, base, *more)


def is_last_page(root: Element, so_far: int) -> bool | None:
    """Whether nothing follows what a RootFolder of a reply holds, the last of `so_far`.

    None where the server does not tell.
    """
    told = root.get("IncludesLastItemInRange")
    if told is not None:
        return told.lower() not in ("false", "0")
    total = root.get("TotalItemsInView", "")
    return so_far >= int(total) if total.isdecimal() else None


class Properties(Enum):
    """Which extended properties a server keeps."""

    ALL = "all"
    NOT_NAMED = "all but those with a name"
    NONE = "none"


def reduce_properties(item: Element, kept: Properties) -> None:
    """Take those out of a new item that the server does not keep."""
    if kept is Properties.ALL:
        return
    for one in item.findall(f"{T}ExtendedProperty"):
        is_named = one.find(f"{T}ExtendedFieldURI").get("PropertyName") is not None
        if is_named or kept is Properties.NONE:
            item.remove(one)


def local(element: Element) -> str:
    """The name without its namespace; empty for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Element | None) -> Iterator[Element]:
    """The elements in an element, without comments."""
    return iter(() if element is None else (one for one in element if local(one)))
