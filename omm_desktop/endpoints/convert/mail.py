"""What identifies a mail: header fingerprint, body hash, and the label a person knows it by.

Nothing here raises, whatever the bytes: old mailboxes hold everything.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import mktime_tz, parsedate_tz

from ...model.items import ContentHash, Fingerprint, Item, ItemLabel, ItemRef, Payload
from .payload import MemoryPayload
from .received import received_of

_IDENTIFYING = (b"message-id", b"date", b"from", b"to", b"cc", b"subject")
_RECEIVED = b"received"
_USUAL = (b"message-id", b"date", b"from", b"to")
_WANTED = re.compile(
    rb"\n(" + b"|".join((*_IDENTIFYING, _RECEIVED)) + rb")[ \t\v\f]*:([^\n]*)", re.IGNORECASE
)
# Where a blank line of its own stands before one with CR, the second ends the header.
_BLANK_LINE = re.compile(rb"\n\n(?!\r\n)|\n\r\n")

# Cyrus stores each raw octet above 127 in a header as X, others give NUL back as 0x80.
_EIGHT_BIT_AS_X = bytes(ord("X") if octet >= 0x80 or octet == 0 else octet for octet in range(256))
# IMAP cannot carry NUL in a literal: Dovecot gives 0x80 instead.
_NUL_GIVEN_BACK = b"\x80"

_HEADER_AT_MOST = 1 << 20
_LABEL_LENGTH = 200

Fields = dict[bytes, list[bytes]]

_NONE = [b""]


def split(message: bytes) -> tuple[int, int]:
    """Where the header ends and where the body starts, in octets; CRLF or bare LF.

    A message without blank line is all header; one that starts with a blank line has none.
    """
    if message.startswith(b"\r\n"):
        return 0, 2
    if message.startswith(b"\n"):
        return 0, 1
    blank = _BLANK_LINE.search(message)
    if blank is None:
        return len(message), len(message)
    return blank.start() + 1, blank.end()


def header_of(payload: Payload) -> bytes:
    """The header of a message, without the blank line; of a monstrous one only its first MiB."""
    if isinstance(payload, MemoryPayload):
        return payload.data[: split(payload.data)[0]]
    first = next(payload.pieces(_HEADER_AT_MOST), b"")
    return first[: split(first)[0]]


def content_hash(payload: Payload) -> ContentHash:
    """SHA-256 over the body without CR, cut to 16 bytes: servers disagree on line ends."""
    digest = ContentDigest()
    for piece in payload.pieces():
        digest.add(piece)
    return digest.content_hash()


class ContentDigest:
    """The `content_hash` of a message that comes in pieces, taken while they do."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._header: bytes | None = b""

    def adding(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The same pieces, each added as it passes."""
        for piece in pieces:
            self.add(piece)
            yield piece

    def add(self, piece: bytes) -> None:
        """What comes next of the message."""
        if self._header is None:
            self._update(piece)
            return
        self._header += piece
        known = len(self._header)
        # What decides whether a blank line ends the header may come with the next piece.
        if known >= _HEADER_AT_MOST or split(self._header)[1] + 2 <= known:
            self._begin_body()

    def content_hash(self) -> ContentHash:
        """That of the whole message; nothing can be added any more."""
        if self._header is not None:
            self._begin_body()
        return self._digest.digest()[:16]

    def _begin_body(self) -> None:
        first, self._header = self._header or b"", None
        self._update(first[split(first[:_HEADER_AT_MOST])[1] :])

    def _update(self, piece: bytes) -> None:
        self._digest.update(piece.replace(b"\r", b"").replace(b"\0", _NUL_GIVEN_BACK))


def fields_of(header: bytes) -> Fields:
    """The identifying fields, unfolded, in order of appearance."""
    text = header.replace(b"\r", b"").replace(b"\n ", b" ").replace(b"\n\t", b" ")
    fields: Fields = {}
    for name, value in _WANTED.findall(b"\n" + text):
        fields.setdefault(name.lower(), []).append(value)
    return fields


def fingerprint(header: bytes) -> Fingerprint:
    """BLAKE2b-128 over Message-ID, Date as an instant, From, To, Cc, Subject, oldest Received.

    Values are decoded (RFC 2047) and their white space squeezed, so that servers which refold,
    re-encode or replace raw 8-bit octets still give the same 16 bytes.
    """
    return _fingerprint(fields_of(header))


def looks_whole(header: bytes) -> bool:
    """True when no usual field is missing: some servers end a header at the first odd line."""
    fields = fields_of(header)
    return all(name in fields for name in _USUAL)


def label(header: bytes) -> ItemLabel:
    """Date, sender and subject as text, bounded in length."""
    return _label(fields_of(header))


def received_date(header: bytes) -> datetime | None:
    """When a mail arrived, as far as its header tells."""
    return received_of(fields_of(header))


def identity(header: bytes) -> tuple[Fingerprint, ItemLabel]:
    """Fingerprint and label in one reading."""
    return identity_of(fields_of(header))


def identity_of(fields: Fields) -> tuple[Fingerprint, ItemLabel]:
    """Fingerprint and label of a header that was taken apart."""
    return _fingerprint(fields), _label(fields)


def item(
    ref: ItemRef,
    payload: Payload,
    received: datetime | None = None,
    flags: frozenset[str] = frozenset(),
) -> Item:
    """The item of a mail. What the server does not tell of its date, the header does."""
    fields = fields_of(header_of(payload))
    found, shown = identity_of(fields)
    return Item(
        ref=ref,
        payload=payload,
        fingerprint=found,
        content=content_hash(payload),
        flags=flags,
        received=received or received_of(fields),
        label=shown,
    )


def _fingerprint(fields: Fields) -> Fingerprint:
    parts = [_canonical(name, fields.get(name, ())) for name in _IDENTIFYING]
    oldest = fields.get(_RECEIVED, _NONE)[-1]
    parts.append(b" ".join(oldest.translate(_EIGHT_BIT_AS_X).split()))
    return hashlib.blake2b(b"\0".join(parts), digest_size=16).digest()


def _label(fields: Fields) -> ItemLabel:
    date, sender, subject = (
        _readable(fields.get(name, _NONE)[0]) for name in (b"date", b"from", b"subject")
    )
    return ItemLabel(date, sender, subject)


def _canonical(name: bytes, values: list[bytes] | tuple[()]) -> bytes:
    if not values:
        return b""
    if name == b"date":
        return _instant(values[0].translate(_EIGHT_BIT_AS_X))
    value = b" ".join(b"\1".join(values).translate(_EIGHT_BIT_AS_X).split())
    if b"=?" not in value:
        return value
    return b" ".join(decoded(value).encode("utf-8", "replace").split())


def _instant(value: bytes) -> bytes:
    parsed = parsedate_tz(value.decode("ascii", "replace"))
    if parsed is not None:
        try:
            return b"%d" % mktime_tz(parsed)
        except (ValueError, OverflowError):
            pass
    return b" ".join(value.split())


def decoded(value: bytes) -> str:
    """A header value with its encoded words (RFC 2047) decoded; what cannot be is left as it is."""
    text = value.decode("latin-1")
    if "=?" not in text:
        return text
    try:
        words = decode_header(text)
    except (HeaderParseError, ValueError):
        return text
    return "".join(_decoded_word(word, charset) for word, charset in words)


def _decoded_word(word: bytes | str, charset: str | None) -> str:
    if isinstance(word, str):
        return word
    try:
        return word.decode(charset or "latin-1", "replace")
    except (LookupError, ValueError):
        return word.decode("latin-1")


def _readable(value: bytes) -> str:
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        text = value.decode("latin-1")
    if "=?" in text:
        text = decoded(value)
    squeezed = " ".join(text.split())[:_LABEL_LENGTH]
    if squeezed.isprintable():
        return squeezed
    return "".join(character for character in squeezed if character.isprintable())
