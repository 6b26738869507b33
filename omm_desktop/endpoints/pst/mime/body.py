"""The texts of a message: plain, HTML, or found within its rich text."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from ..damage import Damaged
from ..messaging.charsets import UTF_8, Charset
from ..messaging.message import Message
from ..messaging.tags import Tag
from .notes import Note, NoteKind

LARGEST_BODY = 32 << 20
"""Bytes above which a body is attached as a file instead of being read at once."""

_META_CHARSET = re.compile(rb"(<meta\b[^>]*?charset\s*=\s*[\"']?)([A-Za-z0-9_:.-]+)", re.IGNORECASE)
_META_WITHIN = 8192


class Text(NamedTuple):
    """One form of the body: its bytes and the MIME name of their charset."""

    subtype: str
    data: bytes
    charset: str


class Body(NamedTuple):
    """What the message says, the plainest form first, and files that hold the rest of it."""

    texts: list[Text]
    rich_text: bytes = b""
    too_large: tuple[Tag, ...] = ()

    @property
    def html(self) -> bytes:
        """The HTML form, empty when there is none."""
        return next((text.data for text in self.texts if text.subtype == "html"), b"")


def body(message: Message, notes: list[Note]) -> Body:
    """The body in the forms the message holds; HTML is made of rich text only in its absence."""
    reader = _Reader(message, notes)
    plain = reader.plain()
    html = reader.html()
    rich = b""
    if html is None:
        plain, html, rich = reader.from_rich_text(plain)
    texts = [text for text in (plain, html) if text is not None]
    return Body(texts or [Text("plain", b"", "us-ascii")], rich, tuple(reader.too_large))


class _Reader:
    def __init__(self, message: Message, notes: list[Note]) -> None:
        self._message = message
        self._notes = notes
        self.too_large: list[Tag] = []

    def plain(self) -> Text | None:
        found = None
        for tag in (Tag.BODY, Tag.REPORT_TEXT):
            if self._is_readable(tag):
                found = found or self._text(tag)
        return _plain(found) if found else None

    def html(self) -> Text | None:
        if not self._is_readable(Tag.HTML):
            return None
        try:
            found = self._message.html(LARGEST_BODY)
        except Damaged as damage:
            self._notes.append(Note(NoteKind.BODY_DAMAGED, str(damage)))
            return None
        if not found:
            return None
        if isinstance(found, str):
            return _html_of_text(found)
        return _html_of_bytes(found, self._message.html_charset)

    def from_rich_text(self, plain: Text | None) -> tuple[Text | None, Text | None, bytes]:
        """Plain text, HTML and, where neither shows all of it, the rich text itself."""
        if not self._is_readable(Tag.RTF_COMPRESSED):
            return plain, None, b""
        # Here, since most messages have their HTML, and these take long to load.
        from ..rtf.decompress import decompress
        from ..rtf.encapsulated import Origin, origin, unwrap
        from ..rtf.rich import rich_text

        try:
            rtf = decompress(
                self._message.properties.binary(Tag.RTF_COMPRESSED, LARGEST_BODY) or b"",
                LARGEST_BODY,
            )
        except Damaged as damage:
            self._notes.append(Note(NoteKind.BODY_DAMAGED, str(damage)))
            return plain, None, b""
        made_from = origin(rtf)
        if made_from is Origin.TEXT:
            return plain or _plain(unwrap(rtf)), None, b""
        if made_from is Origin.HTML:
            return plain, _html_of_text(unwrap(rtf)), b""
        found = rich_text(rtf)
        if found.has_pictures:
            self._notes.append(Note(NoteKind.PICTURES_IN_RICH_TEXT))
        kept = rtf if found.has_pictures else b""
        if not found.text.strip():
            return plain, None, kept
        return plain or _plain(found.text), _html_of_text(found.html), kept

    def _text(self, tag: Tag) -> str | None:
        try:
            return self._message.properties.text(tag, LARGEST_BODY)
        except Damaged as damage:
            self._notes.append(Note(NoteKind.BODY_DAMAGED, str(damage)))
            return None

    def _is_readable(self, tag: Tag) -> bool:
        """Whether the message has it and it fits memory; what does not is kept for a file."""
        try:
            size = self._message.size(tag)
        except Damaged as damage:
            self._notes.append(Note(NoteKind.BODY_DAMAGED, str(damage)))
            return False
        if size > LARGEST_BODY:
            self._notes.append(Note(NoteKind.BODY_AS_FILE, tag.name))
            self.too_large.append(tag)
            return False
        return size > 0


def _plain(text: str) -> Text:
    return Text("plain", text.encode("utf-8", "replace"), "us-ascii" if text.isascii() else "utf-8")


def _html_of_text(html: str) -> Text:
    """HTML in UTF-8, its own word on its charset made true."""
    data = html.encode("utf-8", "replace")
    head = _META_CHARSET.sub(rb"\1utf-8", data[:_META_WITHIN], count=1)
    return Text("html", head + data[_META_WITHIN:], UTF_8.name)


def _html_of_bytes(data: bytes, told: Charset) -> Text:
    """HTML as it is kept, under the first charset that its bytes are valid in."""
    if told.codec.startswith("utf-16"):
        return _html_of_text(data.decode(told.codec, "replace"))
    for charset in (told, _meta_charset(data), UTF_8):
        if charset is not None and _is_valid(data, charset):
            return Text("html", data, charset.name)
    return Text("html", data, told.name)


def _meta_charset(data: bytes) -> Charset | None:
    match = _META_CHARSET.search(data, 0, _META_WITHIN)
    if match is None:
        return None
    name = match[2].decode("ascii").lower()
    try:
        return Charset(codecs.lookup(name).name, name)
    except LookupError:
        return None


def _is_valid(data: bytes, charset: Charset) -> bool:
    try:
        data.decode(charset.codec)
    except (UnicodeDecodeError, LookupError):
        return False
    return True
