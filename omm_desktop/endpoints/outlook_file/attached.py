"""Files within contacts, events and tasks."""

from __future__ import annotations

from collections.abc import Iterator

from ..convert.calendar.values import AttachedFile
from ..pst.damage import Damaged
from ..pst.messaging.attachment import Attachment, AttachMethod
from ..pst.messaging.message import Message
from ..pst.messaging.tags import Tag
from ..pst.mime.media_types import media_type
from .unplaced import Unplaced

_LARGEST = 20 << 20
_NAME = "ATTACH"


def attachments(message: Message, unplaced: Unplaced) -> Iterator[Attachment]:
    """Those that a person attached, not the changed occurrences of a series."""
    try:
        for attachment in message.attachments():
            if isinstance(attachment, Damaged):
                unplaced.lost(_NAME, str(attachment))
            elif attachment.method != AttachMethod.EMBEDDED_MESSAGE:
                yield attachment
            elif not attachment.properties.has(Tag.EXCEPTION_START_TIME):
                unplaced.lost(_NAME, attachment.name)
    except Damaged as damage:
        unplaced.lost(_NAME, str(damage))


def files(message: Message, unplaced: Unplaced) -> tuple[AttachedFile, ...]:
    """The files of an event or a task, as long as they fit into a calendar together."""
    found: list[AttachedFile] = []
    room = _LARGEST
    for attachment in attachments(message, unplaced):
        name = attachment.name
        try:
            if attachment.size > room:
                unplaced.lost(_NAME, f"{name}: more than {_LARGEST} bytes of files")
                continue
            content = b"".join(attachment.pieces())
        except Damaged as damage:
            unplaced.lost(_NAME, f"{name}: {damage}")
            continue
        room -= len(content)
        told = attachment.properties.text(Tag.ATTACH_MIME_TAG) or ""
        found.append(AttachedFile(name, content, media_type(told, name)))
    return tuple(found)
