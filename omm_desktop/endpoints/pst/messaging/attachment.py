"""One attachment of a message ([MS-PST] 2.4.6.2, [MS-OXCMSG] 2.2.2)."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

from ..damage import Damaged
from ..ltp.values import PropertyType
from .objects import AttachmentObject, MessageObject
from .properties import Properties
from .tags import Tag

_SHOWN_IN_BODY = 0x4


class AttachMethod(IntEnum):
    """How the attachment is kept (PidTagAttachMethod)."""

    NONE = 0
    BY_VALUE = 1
    BY_REFERENCE = 2
    BY_REFERENCE_RESOLVE = 3
    BY_REFERENCE_ONLY = 4
    EMBEDDED_MESSAGE = 5
    OLE = 6
    BY_WEB_REFERENCE = 7


class Attachment:
    """A file, a message or an OLE object that a message carries."""

    def __init__(self, kept: AttachmentObject, codec: str) -> None:
        self._kept = kept
        self.properties = Properties(kept.properties, codec)

    @property
    def method(self) -> int:
        """One of `AttachMethod`, or a number nobody has described."""
        found = self.properties.integer(Tag.ATTACH_METHOD)
        return AttachMethod.BY_VALUE if found is None else found

    @property
    def name(self) -> str:
        """The file name, the long one where there is one; empty when there is none."""
        properties = self.properties
        for tag in (Tag.ATTACH_LONG_FILENAME, Tag.ATTACH_FILENAME, Tag.DISPLAY_NAME):
            if found := (properties.text(tag) or "").strip():
                return found
        return ""

    @property
    def shown_in_body(self) -> bool:
        """Whether the sender's program marked it as part of the HTML."""
        flags = self.properties.integer(Tag.ATTACH_FLAGS) or 0
        return bool(flags & _SHOWN_IN_BODY) or self.properties.flag(Tag.ATTACHMENT_HIDDEN)

    @property
    def size(self) -> int:
        """The bytes of its data."""
        if self._kept.properties.type_of(Tag.ATTACH_DATA) == PropertyType.OBJECT:
            return self._kept.object_size(Tag.ATTACH_DATA)
        return self._kept.properties.size(self._data_tag)

    def pieces(self) -> Iterator[bytes]:
        """The data, some kilobytes at a time; raises `Damaged` where they cannot be read on."""
        if self._kept.properties.type_of(Tag.ATTACH_DATA) == PropertyType.OBJECT:
            return self._kept.object_pieces(Tag.ATTACH_DATA)
        return self._kept.properties.pieces(self._data_tag)

    def embedded(self) -> MessageObject:
        """What an embedded message is read from; raises `Damaged` when there is none."""
        if self._kept.properties.type_of(Tag.ATTACH_DATA) is None:
            raise Damaged("an attachment holds no message")
        return self._kept.object_message(Tag.ATTACH_DATA)

    @property
    def _data_tag(self) -> int:
        for tag in (Tag.ATTACH_DATA, Tag.ATTACH_RENDERING):
            if self._kept.properties.type_of(tag) is not None:
                return tag
        raise Damaged("an attachment holds no data")
