"""Identifiers of events and tasks (RFC 5545 section 3.8.4.7)."""

from __future__ import annotations

import hashlib
from contextlib import suppress

from ..pst.damage import Damaged
from ..pst.messaging.folder import Folder
from ..pst.messaging.message import Message
from ..pst.messaging.store import Store
from ..pst.messaging.tags import Tag
from ..pst.organizer.appointment import uid_of
from .pulse import Pulse

_OCTETS = 8


class EventIds:
    """The identifiers of the events of one folder.

    An appointment copied in Outlook keeps the identifier of the one it was copied from, and a
    calendar holds two of one identifier for one: from the second on each gets a number behind it.
    """

    def __init__(self, store: Store, folder: Folder, pulse: Pulse) -> None:
        seen: dict[bytes, int] = {}
        self._numbers: dict[int, int] = {}
        for nid in sorted(folder.item_ids()):
            pulse()
            with suppress(Damaged):
                if uid := uid_of(store.message(nid)):
                    mark = hashlib.blake2b(uid.encode(), digest_size=_OCTETS).digest()
                    seen[mark] = number = seen.get(mark, 0) + 1
                    if number > 1:
                        self._numbers[nid] = number

    def of(self, message: Message) -> str:
        """The identifier of an event of the folder."""
        uid = uid_of(message)
        if not uid:
            return made_up(message)
        number = self._numbers.get(message.nid)
        return f"{uid}-{number}" if number else uid


def made_up(message: Message) -> str:
    """One that stays with an item, and that no copy of it has."""
    properties = message.properties
    key = properties.binary(Tag.SEARCH_KEY) or f"{message.nid}".encode()
    created = properties.time(Tag.CREATION_TIME)
    digest = hashlib.blake2b(key + f" {created}".encode(), digest_size=16)
    return f"{digest.hexdigest()}@outlook-file.invalid"
