"""What items other than mail have in common: questions by name, a body, categories."""

from __future__ import annotations

import codecs
from datetime import datetime

from ..ltp.named_properties import PropertyName
from ..messaging.message import Message
from ..mime.body import body
from .plain_text import text_of_html


class NamedQuestions:
    """Asks a message for named properties; None when the file or the message lacks them."""

    def __init__(self, message: Message) -> None:
        self._message = message

    def text(self, name: PropertyName) -> str:
        """A string without spaces around it, empty when there is none."""
        prop = self._message.named(name)
        return "" if prop is None else (self._message.properties.text(prop) or "").strip()

    def integer(self, name: PropertyName) -> int | None:
        """A whole number."""
        prop = self._message.named(name)
        return None if prop is None else self._message.properties.integer(prop)

    def flag(self, name: PropertyName) -> bool:
        """Whether a boolean is there and true."""
        return bool(self.integer(name))

    def real(self, name: PropertyName) -> float | None:
        """A number with a fraction."""
        prop = self._message.named(name)
        return None if prop is None else self._message.properties.real(prop)

    def time(self, name: PropertyName) -> datetime | None:
        """An instant in UTC, or a local time written as if it were one."""
        prop = self._message.named(name)
        return None if prop is None else self._message.properties.time(prop)

    def binary(self, name: PropertyName) -> bytes:
        """Bytes, none when there are none."""
        prop = self._message.named(name)
        return b"" if prop is None else self._message.properties.binary(prop) or b""

    def binaries(self, name: PropertyName) -> list[bytes]:
        """The values of a property with several."""
        prop = self._message.named(name)
        return [] if prop is None else self._message.properties.binaries(prop)


def description(message: Message) -> str:
    """What was written into an item, as plain text with line ends of one LF."""
    texts = {text.subtype: text for text in body(message, []).texts}
    if plain := texts.get("plain"):
        return plain.data.decode("utf-8", "replace").replace("\r\n", "\n").strip()
    html = texts["html"]
    return text_of_html(html.data.decode(codecs.lookup(html.charset).name, "replace"))
