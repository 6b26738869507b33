"""exchangelib's items to the elements of requests and back, without a session of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from exchangelib import CalendarItem, Contact, DistributionList, EWSTimeZone, Task
from exchangelib.errors import UnknownTimeZone
from exchangelib.fields import FieldPath
from exchangelib.items import Item
from exchangelib.services import UpdateItem
from exchangelib.version import EXCHANGE_2010_SP2, Version

from ....model.items import ItemKind
from ..transport.elements import Element, T, local
from .zone_elements import name_zones

CLASSES = {
    ItemKind.CONTACTS: (Contact, DistributionList),
    ItemKind.EVENTS: (CalendarItem,),
    ItemKind.TASKS: (Task,),
}
_BY_ELEMENT = {one.ELEMENT_NAME: one for one in (CalendarItem, Contact, DistributionList, Task)}
UNFIT = (ValueError, TypeError, AttributeError, KeyError, OverflowError)
"""What exchangelib raises for values that cannot be, in an item of ours or in a reply."""

_FRACTION = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d+(Z|[+-]\d\d:\d\d)?")
_WORKDAYS, _WEEKEND = "Monday Tuesday Wednesday Thursday Friday", "Saturday Sunday"
_DAYS = {"Weekday": _WORKDAYS, "WeekendDay": _WEEKEND, "Day": f"{_WORKDAYS} {_WEEKEND}"}
_TEXTS = frozenset({"Body", "DisplayName", "FileAs", "Location", "Subject", "TextBody", "Value"})
"""What a person may have written."""

_OLDEST = Version(build=EXCHANGE_2010_SP2)


@dataclass(slots=True)
class Home:
    """What exchangelib wants to know of a mailbox: its server's version, and where it is."""

    version: Version
    default_timezone: EWSTimeZone
    protocol: None = None

    @classmethod
    def of(cls, version: Version) -> Home:
        """The mailbox is where this computer is: a server does not tell."""
        return cls(version if version.build else _OLDEST, local_zone())


def local_zone() -> EWSTimeZone:
    """The zone of this computer, or UTC where Exchange has no name for it."""
    try:
        return EWSTimeZone.localzone()
    except (UnknownTimeZone, ZoneInfoNotFoundError, ValueError, OSError):
        return EWSTimeZone("UTC")


def paths(kinds: Iterable[type[Item]], names: Sequence[str], home: Home) -> list[Element]:
    """What a GetItem for items of these classes asks for; fields the server lacks are left out."""
    found: dict[str, Element] = {}
    for kind in kinds:
        for name in names:
            if name not in kind.FIELDS:
                continue
            field = kind.FIELDS[name]
            if field.supports_version(home.version):
                for path in FieldPath(field=field).expand(version=home.version):
                    element = path.to_xml()
                    found.setdefault(str(sorted(element.attrib.items())), element)
    return list(found.values())


def element_of(item: Item, home: Home) -> Element:
    """The element of a new item. Raises `UNFIT`."""
    item.account = home
    return item.to_xml(version=home.version)


def item_of(element: Element, home: Home) -> Any:
    """The item of a reply, whose element is used up. Raises `UNFIT`."""
    name_zones(element)
    _plain(element)
    kind = _BY_ELEMENT.get(local(element))
    if kind is None:
        raise ValueError(f"no item: {local(element)}")
    return kind.from_xml(elem=element, account=home)


def _plain(element: Element) -> None:
    """Without what exchangelib stumbles over: fractions of seconds, mails nobody asked for."""
    for days in element.iterfind(f".//{T}WeeklyRecurrence/{T}DaysOfWeek"):
        days.text = " ".join(_DAYS.get(day, day) for day in (days.text or "").split())
    for one in element.iter():
        if _FRACTION.fullmatch(one.text or "") and local(one) not in _TEXTS:
            one.text = _FRACTION.sub(r"\1\2", one.text)
    for mime in element.findall(f"{T}MimeContent"):
        element.remove(mime)


class Changes(UpdateItem):  # type: ignore[misc]
    """exchangelib's way of writing updates, without sending them."""

    def __init__(self, home: Home) -> None:
        super().__init__(account=home)

    def of(self, item: Item, names: Sequence[str]) -> list[Element]:
        """SetItemField and DeleteItemField for the fields, by what the item has in them."""
        item.account = self.account
        return list(self._update_elems(target=item, fieldnames=names))
