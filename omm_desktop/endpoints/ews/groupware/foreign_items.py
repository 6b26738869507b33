"""Contacts, events and tasks that others put in a folder: what they would be known by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from exchangelib import DistributionList

from ....model.items import Fingerprint, ItemKind
from ...convert.identity import of_card, of_uid
from ..folders.kinds import ITEM_ELEMENTS
from ..items import uids
from ..items.item_xml import CLASSES, UNFIT, Home, item_of, paths
from ..items.listing import get_items, item_in, key_of
from ..items.uids import made_up_uid
from ..people.contacts import to_person
from ..people.groups import FIELDS as GROUP_FIELDS
from ..people.groups import to_group
from ..transport.connection import Connection
from ..transport.elements import Element, local
from ..transport.faults import RequestRefused

_AT_ONCE = 50
_NAMES = {
    ItemKind.CONTACTS: (
        *("display_name", "company_name", "email_addresses", "phone_numbers", *GROUP_FIELDS),
    ),
    ItemKind.EVENTS: ("uid",),
    ItemKind.TASKS: (uids.FIELD,),
}


def fingerprints_of_others(
    connection: Connection, items: Sequence[Element]
) -> dict[str, Fingerprint]:
    """The fingerprints by key of what is no mail; a task of others has a UID of our making."""
    found: dict[str, Fingerprint] = {}
    for kind, names in _NAMES.items():
        keys = [key_of(item) for item in items if ITEM_ELEMENTS.get(local(item)) is kind]
        for start in range(0, len(keys), _AT_ONCE):
            home = Home.of(connection.version)
            wanted = paths(CLASSES[kind], names, home)
            for key, item in _read(connection, keys[start : start + _AT_ONCE], wanted, home):
                found[key] = _fingerprint(kind, key, item)
    return found


def _read(
    connection: Connection, keys: Sequence[str], wanted: Sequence[Any], home: Home
) -> Iterator[tuple[str, Any]]:
    """Those that are still there and can be read."""
    for message in _asked(connection, keys, wanted):
        element = item_in(message) if connection.fault_of(message) is None else None
        if element is None:
            continue
        key = key_of(element)
        try:
            yield key, item_of(element, home)
        except UNFIT:
            continue


def _asked(
    connection: Connection, keys: Sequence[str], wanted: Sequence[Element]
) -> Sequence[Element]:
    """The response messages, without properties from a server that has none."""
    fields = [one for one in wanted if local(one) != "ExtendedFieldURI"]
    if len(fields) < len(wanted):
        try:
            messages = connection.ask(get_items(keys, *map(deepcopy, wanted))).messages
            if any(connection.fault_of(one) is None for one in messages):
                return messages
        except RequestRefused:
            pass
    return connection.ask(get_items(keys, *fields)).messages


def _fingerprint(kind: ItemKind, key: str, item: Any) -> Fingerprint:
    if kind is ItemKind.EVENTS:
        return of_uid(kind, item.uid or made_up_uid(key))
    if kind is ItemKind.TASKS:
        return of_uid(kind, getattr(item, uids.FIELD) or made_up_uid(key))
    return of_card(to_group(item) if isinstance(item, DistributionList) else to_person(item))
