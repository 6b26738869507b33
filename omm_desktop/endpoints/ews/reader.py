"""EWS as a source: FindItem, GetItem and GetAttachment, which mark nothing as read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from ...model.items import Folder, Item, ItemKind, ItemLabel, ItemRef, Payload
from ...model.ports import Refused
from ...model.problem import Problem, ProblemId
from ..convert import mail
from ..convert.broken import is_mail
from ..convert.received import received_date
from .batches import batches
from .connection import Connection
from .dates import WANTED as DATES
from .dates import is_over
from .elements import Element, T, local, text_of
from .faults import item_problem
from .folders import list_folders
from .kinds import ITEM_ELEMENTS
from .listing import get_items, item_in, key_of, version_of, windows
from .properties import READING, flags_of, instant
from .settings import ReadsSettings
from .whole_items import WholeItems

PARALLEL = 4
_AT_ONCE = 50
_BYTES_AT_ONCE = 8 << 20

MIME = "item:MimeContent"
RECEIVED = "item:DateTimeReceived"
SIZE = "item:Size"
_LABEL = ("item:Subject", RECEIVED, "message:From")
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
        self._whole_items = WholeItems(connection)

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
            yield from self._whole_items.fetch(folder, refs)
            return
        for group in batches(refs, lambda ref: ref.size or 0, _AT_ONCE, _BYTES_AT_ONCE):
            request = get_items([ref.key for ref in group], MIME, RECEIVED, *READING)
            reply = self._connection.ask(request)
            for ref, message in zip(group, reply.messages, strict=False):
                yield self._answer(ref, message, reply.payloads)

    def _answer(self, ref: ItemRef, message: Element, payloads: list[Payload]) -> Item | Refused:
        fault = self._connection.fault_of(message)
        if fault is not None:
            problem = item_problem(fault, self._connection.place, ProblemId.ITEM_UNREADABLE)
            gone = problem.id is ProblemId.ITEM_GONE
            return Refused(ref, problem, ItemLabel() if gone else self._label(ref))
        item = item_in(message)
        body = None if item is None else mime_of(item, payloads)
        if item is None or body is None or not is_mail(body):
            place = self._connection.place
            problem = Problem(ProblemId.ITEM_UNREADABLE, place, "no content was given")
            return Refused(ref, problem, self._label(ref))
        return _item(ref, item, body)

    def _label(self, ref: ItemRef) -> ItemLabel:
        """What a mail that cannot be read is known by."""
        messages = self._connection.ask(get_items([ref.key], *_LABEL)).messages
        item = item_in(messages[0]) if messages else None
        if item is None:
            return ItemLabel()
        sender = item.findtext(f"{T}From/{T}Mailbox/{T}EmailAddress") or ""
        return ItemLabel(text_of(item, "DateTimeReceived"), sender, text_of(item, "Subject"))


def mime_of(item: Element, payloads: list[Payload]) -> Payload | None:
    """The mail of an item in a reply."""
    number = text_of(item, "MimeContent")
    return payloads[int(number)] if number.isdecimal() and int(number) < len(payloads) else None


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


def _item(ref: ItemRef, item: Element, body: Payload) -> Item:
    header = mail.header_of(body)
    fingerprint, label = mail.identity(header)
    return Item(
        ref=ref,
        payload=body,
        fingerprint=fingerprint,
        content=mail.content_hash(body),
        flags=flags_of(item),
        received=instant(text_of(item, "DateTimeReceived")) or received_date(header),
        label=label,
    )
