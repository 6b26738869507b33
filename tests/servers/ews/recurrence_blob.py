"""PidLidAppointmentRecur of a series ([MS-OXOCAL] 2.2.1.44), as Outlook reads it."""

from __future__ import annotations

import struct
from base64 import b64encode
from datetime import UTC, datetime, time

from . import recurrence
from .soap import local
from .store import Item

EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
ENDLESS = 0x5AE980DF
FREQUENCIES = {"Daily": 0x200A, "Weekly": 0x200B, "Monthly": 0x200C, "Yearly": 0x200D}
SUBJECT, LOCATION, REMINDER = 0x01, 0x10, 0x08


def blob_of(item: Item) -> str | None:
    """The property in base64; None for what is no series."""
    if not recurrence.is_series(item):
        return None
    pattern = local(next(iter(item.fields["calendar:Recurrence"])))
    frequency = next(code for name, code in FREQUENCIES.items() if name in pattern)
    days = b"\0" * {0x200A: 0, 0x200B: 4}.get(frequency, 8 if "Relative" in pattern else 4)
    kind = {0x200A: 0, 0x200B: 1}.get(frequency, 3 if "Relative" in pattern else 2)
    modified = sorted(item.exceptions)
    gone = sorted({*item.deleted, *modified})
    first, last = recurrence.first_and_last(item)
    end = _days(item, last) if last is not None else ENDLESS
    parts = [
        struct.pack("<HHHHH", 0x3004, 0x3004, frequency, kind, 0),
        struct.pack("<III", 0, 1, 0) + days,
        struct.pack("<III", 0x2023, 10, 0),
        struct.pack(f"<I{len(gone)}I", len(gone), *(_days(item, one) for one in gone)),
        struct.pack(
            f"<I{len(modified)}I",
            len(modified),
            *(_days(item, recurrence.start_of(item.exceptions[one])) for one in modified),
        ),
        struct.pack("<II", _days(item, first), end),
        struct.pack("<IIII", 0x3006, 0x3009, 0, 0),
        struct.pack("<H", len(modified)),
        *(_exception(item, one) for one in modified),
    ]
    return b64encode(b"".join(parts)).decode()


def _minutes(item: Item, moment: datetime) -> int:
    here = moment.astimezone(recurrence.zone_of(item)).replace(tzinfo=UTC)
    return int((here - EPOCH).total_seconds()) // 60


def _days(item: Item, moment: datetime) -> int:
    here = moment.astimezone(recurrence.zone_of(item))
    return int((datetime.combine(here.date(), time(), UTC) - EPOCH).total_seconds()) // 60


def _exception(item: Item, original: datetime) -> bytes:
    changed = item.exceptions[original]
    moments = (recurrence.start_of(changed), recurrence.end_of(changed), original)
    texts = {SUBJECT: changed.text("item:Subject"), LOCATION: changed.text("calendar:Location")}
    flags = sum(flag for flag, text in texts.items() if text) | REMINDER
    return b"".join(
        (
            struct.pack("<IIIH", *(_minutes(item, one) for one in moments), flags),
            _text(texts[SUBJECT]),
            struct.pack("<I", 1),
            _text(texts[LOCATION]),
        )
    )


def _text(text: str) -> bytes:
    octets = text.encode("cp1252", "replace")
    return struct.pack("<HH", len(octets) + 1, len(octets)) + octets if text else b""
