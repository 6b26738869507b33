"""Mails and files out of a reply while it comes in: none is ever held as text of an XML tree."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Iterable, Iterator

from ....model.items import Payload
from ...convert.payload import gathered

_OPENING = re.compile(rb"<(?:[\w.-]+:)?(?:Mime)?Content(?:\s[^<>]*)?>")
_REFERENCE = re.compile(rb"&#?\w+;")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")


class MimeStream:
    """The XML of a reply in pieces, each mail or file replaced by its number in `payloads`."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._rest = b""
        self.payloads: list[Payload] = []

    def xml(self) -> Iterator[bytes]:
        """Raises what reading raises, and `ConnectionError` for a mail that ends too early."""
        while True:
            found = _OPENING.search(self._rest)
            if found is not None:
                yield self._rest[: found.end()]
                self._rest = self._rest[found.end() :]
                if not found[0].endswith(b"/>"):
                    self.payloads.append(gathered(self._decoded()))
                    yield b"%d" % (len(self.payloads) - 1)
                continue
            # A tag may have been cut in two.
            last = self._rest.rfind(b"<")
            whole = last < 0 or b">" in self._rest[last:]
            cut = len(self._rest) if whole else last
            yield self._rest[:cut]
            self._rest = self._rest[cut:]
            piece = next(self._pieces, None)
            if piece is None:
                yield self._rest
                return
            self._rest += piece

    def _decoded(self) -> Iterator[bytes]:
        """Base64 up to the next tag, decoded four letters at a time."""
        left = b""
        while True:
            text, tag, after = self._rest.partition(b"<")
            reference = b"" if tag else text[text.rfind(b"&") :] if b"&" in text else b""
            if len(reference) > 8:
                reference = b""
            letters = _NOT_BASE64.sub(b"", _REFERENCE.sub(b"", text[: len(text) - len(reference)]))
            left += letters
            if tag:
                self._rest = tag + after
                yield _lenient(left)
                return
            usable = len(left) // 4 * 4
            yield b64decode(left[:usable])
            left = left[usable:]
            piece = next(self._pieces, None)
            if piece is None:
                raise ConnectionError("the reply ends within a mail")
            self._rest = reference + piece


def _lenient(letters: bytes) -> bytes:
    """The last letters, whatever padding they lack."""
    letters = letters.rstrip(b"=")
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    try:
        return b64decode(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return b""
