"""Everything a mailbox of the server holds, in words, so that two can be compared item by item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from difflib import ndiff
from hashlib import sha256

from lxml import etree

from omm_desktop.endpoints.ews.items.mark import MARK, PROPERTY_SET
from omm_desktop.model.items import FolderPath

from .aliases import organizer_properties
from .properties import read_path
from .server import EwsServer
from .snapshot import path_of
from .soap import Element
from .store import Attachment, Folder, Item

MARK_PATH = read_path(MARK.path)
DEFAULTS = {
    "item:ReminderIsSet": "false",
    "item:ReminderMinutesBeforeStart": "0",
    "contacts:PostalAddressIndex": "None",
}
"""What is the same as not saying it."""

PEOPLE = {"calendar:RequiredAttendees", "calendar:OptionalAttendees"}
OF_ORGANIZERS = {0x0042, 0x0064, 0x0065, 0x5D02}

Holding = dict[FolderPath, Counter[str]]
"""For each folder that is not empty, its items as they are."""


def holding_of(server: EwsServer, address: str) -> Holding:
    """All items, to the last field; without ids, and without what a copy notes for itself."""
    with server.turn:
        return {
            path_of(folder): Counter(map(_told, folder.items.values()))
            for folder in _filled(server, address)
        }


def unfinished_of(server: EwsServer, address: str) -> list[str]:
    """Items that say of themselves that they lack something, or not what they are a copy of."""
    with server.turn:
        items = [one for folder in _filled(server, address) for one in folder.items.values()]
        marks = [(item, str(item.properties[MARK_PATH] or "none")) for item in items]
    return [
        f"{item.kind} {item.text('item:Subject')}: {mark}"
        for item, mark in marks
        if mark == "none" or mark.startswith("unfinished")
    ]


def differences(expected: Holding, found: Holding) -> list[str]:
    """What is missing, too much or different, the first of each folder; none when equal."""
    told = []
    for path in sorted(expected.keys() | found.keys()):
        wanted, there = expected.get(path, Counter()), found.get(path, Counter())
        missing, surplus = wanted - there, there - wanted
        if missing or surplus:
            head = f"{'/'.join(path)}: {missing.total()} missing, {surplus.total()} not expected"
            one, other = (min(some, default="").splitlines() for some in (missing, surplus))
            lines = ndiff(one, other)
            told.append("\n".join([head, *(line for line in lines if line[0] in "+-")]))
    return told


def _filled(server: EwsServer, address: str) -> list[Folder]:
    folders = server.store.mailboxes[address].folders.values()
    return [folder for folder in folders if folder.items]


def _told(item: Item) -> str:
    return "\n".join(_lines(item))


def _lines(item: Item) -> Iterator[str]:
    yield f"{item.kind} {item.text('item:Subject')}"
    fields = item.fields.items()
    yield from sorted(
        f"{path} {_shown(one)}" for path, one in fields if DEFAULTS.get(path, "") != one.text
    )
    yield from sorted(
        f"{path} {value}"
        for path, value in item.properties.items()
        if path.set != PROPERTY_SET and path.tag not in OF_ORGANIZERS
    )
    if item.fields.keys() & PEOPLE:
        owner = item.folder.mailbox
        yield f"organizer {organizer_properties(item) or (owner.name, owner.address)}"
    yield from sorted(map(_attached, item.attachments))
    for original in sorted(item.deleted):
        yield f"without {original}"
    for original, exception in sorted(item.exceptions.items()):
        yield f"instead of {original}"
        yield from (f"    {line}" for line in _lines(exception))


def _attached(attachment: Attachment) -> str:
    about = " ".join(map(_shown, attachment.about))
    inside = "" if attachment.item is None else _told(attachment.item).replace("\n", "\n    ")
    return f"attached {about} {sha256(attachment.content).hexdigest()} {inside}"


def _shown(element: Element) -> str:
    """The element as XML, without what the server numbers by itself."""
    copy = etree.fromstring(etree.tostring(element, with_tail=False))
    for member in copy.iter("{*}Member"):
        member.attrib.pop("Key", None)
    for known in copy.iter("{*}MailboxType"):
        known.text = ""
    etree.cleanup_namespaces(copy)
    return str(etree.tostring(copy, method="c14n").decode())
