"""What the class of an item or of a folder makes it ([MS-OXCMSG] 2.2.1.3, [MS-OXOSFLD] 2.2.5)."""

from __future__ import annotations

from ...model.items import ItemKind

_OF_ITEMS = {
    "ipm.contact": ItemKind.CONTACTS,
    "ipm.distlist": ItemKind.CONTACTS,
    "ipm.abchperson": ItemKind.CONTACTS,
    "ipm.appointment": ItemKind.EVENTS,
    "ipm.task": ItemKind.TASKS,
}
_OF_FOLDERS = {
    "ipf.contact": ItemKind.CONTACTS,
    "ipf.appointment": ItemKind.EVENTS,
    "ipf.task": ItemKind.TASKS,
}
LIST = "ipm.distlist"


def kind_of_item(message_class: str, folder: ItemKind) -> ItemKind:
    """Notes, journal entries, reports and invitations are mail, as everything not listed here.

    An item that does not tell its class is what its `folder` is for.
    """
    if not message_class:
        return folder
    return _found(message_class, _OF_ITEMS)


def kind_of_folder(container_class: str) -> ItemKind:
    """What a folder is for; mail where it does not tell."""
    return _found(container_class, _OF_FOLDERS)


def key_of(nid: int, kind: ItemKind) -> str:
    """A folder of the file with items of several kinds is a folder for each."""
    return f"{nid:x} {kind}"


def place_of(key: str) -> tuple[int, ItemKind]:
    """The node of the folder and the kind, from a key."""
    nid, _, kind = key.partition(" ")
    return int(nid, 16), ItemKind(kind)


def _found(name: str, kinds: dict[str, ItemKind]) -> ItemKind:
    """By the class or by one of those it is derived from."""
    parts = ".".join(name.lower().split(".")[:2])
    return kinds.get(parts, ItemKind.MAIL)
