"""A message, whole, as the bytes a mail server would hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from ..damage import Damaged
from ..messaging.message import Message
from ..messaging.tags import Tag
from .attachments import AttachmentParts
from .body import Body, body
from .header import header
from .media_types import UNKNOWN
from .notes import Note, NoteKind
from .parts import FilePart, Multipart, Output, Part, TextPart
from .signed import signed_part

_DEEPEST = 16
_MOST_MESSAGES = 500
_FILES_OF_BODIES = {
    Tag.BODY: ("body.txt", "text/plain; charset=utf-16le"),
    Tag.HTML: ("body.html", "text/html"),
    Tag.REPORT_TEXT: ("report.txt", "text/plain; charset=utf-16le"),
    Tag.RTF_COMPRESSED: ("body.rtf.lzfu", UNKNOWN),
}


def write_message(message: Message, output: Output) -> list[Note]:
    """Write a message as RFC 5322 bytes, attachments piece by piece.

    The same message gives the same bytes each time. Returns what could not be carried over, or not
    as it was; raises `Damaged` only before the first byte, when not even its class can be read.
    """
    suspects = len(message.suspect_blocks)
    writer = _Writer(_Shared(), depth=0)
    writer.write(message, output, b"")
    wrong = len(message.suspect_blocks) - suspects
    if wrong:
        writer.notes.append(Note(NoteKind.CHECKSUM_WRONG, str(wrong)))
    return writer.notes


@dataclass(slots=True)
class _Shared:
    """What a message and those within it share."""

    notes: list[Note] = field(default_factory=list)
    messages: int = 0


class _Writer:
    """Writes messages of one depth; those within them by one of the next."""

    def __init__(self, shared: _Shared, depth: int) -> None:
        self._shared = shared
        self._depth = depth
        self.notes = shared.notes

    def write(self, message: Message, output: Output, seed: bytes) -> None:
        """Write a message; raises `Damaged` only before its first byte."""
        with message.properties.forgiving() as damages:
            fields = header(message, self.notes)
        self.notes += [Note(NoteKind.HEADER_DAMAGED, str(damage)) for damage in damages]
        part = self._content(message)
        output.write(fields)
        output.write(b"MIME-Version: 1.0\r\n")
        part.write(output, seed + fields)
        if isinstance(part, TextPart) and not part.ends_line:
            output.write(b"\r\n")

    def _content(self, message: Message) -> Part:
        if signed := signed_part(message, self.notes):
            return signed
        content = body(message, self.notes)
        within = _EmbeddedWriter(self._shared, self._depth + 1)
        attached = AttachmentParts(message, content.html, self.notes, within)
        shown = _shown(content)
        if attached.shown:
            root = f"multipart/{shown.subtype}" if isinstance(shown, Multipart) else "text/html"
            shown = Multipart("related", [shown, *attached.shown], root)
        others = [*attached.others, *self._bodies_as_files(message, content)]
        return Multipart("mixed", [shown, *others]) if others else shown

    def _bodies_as_files(self, message: Message, content: Body) -> Iterator[Part]:
        if content.rich_text:
            rtf = content.rich_text
            yield FilePart("application/rtf", "body.rtf", lambda: iter([rtf]), self.notes)
        for tag in content.too_large:
            name, kind = _FILES_OF_BODIES[tag]
            yield FilePart(kind, name, partial(message.pieces, tag), self.notes)


class _EmbeddedWriter(_Writer):
    """Writes messages within a message, up to a depth and a number."""

    def has_room(self) -> bool:
        """Whether one more may be written, which is then counted."""
        self._shared.messages += 1
        return self._depth <= _DEEPEST and self._shared.messages <= _MOST_MESSAGES

    def write(self, message: Message, output: Output, seed: bytes) -> None:
        """Write a message, or note why it cannot be begun."""
        try:
            super().write(message, output, seed)
        except Damaged as damage:
            self.notes.append(Note(NoteKind.ATTACHMENT_DAMAGED, str(damage)))


def _shown(content: Body) -> Part:
    texts: list[Part] = [TextPart(text) for text in content.texts]
    return texts[0] if len(texts) == 1 else Multipart("alternative", texts)
