"""Attachments that Apple Mail keeps beside a mail (".partial.emlx"), put back where they were.

There is no published specification. In files that others gave, a part without its content has the
field X-Apple-Content-Length, and the content, decoded, is the one file in
`Attachments/<number of the mail>/<number of the part>` beside the folder of the mail. Parts are
numbered as IMAP does (RFC 9051 section 6.4.5).
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from pathlib import Path

from ..convert.attaching import encoded
from ..convert.mail import split
from .content import Brake, Content

FOLDER = "Attachments"
_TAKEN_AWAY = re.compile(rb"^X-Apple-Content-Length:[^\n]*(?:\n|\Z)", re.IGNORECASE | re.MULTILINE)
_DEEPEST, _MOST_PARTS = 10, 10_000
_AT_ONCE = 57 << 10
"""Octets that make whole lines of base64."""


@dataclass
class Attachments:
    """Those of one mail; `missing` counts the parts whose content was not found."""

    place: Path | None
    brake: Brake
    missing: int = field(default=0, init=False)

    def put_back(self, message: bytes) -> Iterator[bytes]:
        """The mail with all that is there, in pieces; raises `OwnerNeeded` as `Content` does."""
        return self._walk(message, "", "1", 0)

    def _walk(self, part: bytes, number: str, alone: str, depth: int) -> Iterator[bytes]:
        """A header and what it describes; `alone` is the number of what is no multipart."""
        if depth > _DEEPEST or not _TAKEN_AWAY.search(part):
            yield part
            return
        end, start = split(part)
        header, body = part[:start], part[start:]
        told = message_from_bytes(part[:end])
        boundary = told.get_boundary()
        if told.get_content_maintype() == "multipart" and boundary:
            yield header
            yield from self._parts(body, boundary.encode("utf-8", "surrogateescape"), number, depth)
        elif _TAKEN_AWAY.search(header) and not body.strip():
            yield from self._filled(part, header, told, alone)
        elif told.get_content_type() == "message/rfc822":
            yield header
            yield from self._walk(body, alone, f"{alone}.1", depth + 1)
        else:
            yield part

    def _parts(self, body: bytes, boundary: bytes, number: str, depth: int) -> Iterator[bytes]:
        delimiter = re.compile(rb"^--%b(--)?[ \t]*\r?(?:\n|\Z)" % re.escape(boundary), re.MULTILINE)
        place, count = 0, 0
        for found in delimiter.finditer(body):
            yield from self._between(body[place : found.start()], number, count, depth)
            yield found[0]
            place, count = found.end(), 0 if found[1] else count + 1
            if found[1] or count == _MOST_PARTS:
                break
        yield from self._between(body[place:], number, count, depth)

    def _between(self, part: bytes, number: str, count: int, depth: int) -> Iterator[bytes]:
        """What stands between two delimiters: a part, unless it is before the first."""
        if not count:
            yield part
            return
        own = f"{number}.{count}" if number else str(count)
        yield from self._walk(part, own, own, depth + 1)

    def _filled(self, part: bytes, header: bytes, told: Message, number: str) -> Iterator[bytes]:
        content = self._content(number)
        if content is None:
            self.missing += 1
            yield part
            return
        line_end = b"\r\n" if b"\r\n" in header else b"\n"
        encoding = str(told.get("Content-Transfer-Encoding", "")).strip().lower()
        yield _TAKEN_AWAY.sub(b"", header)
        try:
            start = 0
            while piece := content.read(start, start + _AT_ONCE):
                yield _written(piece, encoding, line_end)
                start += len(piece)
        finally:
            content.close()
        yield b"" if encoding == "base64" else line_end

    def _content(self, number: str) -> Content | None:
        """Nothing is followed out of the folder."""
        if self.place is None:
            return None
        place = self.place / number
        if any(one.is_symlink() for one in (place, place.parent, place.parent.parent)):
            return None
        try:
            names = [one for one in place.iterdir() if not one.name.startswith(".")]
        except OSError:
            return None
        files = [one for one in names if one.is_file() and not one.is_symlink()]
        return Content.open(files[0], self.brake) if len(files) == 1 else None


def _written(piece: bytes, encoding: str, line_end: bytes) -> bytes:
    if encoding == "base64":
        return (encoded(piece) + b"\r\n").replace(b"\r\n", line_end)
    if encoding == "quoted-printable":
        return binascii.b2a_qp(piece, istext=True)
    return piece
