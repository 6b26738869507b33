"""EWS as a source: FindItem, GetItem and GetAttachment, which mark nothing as read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from ...model.items import Folder, Item, ItemKind, ItemRef
from ...model.ports import Refused
from .calendar.past_events import WANTED as DATES
from .calendar.past_events import is_over
from .folders.kinds import ITEM_ELEMENTS
from .folders.listing import list_folders
from .groupware.reading import GroupwareReader
from .items.listing import RECEIVED, SIZE, key_of, version_of, windows
from .mail.reading import MailReader
from .settings.mailbox_settings import ReadsSettings
from .transport.connection import Connection
from .transport.elements import Element, local, text_of
from .transport.timestamps import instant

PARALLEL = 4
_OTHER_CLASSES = frozenset(
    {
        "IPM.ACTIVITY",
        "IPM.APPOINTMENT",
        "IPM.CONTACT",
        "IPM.DISTLIST",
        "IPM.STICKYNOTE",
        "IPM.TASK",
    }
)


class EwsSource(ReadsSettings):
    """A `Source` over one session."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._mail = MailReader(connection)
        self._groupware = GroupwareReader(connection)

    @property
    def parallel(self) -> int:
        return PARALLEL

    def folders(self) -> list[Folder]:
        return list_folders(self._connection).folders

    def idle(self) -> None:
        """HTTP has nothing to keep alive."""

    def close(self) -> None:
        self._connection.close()

    def abort(self) -> None:
        self._connection.abort()

    # -- listing -------------------------------------------------------------------------

    def refs(self, folder: Folder, since: date | None) -> Iterator[list[ItemRef]]:
        if folder.kind is not ItemKind.MAIL:
            yield from self._other_refs(folder, since)
            return
        wanted = (SIZE, RECEIVED, "item:ItemClass")
        for window in windows(self._connection, folder.key, wanted):
            refs = [_ref(folder, item) for item in window if _is_mail(item)]
            if since is not None:
                refs = [r for r in refs if r.received is None or r.received.date() >= since]
            if refs:
                yield refs

    def _other_refs(self, folder: Folder, since: date | None) -> Iterator[list[ItemRef]]:
        """Contacts, events or tasks. Only events have a date of their own to be left out by."""
        is_dated = since is not None and folder.kind is ItemKind.EVENTS
        for window in windows(self._connection, folder.key, (SIZE, *(DATES if is_dated else ()))):
            items = [item for item in window if ITEM_ELEMENTS.get(local(item)) is folder.kind]
            if since is not None and is_dated:
                items = [item for item in items if not is_over(item, since)]
            refs = [_versioned(folder, item) for item in items if key_of(item)]
            if refs:
                yield refs

    # -- reading -------------------------------------------------------------------------

    def fetch(self, folder: Folder, refs: Sequence[ItemRef]) -> Iterator[Item | Refused]:
        if folder.kind is not ItemKind.MAIL:
            yield from self._groupware.fetch(folder, refs)
            return
        yield from self._mail.fetch(refs)


def _is_mail(item: Element) -> bool:
    """Anything that no other folder would take: forms of a firm, files, invitations to share."""
    base = ".".join(text_of(item, "ItemClass").upper().split(".")[:2])
    return bool(key_of(item)) and local(item) not in ITEM_ELEMENTS and base not in _OTHER_CLASSES


def _ref(folder: Folder, item: Element) -> ItemRef:
    size = text_of(item, "Size")
    received = instant(text_of(item, "DateTimeReceived"))
    return ItemRef(folder.key, key_of(item), int(size) if size.isdecimal() else None, received)


def _versioned(folder: Folder, item: Element) -> ItemRef:
    size = text_of(item, "Size")
    return ItemRef(
        folder.key,
        key_of(item),
        int(size) if size.isdecimal() else None,
        version=version_of(item),
    )
