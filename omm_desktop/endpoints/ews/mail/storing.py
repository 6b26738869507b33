"""Storing a batch: together, halved when all of it is refused, each item answered for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ....model.items import Item
from ....model.ports import Refused, Repaired, Stored
from ....model.problem import OmmError, Problem, ProblemId, TryAgain
from ...convert import mail
from ...convert.repaired import repaired
from ..items.listing import get_items, item_in, key_of
from ..items.write_requests import create_items
from ..transport.batches import BATCH_BYTES, BATCH_ITEMS, batches
from ..transport.connection import Connection
from ..transport.elements import Element, Properties, reduce_properties, text_of
from ..transport.envelope import Placeholders
from ..transport.faults import ABOUT_FIELDS, Fault, RequestRefused, foremost, item_problem
from ..transport.timestamps import instant
from .flags import PROPERTY_FLAGS
from .letter import Letter, letter

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_SAME_MOMENT = timedelta(minutes=1)

_ABOUT_CONTENT = frozenset(
    {
        "ErrorMimeContentConversionFailed",
        "ErrorMimeContentInvalid",
        "ErrorMimeContentInvalidBase64String",
        "ErrorContentConversionFailed",
        "ErrorCorruptData",
        "ErrorItemCorrupt",
        "ErrorInvalidMimeContent",
        "ErrorItemSave",
        "ErrorItemSavePropertyError",
        "ErrorInternalServerError",
    }
)

Answer = Stored | Repaired | Refused


class MailStore:
    """Stores batches over one session."""

    def __init__(
        self, connection: Connection, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._connection = connection
        self._now = now
        self._dates_read = False

    def store(self, folder_key: str, items: Sequence[Item]) -> Iterator[Answer]:
        """As `Destination.store`."""
        for group in batches(items, lambda one: one.payload.size, BATCH_ITEMS, BATCH_BYTES):
            yield from self._together(folder_key, group)

    def _together(self, folder_key: str, items: Sequence[Item]) -> Iterator[Answer]:
        mails = Placeholders([item.payload for item in items])
        now, place = self._now(), self._connection.place
        letters = [letter(item, mails.text(n), place, now) for n, item in enumerate(items)]
        try:
            reply = self._connection.ask(
                create_items(folder_key, (one.element for one in letters)), mails
            )
        except RequestRefused as error:
            if len(items) == 1:
                yield self._settled(folder_key, items[0], error.fault)
                return
            middle = len(items) // 2
            yield from self._together(folder_key, items[:middle])
            yield from self._together(folder_key, items[middle:])
            return
        errors = [self._unanswered()] if len(reply.messages) < len(items) else []
        for item, sent, message in zip(items, letters, reply.messages, strict=False):
            try:
                yield self._answer(folder_key, item, sent, message)
            except OmmError as error:
                # Others may have been stored all the same, and whoever reads this must know.
                errors.append(error)
        if errors:
            raise foremost(errors)

    def _answer(self, folder_key: str, item: Item, sent: Letter, message: Element) -> Answer:
        """Raises `OmmError` when it concerns the pace or the mailbox, not the item."""
        fault = self._connection.fault_of(message)
        if fault is not None:
            return self._settled(folder_key, item, fault)
        stored = item_in(message)
        if stored is None or not key_of(stored):
            raise self._unanswered()
        return self._checked(item, Stored(item.ref, key_of(stored), None, sent.dropped))

    def _checked(self, item: Item, stored: Stored) -> Stored:
        """With what became of its date, of the first one that can tell it."""
        told = item.received
        if self._dates_read or told is None or stored.key is None:
            return stored
        if not _EARLIEST < told < self._now() - timedelta(days=2):
            return stored
        self._dates_read = True
        try:
            messages = self._connection.ask(
                get_items([stored.key], "item:DateTimeReceived")
            ).messages
        except OmmError:
            # Whatever it is, it will come again; this one is stored.
            return stored
        there = item_in(messages[0]) if messages else None
        kept = None if there is None else instant(text_of(there, "DateTimeReceived"))
        if kept is None or abs(kept - told) <= _SAME_MOMENT:
            return stored
        detail = f"{told.isoformat()} became {kept.isoformat()}"
        problem = Problem(ProblemId.DATES_NOT_KEPT, self._connection.place, detail)
        return replace(stored, adapted=(*stored.adapted, problem))

    def _unanswered(self) -> OmmError:
        problem = Problem(ProblemId.CONNECTION_LOST, self._connection.place, "no answer for a mail")
        return TryAgain(problem)

    def _settled(self, folder_key: str, item: Item, fault: Fault) -> Answer:
        """One refused mail: mended where its content is at fault, else refused for good."""
        place = self._connection.place
        if fault.code in ABOUT_FIELDS:
            reduced = self._reduced(folder_key, item)
            if reduced is not None:
                return reduced
        if fault.code in _ABOUT_CONTENT:
            mended = repaired(item, fault.detail, place)
            if mended is not None:
                return Repaired(item.ref, mended)
        label = mail.label(mail.header_of(item.payload))
        return Refused(item.ref, item_problem(fault, place, ProblemId.ITEM_REFUSED), label)

    def _reduced(self, folder_key: str, item: Item) -> Stored | None:
        """The mail for a server that does not keep all properties; None when refused as well."""
        for kept in (Properties.NOT_NAMED, Properties.NONE):
            mails = Placeholders([item.payload])
            sent = letter(item, mails.text(0), self._connection.place, self._now())
            reduce_properties(sent.element, kept)
            try:
                reply = self._connection.ask(create_items(folder_key, [sent.element]), mails)
            except RequestRefused:
                continue
            messages = reply.messages
            if messages and self._connection.fault_of(messages[0]) is not None:
                continue
            stored = item_in(messages[0]) if messages else None
            if stored is None or not key_of(stored):
                raise self._unanswered()
            dropped = (*sent.dropped, *self._lost(item, kept))
            return self._checked(item, Stored(item.ref, key_of(stored), None, dropped))
        return None

    def _lost(self, item: Item, kept: Properties) -> list[Problem]:
        lost = sorted(item.flags & PROPERTY_FLAGS) if kept is Properties.NONE else []
        place = self._connection.place
        return [Problem(ProblemId.FLAGS_DROPPED, place, " ".join(lost))] if lost else []
