"""Contacts in a file (VCF): one card behind the other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...model.items import Payload
from . import durable
from .cards import card_section
from .content import Content
from .section import Section

_BEGIN = b"BEGIN:VCARD"


class CardForm:
    """A `Form`."""

    def empty(self, name: str) -> bytes:
        return b""

    def is_bare(self, content: Content) -> bool:
        return not content.size

    def sections(self, content: Content) -> list[Section]:
        section = card_section(content, content.name)
        return [section] if section is not None else []

    def is_ours(self, beginning: bytes) -> bool:
        # A disk may have made room for what it did not write.
        text = beginning.strip(b"\r\n\0")
        return text.startswith(_BEGIN) or _BEGIN.startswith(text)

    def add(self, place: Path, content: Content, payloads: Sequence[Payload]) -> None:
        size = content.size
        is_ended = content.read(max(0, size - 1), size) in (b"", b"\n")

        def write(put: durable.Put) -> None:
            put(b"" if is_ended else b"\r\n")
            for payload in payloads:
                for piece in payload.pieces():
                    put(piece)

        durable.add(place, sum(one.size for one in payloads) + 2, write)

    def mend(self, place: Path) -> None:
        """A card that was taken back took nothing else with it."""
