"""People named within a property by one-off entry ids ([MS-OXCDATA] 2.2.5.1 and 2.3.3)."""

from __future__ import annotations

from struct import Struct

from ..damage import Damaged, unpack
from .recipient import Person

_LIST = Struct("<II")
_SIZE = Struct("<I")
_ONE_OFF = bytes.fromhex("812b1fa4bea310199d6e00dd010f5402")
_FLAGS = Struct("<20xHH")
_UNICODE = 0x8000


def people_of(entries: bytes) -> list[Person]:
    """The people of a FlatEntryList whose names and addresses it holds; the others are left out."""
    people: list[Person] = []
    try:
        count, _ = unpack(_LIST, entries)
        position = _LIST.size
        for _ in range(count):
            (size,) = unpack(_SIZE, entries, position)
            start = position + _SIZE.size
            if person := one_off(entries[start : start + size]):
                people.append(person)
            position = start + size + -size % 4
    except Damaged:
        # A list cut short still names those before the cut.
        pass
    return people


def one_off(entry_id: bytes) -> Person | None:
    """The person of a one-off entry id with an Internet address, None for any other."""
    if entry_id[4:20] != _ONE_OFF:
        return None
    _, flags = unpack(_FLAGS, entry_id)
    if flags & _UNICODE:
        strings = entry_id[24:][: len(entry_id[24:]) & ~1].decode("utf-16-le", "replace")
    else:
        strings = entry_id[24:].decode("cp1252", "replace")
    name, kind, address, *_ = [*strings.split("\0"), "", ""]
    if kind.upper() != "SMTP" or "@" not in address:
        return None
    return Person(name.strip(), address.strip())
