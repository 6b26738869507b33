"""A mail out of a file, and as an item."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ...model.items import Item, ItemRef, Payload
from ...model.problem import Problem
from ..convert import mail


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
    item = mail.item(ref, letter.payload, letter.received, letter.flags)
    if not (letter.remarks or letter.otherwise_received):
        return item
    received = item.received or letter.otherwise_received
    return replace(item, received=received, remarks=letter.remarks)
