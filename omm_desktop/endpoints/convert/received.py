"""When a mail arrived, where no server tells it."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def received_date(header: bytes) -> datetime | None:
    """When a mail arrived by its newest Received line, else by its Date field."""
    lines = header.replace(b"\r", b"").replace(b"\n ", b" ").replace(b"\n\t", b" ").split(b"\n")
    for name in (b"received", b"date"):
        for line in lines:
            key, _, value = line.partition(b":")
            if key.strip().lower() == name:
                moment = _parsed(value.rpartition(b";")[2])
                if moment is not None:
                    return moment
                break
    return None


def _parsed(value: bytes) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value.decode("latin-1").strip())
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
