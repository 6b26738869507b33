"""Distribution lists ([MS-OXOCNTC] 2.2.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..damage import Damaged
from ..messaging.entry_ids import one_off
from ..messaging.message import Message
from ..messaging.recipient import NOBODY, Person
from ..messaging.tags import Tag
from .contact import contact
from .item import NamedQuestions, description
from .names import address

_NAME, _ONE_OFFS, _MEMBERS = address(0x8053), address(0x8054), address(0x8055)
_WRAPPED = bytes.fromhex("c091add3519dcf11a4a900aa0047faa4")
_STORE_ENTRY_ID = 24

OpenItem = Callable[[int], Message]
"""Gives the item with a node id; raises `Damaged`."""


@dataclass(frozen=True, slots=True)
class DistributionList:
    """A list of people. `unknown` counts members of whom the file holds no Internet address."""

    name: str
    members: list[Person]
    unknown: int
    note: str
    categories: list[str]


def distribution_list(message: Message, item: OpenItem) -> DistributionList:
    """The list that a message of class IPM.DistList is; `item` opens the contacts it points to."""
    named = NamedQuestions(message)
    wrapped = named.binaries(_MEMBERS)
    one_offs = named.binaries(_ONE_OFFS)
    members: list[Person] = []
    unknown = 0
    for index in range(max(len(wrapped), len(one_offs))):
        person = one_off(one_offs[index]) if index < len(one_offs) else None
        if person is None and index < len(wrapped):
            person = _member(wrapped[index], item)
        if person is None:
            unknown += 1
        else:
            members.append(person)
    name = named.text(_NAME) or message.properties.text(Tag.DISPLAY_NAME) or message.subject
    return DistributionList(name, members, unknown, description(message), message.categories)


def _member(entry_id: bytes, item: OpenItem) -> Person | None:
    """The person a member's entry id tells of, or the first address of the contact it wraps."""
    if person := one_off(entry_id):
        return person
    if entry_id[4:20] != _WRAPPED:
        return None
    inner = entry_id[21:]
    if person := one_off(inner):
        return person
    if len(inner) < _STORE_ENTRY_ID:
        return None
    try:
        found = contact(item(int.from_bytes(inner[20:24], "little")))
    except Damaged:
        return None
    person = next((Person(found.full_name, email.address) for email in found.emails), NOBODY)
    return None if person == NOBODY else person
