"""What a reader says of a file, or a part of it, that cannot be read."""

from __future__ import annotations

from struct import Struct


class Damaged(Exception):
    """A part of the file breaks the format so that it cannot be read; the rest may be fine."""


class NotOutlookFile(Damaged):
    """The file as a whole is not an Outlook data file of a known version."""


def unpack(layout: Struct, data: bytes, offset: int = 0) -> tuple[int, ...]:
    """The integers of a structure at `offset`; `Damaged` where the data end before it does."""
    if offset < 0 or offset + layout.size > len(data):
        raise Damaged(f"{layout.size} bytes wanted at {offset} of {len(data)}")
    return layout.unpack_from(data, offset)
