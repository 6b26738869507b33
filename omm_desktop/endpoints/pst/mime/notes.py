"""What a person should know of a message that could not be carried over whole."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class NoteKind(StrEnum):
    """What happened; the detail names the part."""

    HEADER_DAMAGED = "header damaged"
    BODY_DAMAGED = "body damaged"
    BODY_AS_FILE = "body attached as a file"
    PICTURES_IN_RICH_TEXT = "pictures of rich text kept in an attached file alone"
    RECIPIENTS_DAMAGED = "recipients damaged"
    ADDRESS_UNKNOWN = "person without an Internet address"
    ATTACHMENT_DAMAGED = "attachment damaged"
    ATTACHMENT_LINKED = "attachment elsewhere"
    TOO_DEEP = "messages within messages too deep"
    TOO_MANY = "too many attachments"
    CHECKSUM_WRONG = "checksum wrong"


class Note(NamedTuple):
    """One such thing, with the name of an attachment, a person or a cause."""

    kind: NoteKind
    detail: str = ""
