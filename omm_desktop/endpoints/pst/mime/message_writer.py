"""A message, whole, as the bytes a mail server would hold."""

from __future__ import annotations

from collections.abc import Iterator
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
    as it was; raises `Damaged` only before the first byte, when the header cannot be made.
    """
    return _Writer().write(message, output)


class _Writer:
    """One message with those embedded in it, and bounds on them together."""

    def __init__(self) -> None:
        self._notes: list[Note] = []
        self._messages = 0

    def write(self, message: Message, output: Output) -> list[Note]:
        suspects = len(message.suspect_blocks)
        self._write(message, 0, output, b"")
        wrong = len(message.suspect_blocks) - suspects
        if wrong:
            self._notes.append(Note(NoteKind.CHECKSUM_WRONG, str(wrong)))
        return self._notes

    def _write(self, message: Message, depth: int, output: Output, seed: bytes) -> None:
        fields = header(message, self._notes)
        part = self._content(message, depth)
        output.write(fields)
        output.write(b"MIME-Version: 1.0\r\n")
        part.write(output, seed + fields)
        if isinstance(part, TextPart) and not part.ends_line:
            output.write(b"\r\n")

    def _content(self, message: Message, depth: int) -> Part:
        notes = self._notes
        if signed := signed_part(message, notes):
            return signed
        content = body(message, notes)
        self._messages += 1
        is_too_deep = depth >= _DEEPEST or self._messages > _MOST_MESSAGES
        embed = None if is_too_deep else partial(self._embed, depth + 1)
        attached = AttachmentParts(message, content.html, notes, embed)
        shown = _shown(content)
        if attached.shown:
            root = f"multipart/{shown.subtype}" if isinstance(shown, Multipart) else "text/html"
            shown = Multipart("related", [shown, *attached.shown], root)
        others = [*attached.others, *self._bodies_as_files(message, content)]
        return Multipart("mixed", [shown, *others]) if others else shown

    def _embed(self, depth: int, message: Message, output: Output, seed: bytes) -> None:
        try:
            self._write(message, depth, output, seed)
        except Damaged as damage:
            self._notes.append(Note(NoteKind.ATTACHMENT_DAMAGED, str(damage)))

    def _bodies_as_files(self, message: Message, content: Body) -> Iterator[Part]:
        if content.rich_text:
            rtf = content.rich_text
            yield FilePart("application/rtf", "body.rtf", lambda: iter([rtf]), self._notes)
        for tag in content.too_large:
            name, kind = _FILES_OF_BODIES[tag]
            yield FilePart(kind, name, partial(message.pieces, tag), self._notes)


def _shown(content: Body) -> Part:
    texts: list[Part] = [TextPart(text) for text in content.texts]
    return texts[0] if len(texts) == 1 else Multipart("alternative", texts)
