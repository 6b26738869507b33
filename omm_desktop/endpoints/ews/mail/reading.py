"""Mail by GetItem with its MIME content, which marks nothing as read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ....model.items import Item, ItemLabel, ItemRef, Payload
from ....model.ports import Refused
from ....model.problem import Problem, ProblemId
from ...convert import mail
from ...convert.broken import is_mail
from ...convert.received import received_date
from ..items.listing import RECEIVED, get_items, item_in
from ..transport.batches import batches
from ..transport.connection import Connection
from ..transport.elements import Element, T, text_of
from ..transport.faults import Fault, RequestRefused, item_problem
from ..transport.timestamps import instant
from .flags import READING, flags_of

_AT_ONCE = 50
_BYTES_AT_ONCE = 8 << 20

MIME = "item:MimeContent"
_LABEL = ("item:Subject", RECEIVED, "message:From")


class MailReader:
    """Reads mails over one session."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def fetch(self, refs: Sequence[ItemRef]) -> Iterator[Item | Refused]:
        """As `Source.fetch`."""
        for group in batches(refs, lambda ref: ref.size or 0, _AT_ONCE, _BYTES_AT_ONCE):
            yield from self._fetch(group)

    def _fetch(self, refs: Sequence[ItemRef]) -> Iterator[Item | Refused]:
        try:
            reply = self._connection.ask(
                get_items([ref.key for ref in refs], MIME, RECEIVED, *READING)
            )
        except RequestRefused as error:
            if len(refs) == 1:
                yield self._refused(refs[0], error.fault)
                return
            # One of them may spoil it for all.
            for ref in refs:
                yield from self._fetch([ref])
            return
        for ref, message in zip(refs, reply.messages, strict=False):
            yield self._answer(ref, message, reply.payloads)

    def _answer(self, ref: ItemRef, message: Element, payloads: list[Payload]) -> Item | Refused:
        fault = self._connection.fault_of(message)
        if fault is not None:
            return self._refused(ref, fault)
        item = item_in(message)
        body = None if item is None else mime_of(item, payloads)
        if item is None or body is None or not is_mail(body):
            place = self._connection.place
            problem = Problem(ProblemId.ITEM_UNREADABLE, place, "no content was given")
            return Refused(ref, problem, self._label(ref))
        return _item(ref, item, body)

    def _refused(self, ref: ItemRef, fault: Fault) -> Refused:
        problem = item_problem(fault, self._connection.place, ProblemId.ITEM_UNREADABLE)
        gone = problem.id is ProblemId.ITEM_GONE
        return Refused(ref, problem, ItemLabel() if gone else self._label(ref))

    def _label(self, ref: ItemRef) -> ItemLabel:
        """What a mail that cannot be read is known by."""
        try:
            messages = self._connection.ask(get_items([ref.key], *_LABEL)).messages
        except RequestRefused:
            return ItemLabel()
        item = item_in(messages[0]) if messages else None
        if item is None:
            return ItemLabel()
        sender = item.findtext(f"{T}From/{T}Mailbox/{T}EmailAddress") or ""
        return ItemLabel(text_of(item, "DateTimeReceived"), sender, text_of(item, "Subject"))


def mime_of(item: Element, payloads: list[Payload]) -> Payload | None:
    """The mail of an item in a reply."""
    number = text_of(item, "MimeContent")
    return payloads[int(number)] if number.isdecimal() and int(number) < len(payloads) else None


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
