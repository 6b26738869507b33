"""Ids and change keys that look like Exchange's: long, opaque, and the same in every run."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OCCURRENCE = b"AAOccurrence"


def new_id(kind: str, number: int) -> str:
    """The id of the `number`th thing of its kind, 112 characters; upper and lower case matter."""
    digest = blake2b(f"{kind} {number}".encode(), digest_size=64).digest()
    return b64encode(kind[:8].ljust(8).encode() + digest + number.to_bytes(12)).decode()


def change_key(number: int) -> str:
    return b64encode(b"CK" + number.to_bytes(16)).decode()


def occurrence_id(master_id: str, original: datetime) -> str:
    """The id of one occurrence of a series, by the instant at which it was to begin."""
    seconds = int((original - EPOCH).total_seconds()) + (1 << 40)
    return b64encode(OCCURRENCE + seconds.to_bytes(12) + b64decode(master_id)).decode()


def split_occurrence_id(identifier: str) -> tuple[str, datetime] | None:
    """The series' id and the instant, or None for another kind of id."""
    try:
        raw = b64decode(identifier, validate=True)
    except ValueError:
        return None
    if not raw.startswith(OCCURRENCE):
        return None
    seconds = int.from_bytes(raw[12:24]) - (1 << 40)
    return b64encode(raw[24:]).decode(), EPOCH + timedelta(seconds=seconds)
