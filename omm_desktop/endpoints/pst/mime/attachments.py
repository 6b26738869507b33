"""Attachments as MIME parts ([MS-OXCMAIL] 2.1.3.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Protocol
from urllib.parse import unquote

from ..damage import Damaged
from ..messaging.attachment import Attachment, AttachMethod
from ..messaging.message import Message
from ..messaging.tags import Tag
from .media_types import UNKNOWN, media_type
from .notes import Note, NoteKind
from .parts import FilePart, MessagePart, Output, Part

_MOST_ATTACHMENTS = 2000
_ELSEWHERE = frozenset(
    {
        AttachMethod.BY_REFERENCE,
        AttachMethod.BY_REFERENCE_RESOLVE,
        AttachMethod.BY_REFERENCE_ONLY,
        AttachMethod.BY_WEB_REFERENCE,
    }
)
_NOT_IN_IDS = re.compile(r"[^!-~]|[<>]")
_CID = re.compile(rb"cid:([^\"'\s>)]+)", re.IGNORECASE)


class Embedding(Protocol):
    """Writes embedded messages as long as there are neither too many nor too deep ones."""

    def has_room(self) -> bool:
        """Whether one more may be written, which is then counted."""
        ...

    def write(self, message: Message, output: Output, seed: bytes) -> None:
        """Write one, `seed` being that of its boundaries."""
        ...


class AttachmentParts:
    """The parts made of a message's attachments: those its HTML shows, and the others.

    A content id alone proves nothing, since many programs give one to every attachment.
    """

    def __init__(
        self, message: Message, html: bytes, notes: list[Note], embedding: Embedding
    ) -> None:
        self._message = message
        self._notes = notes
        self._embedding = embedding
        self._shown_ids = {unquote(match.decode("latin-1")).lower() for match in _CID.findall(html)}
        self._has_html = bool(html)
        self.shown: list[Part] = []
        self.others: list[Part] = []
        for number, attachment in enumerate(self._attachments()):
            if number >= _MOST_ATTACHMENTS:
                notes.append(Note(NoteKind.TOO_MANY, f"more than {_MOST_ATTACHMENTS}"))
                break
            try:
                self._add(attachment)
            except Damaged as damage:
                self._note_damage(damage)

    def _attachments(self) -> Iterator[Attachment]:
        try:
            for attachment in self._message.attachments():
                if isinstance(attachment, Damaged):
                    self._note_damage(attachment)
                else:
                    yield attachment
        except Damaged as damage:
            self._note_damage(damage)

    def _add(self, attachment: Attachment) -> None:
        method, name = attachment.method, attachment.name
        if method == AttachMethod.EMBEDDED_MESSAGE:
            self._add_message(attachment, name)
        elif method in _ELSEWHERE and not attachment.properties.has(Tag.ATTACH_DATA):
            self._notes.append(Note(NoteKind.ATTACHMENT_LINKED, _place(attachment) or name))
        else:
            self._add_file(attachment, name)

    def _add_message(self, attachment: Attachment, name: str) -> None:
        if not self._embedding.has_room():
            self._notes.append(Note(NoteKind.TOO_DEEP, name))
            return
        write = partial(self._embedding.write, self._message.embedded(attachment))
        file_name = f"{name}.eml" if name and not name.lower().endswith(".eml") else name
        self.others.append(MessagePart(file_name, write))

    def _add_file(self, attachment: Attachment, name: str) -> None:
        # Asked before the part is begun, so that one without data leaves no empty file.
        _ = attachment.size
        properties = attachment.properties
        content_id = _NOT_IN_IDS.sub("", properties.text(Tag.ATTACH_CONTENT_ID) or "")
        location = properties.text(Tag.ATTACH_CONTENT_LOCATION) or ""
        shown = (
            self._has_html
            and bool(content_id or location)
            and (content_id.lower() in self._shown_ids or attachment.shown_in_body)
        )
        told = "" if attachment.method == AttachMethod.OLE else properties.text(Tag.ATTACH_MIME_TAG)
        kind = UNKNOWN if attachment.method == AttachMethod.OLE else media_type(told or "", name)
        part = FilePart(
            kind,
            name,
            attachment.pieces,
            self._notes,
            content_id,
            _NOT_IN_IDS.sub("", location),
            inline=shown,
        )
        (self.shown if shown else self.others).append(part)

    def _note_damage(self, damage: Damaged) -> None:
        self._notes.append(Note(NoteKind.ATTACHMENT_DAMAGED, str(damage)))


def _place(attachment: Attachment) -> str:
    properties = attachment.properties
    return properties.text(Tag.ATTACH_LONG_PATHNAME) or properties.text(Tag.ATTACH_PATHNAME) or ""
