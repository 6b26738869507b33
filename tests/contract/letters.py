"""Items as a reader gives them, made of bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from omm_desktop.endpoints.convert import mail
from omm_desktop.endpoints.convert.payload import MemoryPayload
from omm_desktop.model.items import Item, ItemRef
from omm_desktop.model.ports import Destination, Refused, Repaired, Stored


def item(
    key: str,
    message: bytes,
    flags: Iterable[str] = (),
    received: datetime | None = None,
) -> Item:
    payload = MemoryPayload(message)
    fingerprint, label = mail.identity(mail.header_of(payload))
    return Item(
        ItemRef("source", key, len(message)),
        payload,
        fingerprint,
        mail.content_hash(payload),
        frozenset(flags),
        received,
        label=label,
    )


def letters(count: int) -> list[Item]:
    """So many different small mails."""
    return [
        item(
            str(number),
            f"Message-ID: <{number}@example.test>\r\nSubject: {number}\r\n\r\nText\r\n".encode(),
        )
        for number in range(1, count + 1)
    ]


def put(
    destination: Destination, folder_key: str, items: Sequence[Item]
) -> dict[str, tuple[Stored | Refused, Item]]:
    """Store, following the repair ladder as the engine does: the last answer for each key."""
    answers: dict[str, tuple[Stored | Refused, Item]] = {}
    sent = {one.ref.key: one for one in items}
    todo = list(items)
    while todo:
        repaired = []
        for answer in destination.store(folder_key, todo):
            if isinstance(answer, Repaired):
                repaired.append(answer.item)
                sent[answer.ref.key] = answer.item
            else:
                answers[answer.ref.key] = (answer, sent[answer.ref.key])
        todo = repaired
    return answers
