"""What is in a folder, by the folder's own table as far as that can be read."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from ...model.items import ItemKind, ItemRef
from ..pst.damage import Damaged
from ..pst.messaging.attachment import Attachment, AttachMethod
from ..pst.messaging.folder import Folder
from ..pst.messaging.message import Message
from ..pst.messaging.properties import Properties
from ..pst.messaging.store import Store
from ..pst.messaging.tags import Tag
from .kinds import kind_of_folder, kind_of_item
from .pulse import Pulse
from .talk import WINDOW

_LARGE = 4 << 20
_DEEPEST = 16
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_TIMES = (Tag.MESSAGE_DELIVERY_TIME, Tag.CLIENT_SUBMIT_TIME, Tag.CREATION_TIME)
_OVER = 0x8236


class Listed(NamedTuple):
    """An item as its folder lists it; `size` in bytes as the file keeps it."""

    nid: int
    kind: ItemKind
    size: int
    received: datetime | None


def listed_items(store: Store, folder: Folder, pulse: Pulse) -> Iterator[Listed]:
    """Everything in a folder, in the order of the file. What is damaged counts as well."""
    own = kind_of_folder(folder.container_class)
    for nid, row in folder.items():
        pulse()
        yield _listed(store, nid, row, own)


def _listed(store: Store, nid: int, row: Properties | None, own: ItemKind) -> Listed:
    with suppress(Damaged):
        properties = row
        if properties is None or not properties.has(Tag.MESSAGE_CLASS):
            properties = store.message(nid).properties
        with properties.forgiving():
            kind = kind_of_item(properties.text(Tag.MESSAGE_CLASS) or "", own)
            size = max(properties.integer(Tag.MESSAGE_SIZE) or 0, 0)
            times = (properties.time(tag) for tag in _TIMES)
            return Listed(nid, kind, size, next(filter(None, times), None))
    return Listed(nid, own, 0, None)


class Listing:
    """The items of one kind in a folder, newest first."""

    def __init__(
        self, store: Store, folder: Folder, kind: ItemKind, since: date | None, pulse: Pulse
    ) -> None:
        """Those that are over before `since` are left out."""
        self._store = store
        self._kind = kind
        self._pulse = pulse
        nids, sizes, times = array("I"), array("Q"), array("q")
        for item in listed_items(store, folder, pulse):
            if item.kind is kind and (since is None or _counts(store, item, since)):
                nids.append(item.nid)
                sizes.append(item.size)
                times.append(_seconds(item.received))
        places = range(len(nids))
        order = sorted(places, key=lambda place: (times[place], nids[place]), reverse=True)
        self._order = array("I", order)
        self._nids, self._sizes, self._times = nids, sizes, times

    def window(self, folder_key: str, start: int) -> list[ItemRef]:
        """Some of them, from that place on."""
        found = []
        for place in self._order[start : start + WINDOW]:
            self._pulse()
            nid, size, seconds = self._nids[place], self._sizes[place], self._times[place]
            if self._kind is ItemKind.MAIL and size > _LARGE:
                size = _written_size(self._store, nid)
            received = _EPOCH + timedelta(seconds=seconds) if seconds else None
            found.append(ItemRef(folder_key, str(nid), size, received))
        return found


def _seconds(moment: datetime | None) -> int:
    return 0 if moment is None else (moment - _EPOCH) // timedelta(seconds=1)


def _counts(store: Store, item: Listed, since: date) -> bool:
    """Whether it is not over before that day, as far as it tells."""
    last = item.received
    if item.kind is ItemKind.EVENTS:
        # Here, since most files are read whole, or hold mail alone.
        from ..pst.organizer.item import NamedQuestions
        from ..pst.organizer.names import appointment

        last = None
        with suppress(Damaged):
            # Of a series it is the end of the last occurrence (PidLidClipEnd).
            last = NamedQuestions(store.message(item.nid)).time(appointment(_OVER))
    elif item.kind is not ItemKind.MAIL:
        return True
    return last is None or last.date() >= since


def _written_size(store: Store, nid: int) -> int:
    """At least how many bytes a large message will have, by its attachments: some are too large
    for where they go, and none may be called so that is not.
    """
    try:
        return _attached(store.message(nid), _DEEPEST)
    except Damaged:
        return 0


def _attached(message: Message, deepest: int) -> int:
    # What is signed as a whole is written as it is, and never grows.
    growth = 1.0 if "smime" in message.message_class.lower() else 78 / 57
    found = 0
    for attachment in message.attachments():
        with suppress(Damaged):
            if not isinstance(attachment, Attachment):
                continue
            if attachment.method != AttachMethod.EMBEDDED_MESSAGE:
                found += int(attachment.size * growth)
            elif deepest:
                found += _attached(message.embedded(attachment), deepest - 1)
    return found
