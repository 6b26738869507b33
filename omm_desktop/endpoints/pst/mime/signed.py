"""Signed and encrypted messages, whose one attachment is the original body ([MS-OXOSMIME])."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from ..damage import Damaged
from ..messaging.attachment import Attachment
from ..messaging.message import Message
from ..messaging.tags import Tag
from .header import transport_fields
from .notes import Note, NoteKind
from .parts import Output
from .transfer import base64_lines

_CLASS = "ipm.note.smime"
_CLEAR_SIGNED = ".multipartsigned"
_FIELD = re.compile(rb"\s*[!-9;-~]+[ \t]*:")
_CMS_KINDS = {
    bytes.fromhex("06092a864886f70d010702"): "signed-data",
    bytes.fromhex("06092a864886f70d010703"): "enveloped-data",
    bytes.fromhex("060b2a864886f70d0109100109"): "compressed-data",
}
_CMS_BEGINS_WITHIN = 64


class SignedPart(NamedTuple):
    """The original body as it was signed or encrypted; not a byte of it is changed."""

    first: bytes
    rest: Iterator[bytes]
    content_type: str
    is_entity: bool
    notes: list[Note]

    def write(self, output: Output, seed: bytes) -> None:
        pieces = self._readable()
        if self.is_entity:
            if self.content_type:
                output.write(f"{self.content_type}\r\n\r\n".encode("ascii", "replace"))
            for piece in pieces:
                output.write(piece)
            return
        output.write(
            f"{self.content_type}\r\n"
            "Content-Transfer-Encoding: base64\r\n"
            'Content-Disposition: attachment; filename="smime.p7m"\r\n\r\n'.encode(
                "ascii", "replace"
            )
        )
        for line in base64_lines(pieces):
            output.write(line)

    def _readable(self) -> Iterator[bytes]:
        try:
            yield from chain([self.first], self.rest)
        except Damaged as damage:
            self.notes.append(Note(NoteKind.BODY_DAMAGED, str(damage)))


def signed_part(message: Message, notes: list[Note]) -> SignedPart | None:
    """The original body of a signed or encrypted message, None for all others."""
    kind = message.message_class.lower()
    if not kind.startswith(_CLASS):
        return None
    try:
        found = list(message.attachments())
        if len(found) != 1 or isinstance(found[0], Damaged):
            return None
        pieces = found[0].pieces()
        first = next(pieces, b"")
    except Damaged:
        return None
    told = next(
        (
            text
            for name, text in transport_fields(message, mime=True)
            if name.lower() == "content-type"
        ),
        "",
    )
    if kind.endswith(_CLEAR_SIGNED):
        # What begins with fields tells its type itself.
        content_type = "" if _FIELD.match(first) else told or _stated_type(found[0])
        if not content_type and not _FIELD.match(first):
            return None
        return SignedPart(first, pieces, content_type, True, notes)
    if "pkcs7" not in told.lower():
        told = (
            f"Content-Type: application/pkcs7-mime; smime-type={_cms_kind(first)};"
            '\r\n name="smime.p7m"'
        )
    return SignedPart(first, pieces, told, False, notes)


def _stated_type(attachment: Attachment) -> str:
    stated = attachment.properties.text(Tag.ATTACH_MIME_TAG) or ""
    return f"Content-Type: {stated}" if "boundary" in stated.lower() else ""


def _cms_kind(data: bytes) -> str:
    beginning = data[:_CMS_BEGINS_WITHIN]
    return next((kind for oid, kind in _CMS_KINDS.items() if oid in beginning), "enveloped-data")
