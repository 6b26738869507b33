"""Texts of contacts and calendars in UTF-8, where what they are in is not told within.

UTF-16 is told by its octets, and so is the encoding of the Windows that wrote a text without naming
it, as Outlook did for years. A text that names an encoding, or has most of its letters in UTF-8, is
left to those who read its lines: it is put together of several, or damaged.
"""

from __future__ import annotations

from .content import Content, Shelf, in_utf8, recoded, utf_16
from .encodings import likely_encoding

_ASCII = bytes(range(128))
_SAMPLE = 4 << 20
_USUAL = "cp1252"
"""What the readers of lines take them for where they are no UTF-8."""


def in_one_encoding(content: Content, shelf: Shelf) -> Content:
    """The same text in an encoding that keeps ASCII; as it is where that is so."""
    sample = _whole_lines(content.read(0, _SAMPLE))
    if utf_16(sample):
        return shelf.put(in_utf8(content), content.name)
    if b"charset=" in sample.lower() or _is_mostly_utf8(sample):
        return content
    encoding = likely_encoding(sample)
    if encoding == _USUAL:
        return content
    return shelf.put(recoded(content, encoding), content.name)


def _whole_lines(sample: bytes) -> bytes:
    """Half a letter at its end would speak against the right encoding."""
    return sample if len(sample) < _SAMPLE else sample[: sample.rfind(b"\n") + 1] or sample


def _is_mostly_utf8(sample: bytes) -> bool:
    letters = sample.decode("utf-8", "ignore").encode()
    return 2 * _beyond_ascii(letters) >= _beyond_ascii(sample)


def _beyond_ascii(text: bytes) -> int:
    return len(text.translate(None, _ASCII))
