"""Mail by GetItem with its MIME content, which marks nothing as read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ....model.items import Item, ItemLabel, ItemRef, Payload
from ....model.ports import Refused
from ....model.problem import Problem, ProblemId
from ...convert import mail
from ...convert.broken import is_mail
from ...convert.received import received_date
from ..items.listing import RECEIVED, get_items, in_order, item_in
from ..transport.batches import batches
from ..transport.connection import Connection
from ..transport.elements import Element, T, Wanted, text_of
from ..transport.faults import ABOUT_FIELDS, Fault, RequestRefused, item_problem
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
        keys = [ref.key for ref in refs]
        try:
            answers = ask_for_mails(self._connection, keys, RECEIVED, *READING)
        except RequestRefused as error:
            if len(refs) == 1:
                yield self._refused(refs[0], error.fault)
                return
            # One of them may spoil it for all.
            for ref in refs:
                yield from self._fetch([ref])
            return
        for ref, answer in zip(refs, answers, strict=False):
            yield self._read(ref, answer)

    def _read(self, ref: ItemRef, answer: Answer) -> Item | Refused:
        if answer.fault is not None:
            return self._refused(ref, answer.fault)
        item, body = answer.item, answer.body
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


@dataclass(frozen=True, slots=True)
class Answer:
    """One of a reply with mails: the item and the mail in it, or why there is none."""

    item: Element | None
    body: Payload | None
    fault: Fault | None


def ask_for_mails(connection: Connection, keys: Sequence[str], *wanted: Wanted) -> list[Answer]:
    """The mails with what else is wanted, in the order of the keys. Raises `OmmError`.

    Not to every server is a mail a field like others, nor has every one properties.
    """
    fields = [one for one in wanted if isinstance(one, str)]
    answers: list[Answer] = []
    refusal: RequestRefused | None = None
    for more, by_flag in (((MIME, *wanted), False), (wanted, True), (fields, True)):
        try:
            answers = _asked(connection, get_items(keys, *more, mime=by_flag), keys)
        except RequestRefused as error:
            refusal = refusal or error
            if error.fault.code in ABOUT_FIELDS:
                continue
            break
        if any(map(_is_meant, answers)):
            break
    if refusal is not None and not answers:
        raise refusal
    return answers


def _is_meant(answer: Answer) -> bool:
    """Whether the server understood what it was asked for."""
    if answer.fault is not None:
        return answer.fault.code not in ABOUT_FIELDS
    return answer.body is not None


def _asked(connection: Connection, request: Element, keys: Sequence[str]) -> list[Answer]:
    reply = connection.ask(request)
    answers = []
    for message in in_order(keys, reply.messages):
        fault = connection.fault_of(message)
        item = item_in(message) if fault is None else None
        body = None if item is None else _mime_of(item, reply.payloads)
        answers.append(Answer(item, body, fault))
    return answers


def _mime_of(item: Element, payloads: list[Payload]) -> Payload | None:
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
