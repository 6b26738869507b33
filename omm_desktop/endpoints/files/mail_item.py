"""A mail out of a file, and as an item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ...model.items import Item, ItemRef, Payload
from ...model.problem import Problem
from ..convert import mail
from ..convert.received import received_of


@dataclass(frozen=True, slots=True)
class Letter:
    """What a file holds. `flags` and `received` as far as it tells them itself.

    `otherwise_received` is a date for mail whose header has none. `remarks` is what the file could
    not give, or not as it was.
    """

    payload: Payload
    flags: frozenset[str] = frozenset()
    received: datetime | None = None
    otherwise_received: datetime | None = None
    remarks: tuple[Problem, ...] = ()


def mail_item(ref: ItemRef, letter: Letter) -> Item:
    """The item; where the file does not tell when it was received, the header does."""
    header = mail.header_of(letter.payload)
    fields = mail.fields_of(header)
    fingerprint, label = mail.identity_of(fields)
    return Item(
        ref=ref,
        payload=letter.payload,
        fingerprint=fingerprint,
        content=mail.content_hash(letter.payload),
        flags=letter.flags,
        received=letter.received or received_of(fields) or letter.otherwise_received,
        label=label,
        remarks=letter.remarks,
    )
