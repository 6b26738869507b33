"""When a mail arrived, where no server tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def received_of(fields: Mapping[bytes, Sequence[bytes]]) -> datetime | None:
    """When a mail arrived by its newest Received line, else by its Date field.

    `fields` as `mail.fields_of` gives them.
    """
    for name in (b"received", b"date"):
        for value in fields.get(name, ())[:1]:
            moment = _parsed(value.rpartition(b";")[2])
            if moment is not None:
                return moment
    return None


def _parsed(value: bytes) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value.decode("latin-1").strip())
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
